import Foundation
import TestSupport
import Testing

@testable import Checkpoints

@Suite("Chainer models")
struct ChainerTests {
  static let files = RelatedFile.all("espcn", below: "npz/", ending: ".npz")
  /// Files whose surplus entries are left alone, which the manifest allows beside a refusal.
  static let bomb = "hostile_bomb_64MiB_unused_entry.npz"

  private static func checkpoint(_ name: String) throws -> Checkpoint {
    try Checkpoint.load(path: Golden.folder("espcn").appendingPathComponent(name).path)
  }

  @Test func thereAre5ValidFilesAnd16HostileOnes() {
    #expect(Self.files.count { !$0.isHostile } == 5)
    #expect(Self.files.count(where: \.isHostile) == 16)
  }

  /// float64 values of that file are those of the others, widened.
  @Test(arguments: files.filter { !$0.isHostile })
  func everyFormOfArrayDecodesToTheSameParameters(file: RelatedFile) throws {
    let expected = try Self.checkpoint("npz/valid_small.npz")
    let checkpoint = try Self.checkpoint(file.file)
    #expect(checkpoint.container == .chainer)
    #expect(checkpoint.metadata == ["arssr.axes": "zyx"])
    #expect(
      checkpoint.tensors.map(\.name) == (1...3).flatMap { ["conv\($0).weight", "conv\($0).bias"] })
    #expect(checkpoint.tensors.map(\.shape) == expected.tensors.map(\.shape))
    #expect(checkpoint.tensors.map(\.values) == expected.tensors.map(\.values))
  }

  /// Seeds, amplitudes and order are those that the goldens' generator used (base 900).
  @Test func valuesAreThoseOfTheGenerator() throws {
    let tensors = try Self.checkpoint("npz/valid_small.npz").tensors
    let inputs = [1.0, 3.0, 4.0]
    for layer in 0..<3 {
      let amplitude =
        switch layer {
        case 0: (3.0 / 27).squareRoot()
        case 1: (6 / inputs[1]).squareRoot()
        default: 0.3 * (6 / (27 * inputs[2])).squareRoot()
        }
      let weight = tensors[2 * layer]
      let bias = tensors[2 * layer + 1]
      #expect(
        weight.values
          == GoldenGenerator.values(
            seed: UInt64(900 + 2 * layer), amplitude: amplitude, count: weight.values.count))
      #expect(
        bias.values
          == GoldenGenerator.values(
            seed: UInt64(901 + 2 * layer), amplitude: 0.05, count: bias.values.count))
    }
  }

  @Test(arguments: files.filter { $0.isHostile && !$0.file.hasSuffix(bomb) })
  func hostileFilesAreRefusedInOneLine(file: RelatedFile) throws {
    let bytes = try file.bytes
    #expect(bytes.withUnsafeBytes { tensorsOrRefusal($0, file.file) } == nil)
  }

  /// Without inputs there are no values, whatever the outputs; the cube of 2^21 is beyond 64 bits.
  @Test(arguments: [0, 2_097_153])
  func outputsOutOfBoundsAreRefused(outputs: Int) {
    let start = "{'descr': '<f4', 'fortran_order': False, 'shape': "
    let bias = [UInt8](repeating: 0, count: 4 * outputs)
    let file = storedArchive([
      ("conv1/W.npy", NumPyHeaderTests.array(start + "(\(outputs), 0, 3, 3, 3), }")),
      ("conv1/b.npy", NumPyHeaderTests.array(start + "(\(outputs),), }", bias)),
    ])
    let error = #expect(throws: CheckpointError.self) {
      try file.withUnsafeBytes { try Checkpoint.load($0, path: "a.npz") }
    }
    #expect(error?.cause == .chain(.sizes("conv1", [outputs, 0, 3, 3, 3])))
  }

  @Test func entriesThatAreNotUsedAreNotInflated() throws {
    let checkpoint = try Self.checkpoint("npz/" + Self.bomb)
    #expect(try checkpoint.tensors == Self.checkpoint("npz/valid_small.npz").tensors)
  }

  @Test(arguments: ["gen_iter_stored.npz", "snapshot_iter_synthetic.npz"])
  func storedArchivesAndSnapshotsHoldTheSameParameters(name: String) throws {
    let expected = try Self.checkpoint("r2/gen_iter_synthetic.npz")
    let checkpoint = try Self.checkpoint("r2/" + name)
    #expect(checkpoint.tensors == expected.tensors)
    #expect(checkpoint.stateDictKey == (name.hasPrefix("snap") ? "updater/model:gen" : nil))
  }

  /// A CRC protects the values, and names must agree with the directory.
  @Test func everyFlippedBitGivesTheSameWeightsOrNone() throws {
    let file = try #require(Self.files.first { $0.file.hasSuffix("valid_small.npz") })
    var bytes = try file.bytes
    let sound = bytes.withUnsafeBytes { tensorsOrRefusal($0, file.file) }
    for position in bytes.indices {
      for bit in 0..<8 {
        bytes[position] ^= 1 << bit
        if let tensors = bytes.withUnsafeBytes({ tensorsOrRefusal($0, file.file) }),
          tensors != sound
        {
          Issue.record("bit \(bit) of byte \(position) changes the weights unnoticed")
        }
        bytes[position] ^= 1 << bit
      }
    }
  }

  @Test func everyPrefixIsRefused() throws {
    let file = try #require(Self.files.first { $0.file.hasSuffix("valid_small.npz") })
    let bytes = try file.bytes
    bytes.withUnsafeBytes { raw in
      for length in 0..<raw.count {
        let prefix = UnsafeRawBufferPointer(rebasing: raw[..<length])
        #expect(tensorsOrRefusal(prefix, file.file) == nil, "cut to \(length)")
      }
    }
  }
}
