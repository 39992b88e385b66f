import Testing

@testable import Checkpoints

/// Small pickles written by hand, opcode by opcode.
@Suite("Pickle machine")
struct PickleMachineTests {
  private func run(_ body: [UInt8]) throws -> (PickleValue, PickleHeap) {
    let bytes: [UInt8] = [0x80, 2] + body + [0x2E]
    return try bytes.withUnsafeBytes { raw in
      var machine = PickleMachine(raw, persistentIDs: .refused)
      return (try machine.run(), machine.heap)
    }
  }

  private func integer(_ body: [UInt8]) throws -> Int? {
    guard case .integer(let number) = try run(body).0 else { return nil }
    return number
  }

  @Test(
    arguments: [
      ([0x4B, 200], 200), ([0x4D, 1, 2], 513), ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF], -2),
      ([0x8A, 0], 0), ([0x8A, 1, 0xFF], -1), ([0x8A, 2, 0, 0x80], -32_768),
      ([0x8A, 2, 0xFF, 0], 255),
      ([0x8A, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], Int.max),
    ] as [([UInt8], Int)])
  func integersHaveTwosComplement(body: [UInt8], expected: Int) throws {
    #expect(try integer(body) == expected)
  }

  @Test func floatsAreBigEndian() throws {
    guard case .float(let value) = try run([0x47, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]).0 else {
      Issue.record("no float")
      return
    }
    #expect(value == 1.5)
  }

  @Test func stringsOfPython2AreLatin1() throws {
    let (value, heap) = try run([0x55, 2, 0x61, 0xE9])
    guard case .string(let index) = value else {
      Issue.record("no string")
      return
    }
    #expect(heap.strings[index] == "aé")
  }

  @Test func nestingOf64IsReadAndOf65IsNot() throws {
    _ = try run([0x29] + [UInt8](repeating: 0x85, count: 63))
    #expect(throws: CheckpointFault.pickle(.limit("levels of nesting", 64))) {
      try run([0x29] + [UInt8](repeating: 0x85, count: 64))
    }
  }

  @Test func dictionaryMayContainAnotherThatContainsIt() throws {
    // d = {}; e = {0: d}; d[1] = e: the graph is a circle, and nothing walks it.
    let (value, heap) = try run([
      0x7D, 0x71, 0, 0x4B, 1, 0x7D, 0x4B, 0, 0x68, 0, 0x73, 0x73,
    ])
    #expect(heap.dictionary(value)?.keys == [.integer(1)])
  }

  @Test func markProtectsWhatIsBelow() {
    #expect(throws: CheckpointFault.pickle(.stackUnderflow(opcode: "TUPLE1"))) {
      try run([0x4E, 0x28, 0x85])
    }
  }

  @Test func orderedDictionaryIsBuiltFromPairs() throws {
    let symbol = Array("ccollections\nOrderedDict\n".utf8)
    let pair: [UInt8] = [0x4B, 7, 0x4E, 0x86]
    let (value, heap) = try run(symbol + [0x5D] + pair + [0x61, 0x85, 0x52])
    #expect(heap.dictionary(value)?.keys == [.integer(7)])
  }

  @Test(arguments: ["os\nsystem\n", "torch._utils\n_rebuild_tensor_v2.__globals__\n", "\n\n"])
  func otherSymbolsAreRefusedByName(lines: String) {
    let error = #expect(throws: CheckpointFault.self) { try run(Array("c\(lines)".utf8)) }
    #expect(error?.code == "model.unsafe")
  }

  @Test func hostilePickleOfManyCollectionsIsStopped() {
    // One opcode per collection: without a limit 64 MiB of them would take gigabytes.
    var body: [UInt8] = [0x5D]
    for _ in 0..<(PickleLimits.collections / 1000 + 1) {
      body += [0x28] + [UInt8](repeating: 0x5D, count: 1000) + [0x65]
    }
    #expect(throws: CheckpointFault.pickle(.limit("collections", PickleLimits.collections))) {
      try run(body)
    }
  }
}
