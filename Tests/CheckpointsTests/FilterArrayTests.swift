import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// The arrays of the project that learns gradient filters (Tests/Golden/filters/arrays).
@Suite struct FilterArrayTests {
  private static let folder = Golden.folder("filters").appendingPathComponent("arrays")

  private func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: Self.folder.appendingPathComponent(name)))
  }

  @Test(arguments: [3, 4]) func picklesOfVectorsAreRead(_ version: Int) throws {
    for (file, array) in [("str", "strength"), ("coh", "coherence")] {
      let expected = try NumPyArray(
        contentsOf: Golden.folder("filters").appendingPathComponent("small/\(array)_bounds.npy"))
      let values = NumPyVectorPickle.values(
        in: try bytes("Qfactor_\(file)2_protocol\(version).pkl"))
      #expect(values == expected.values)
    }
  }

  @Test(arguments: [3, 4]) func nothingButTheFixedFormIsRead(_ version: Int) throws {
    let whole = try bytes("Qfactor_str2_protocol\(version).pkl")
    let head = whole.count - 16 - (version == 3 ? 7 : 5)
    for place in whole.indices where !(head..<(head + 16)).contains(place) {
      var other = whole
      other[place] ^= 1
      #expect(NumPyVectorPickle.values(in: other) == nil, "byte \(place)")
    }
    for count in [0, 1, whole.count - 1] {
      #expect(NumPyVectorPickle.values(in: Array(whole.prefix(count))) == nil)
    }
    #expect(NumPyVectorPickle.values(in: whole + [0]) == nil)
  }

  @Test func filtersAreACheckpointWithTheBordersBeside() throws {
    let folder = try TemporaryFolder()
    try folder.write("h_2.npy", bytes("h_2.npy"))
    try folder.write("Qfactor_str2", bytes("Qfactor_str2_protocol3.pkl"))
    try folder.write("Qfactor_coh2", bytes("Qfactor_coh2_protocol4.pkl"))
    let checkpoint = try Checkpoint.load(path: folder.file("h_2.npy"))
    #expect(checkpoint.tensors.map(\.shape) == [[144, 27], [2], [2]])
    #expect(checkpoint.metadata["arssr.filters.factor"] == "2")
    #expect(checkpoint.metadata["arssr.filters.bins"] == "4,4,3,3")
    #expect(checkpoint.container == .numpy)
  }

  @Test func tapsThatAreNotFiniteAreRefused() throws {
    let folder = try TemporaryFolder()
    var array = try bytes("h_2.npy")
    // The last tap becomes a NaN.
    array.replaceSubrange((array.count - 2)..., with: [0xC0, 0x7F])
    try folder.write("h_2.npy", array)
    try folder.write("Qfactor_str2", bytes("Qfactor_str2_protocol3.pkl"))
    try folder.write("Qfactor_coh2", bytes("Qfactor_coh2_protocol4.pkl"))
    #expect {
      try Checkpoint.load(path: folder.file("h_2.npy"))
    } throws: { error in
      guard case .nonFinite("h", 144 * 27 - 1, _) = (error as? CheckpointError)?.cause else {
        return false
      }
      return true
    }
  }
}
