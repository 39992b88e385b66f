import Foundation
import TestSupport
import Testing

@testable import Checkpoints

@Suite("Writing safetensors")
struct SafetensorsFileTests {
  private static let tensors = [
    Tensor(name: "z", shape: [2, 2], values: [1, -0.0, .leastNonzeroMagnitude, 3.4e38]),
    Tensor(name: "é\"\n", shape: [], values: [2.5]),
    Tensor(name: "empty", shape: [0, 3], values: []),
    Tensor(name: "a", shape: [1, 3], values: [1, 2, 3]),
  ]
  private static let metadata = ["format": "pt", "note": "héllo \"quoted\" \\ \n"]

  private func load(_ bytes: [UInt8]) throws -> Checkpoint {
    try bytes.withUnsafeBytes { try Checkpoint.load($0, path: "a.safetensors") }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let file = SafetensorsFile(tensors: Self.tensors, metadata: Self.metadata)
    let checkpoint = try load(file.bytes)
    #expect(checkpoint.metadata == Self.metadata)
    #expect(
      checkpoint.tensors
        == Self.tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
  }

  @Test func bytesDependOnContentAlone() {
    let file = SafetensorsFile(tensors: Self.tensors, metadata: Self.metadata)
    let shuffled = SafetensorsFile(tensors: Self.tensors.reversed(), metadata: Self.metadata)
    #expect(file.bytes == shuffled.bytes)
  }

  @Test func layoutIsTheOneOfTheFormat() {
    let file = SafetensorsFile(
      tensors: [
        Tensor(name: "b", shape: [1], values: [1]), Tensor(name: "a", shape: [1], values: [2]),
      ],
      metadata: ["k": "v"])
    let header =
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
      + #""b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let length = [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0]
    #expect(file.bytes == length + Array(padded.utf8) + [0, 0, 0, 0x40, 0, 0, 0x80, 0x3F])
  }

  @Test func storedChecksumIsCompared() throws {
    var file = SafetensorsFile(tensors: Self.tensors, metadata: [:])
    file.metadata["arssr.tensors.sha256"] = file.tensorsSHA256
    var bytes = file.bytes
    _ = try load(bytes)
    bytes[bytes.count - 1] ^= 1
    let error = #expect(throws: CheckpointError.self) { try load(bytes) }
    #expect(error?.code == "model.checksum")
  }

  @Test func fileAppearsUnderItsNameWithTheseBytes() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("a.safetensors")
    let file = SafetensorsFile(tensors: Self.tensors, metadata: Self.metadata)
    try file.write(path: url.path, force: false)
    #expect(try [UInt8](Data(contentsOf: url)) == file.bytes)
    #expect(throws: (any Error).self) { try file.write(path: url.path, force: false) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
  }
}
