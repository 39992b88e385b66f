import Testing

@testable import Checkpoints

/// Torch files that no `torch.save` writes, with pickles made opcode by opcode.
@Suite("Hostile torch files")
struct HostileTorchTests {
  /// Elements of the only storage.
  private static let values: [Float] = [1, 2, 3]

  private func load(_ pickle: [UInt8]) throws -> Checkpoint {
    let storage = Self.values.flatMap { littleEndian($0.bitPattern) }
    let file = storedArchive([("a/data.pkl", pickle), ("a/data/0", storage)])
    return try file.withUnsafeBytes { try Checkpoint.load($0, path: "a.pt") }
  }

  /// Views keep the strides of the whole, which mean nothing where there is no neighbour.
  @Test(arguments: [[1], [1, 3], [3, 1], [1, 3, 1]])
  func aStrideAlongOneElementMayBeAnyNumber(sizes: [Int]) throws {
    for huge in [1 << 61, Int.max] {
      let strides = sizes.map { $0 == 1 ? huge : 1 }
      let tensor = HandmadePickle.tensor(
        HandmadePickle.numbers(sizes), HandmadePickle.numbers(strides))
      let checkpoint = try load(HandmadePickle.stateDict([("w", tensor)]))
      let expected = Array(Self.values.prefix(sizes.reduce(1, *)))
      #expect(checkpoint.tensors == [Tensor(name: "w", shape: sizes, values: expected)])
    }
  }

  /// Copies would take 1.4 MB per tensor, whose description in the file has 200 bytes.
  @Test func aLongTupleIsNotCopiedForEveryTensor() throws {
    let get: [UInt8] = [0x68, 0]
    let put: [UInt8] = [0x71, 0]
    let long = HandmadePickle.numbers([Int](repeating: 1, count: 90_000)) + put
    let pickle = HandmadePickle.stateDict(
      (0..<1000).map { ("w\($0)", HandmadePickle.tensor($0 == 0 ? long : get, get)) })
    let tensors = try pickle.withUnsafeBytes { raw in
      var machine = PickleMachine(raw, persistentIDs: .storages(fields: 5))
      _ = try machine.run()
      return machine.heap.tensors
    }
    #expect(tensors.count == 1000)
    #expect(tensors.allSatisfy { $0.sizes.isEmpty && $0.strides.isEmpty })
    let error = #expect(throws: CheckpointError.self) { try load(pickle) }
    #expect(error?.cause == .tensor("w0", .rank(sizes: 90_000, strides: 90_000, limit: 8)))
  }

  @Test func nineSizesAreRefusedAndEightAreNot() throws {
    func pickle(_ rank: Int) -> [UInt8] {
      let ones = HandmadePickle.numbers([Int](repeating: 1, count: rank))
      return HandmadePickle.stateDict([("w", HandmadePickle.tensor(ones, ones))])
    }
    #expect(try load(pickle(8)).tensors.map(\.values) == [[1]])
    let error = #expect(throws: CheckpointError.self) { try load(pickle(9)) }
    #expect(error?.cause == .tensor("w", .rank(sizes: 9, strides: 9, limit: 8)))
  }

  /// Names of 1 MB; copying each once per prefix takes minutes.
  @Test(.timeLimit(.minutes(1)))
  func anyNumberOfSharedPrefixesIsDroppedAtOnce() throws {
    let prefixes = String(repeating: "module.", count: 149_000)
    let names = (0..<16).map { "w\($0)" }
    #expect(try loadedNames(names.map { prefixes + $0 }) == names)
  }

  @Test(arguments: [
    (["module.module.a", "module.b"], ["module.a", "b"]),
    (["module.a", "b"], ["module.a", "b"]),
    (["module.é", "module.module"], ["é", "module"]),
    (["module."], [""]),
  ])
  func onlyPrefixesThatAllNamesShareAreDropped(stored: [String], loaded: [String]) throws {
    #expect(try loadedNames(stored) == loaded)
  }

  private func loadedNames(_ stored: [String]) throws -> [String] {
    let one = HandmadePickle.numbers([1])
    let pickle = HandmadePickle.stateDict(stored.map { ($0, HandmadePickle.tensor(one, one)) })
    return try load(pickle).tensors.map(\.name)
  }
}

/// The parts of the pickle of a state dict.
private enum HandmadePickle {
  /// The whole pickle: protocol 2, one dictionary of names and tensors.
  static func stateDict(_ entries: [(name: String, tensor: [UInt8])]) -> [UInt8] {
    var pickle: [UInt8] = [0x80, 2, 0x7D, 0x28]
    for (name, tensor) in entries {
      pickle += string(name)
      pickle += tensor
    }
    return pickle + [0x75, 0x2E]
  }

  /// `_rebuild_tensor_v2` on the storage 0 of three float32, from its start.
  static func tensor(_ sizes: [UInt8], _ strides: [UInt8]) -> [UInt8] {
    let type = symbol("torch", "FloatStorage")
    let storage = tuple([string("storage"), type, string("0"), string("cpu"), integer(3)])
    let hooks = symbol("collections", "OrderedDict") + [0x29, 0x52]
    let arguments = tuple([storage + [0x51], integer(0), sizes, strides, [0x89], hooks])
    return symbol("torch._utils", "_rebuild_tensor_v2") + arguments + [0x52]
  }

  /// A tuple of whole numbers.
  static func numbers(_ numbers: [Int]) -> [UInt8] { tuple(numbers.map { integer($0) }) }

  private static func tuple(_ elements: [[UInt8]]) -> [UInt8] {
    [0x28] + Array(elements.joined()) + [0x74]
  }

  private static func integer(_ number: Int) -> [UInt8] { [0x8A, 8] + littleEndian(number) }

  private static func string(_ text: String) -> [UInt8] {
    [0x58] + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  private static func symbol(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }
}
