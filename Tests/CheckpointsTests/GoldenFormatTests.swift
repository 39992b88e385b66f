import Files
import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// One file of Tests/Golden/checkpoint-formats with what torch or safetensors read from it.
struct GoldenFile: Sendable, CustomTestStringConvertible {
  struct NamedTensor: Sendable {
    let name: String
    let dtype: String
    let shape: [Int]
    let sum: Double
    let sha256: String
  }

  let name: String
  let isLoaded: Bool
  let tensors: [NamedTensor]
  let metadata: [String: String]
  let words: [String]

  var testDescription: String { name }

  var bytes: [UInt8] {
    get throws {
      try [UInt8](
        Data(contentsOf: Golden.folder("checkpoint-formats").appendingPathComponent(name)))
    }
  }

  static let all: [GoldenFile] = {
    let manifest = (try? Golden.json("checkpoint-formats")) as? [String: Any]
    return (manifest?["files"] as? [[String: Any]] ?? []).map { entry in
      let tensors = (entry["tensors"] as? [[String: Any]] ?? []).map { tensor in
        NamedTensor(
          name: tensor["name"] as? String ?? "", dtype: tensor["dtype"] as? String ?? "",
          shape: tensor["shape"] as? [Int] ?? [], sum: tensor["sum"] as? Double ?? .nan,
          sha256: tensor["sha256_float64_le_c_order"] as? String ?? "")
      }
      return GoldenFile(
        name: entry["file"] as? String ?? "", isLoaded: entry["expect"] as? String == "load",
        tensors: tensors, metadata: entry["metadata"] as? [String: String] ?? [:],
        words: entry["message_contains"] as? [String] ?? [])
    }
  }()
}

@Suite("Golden checkpoint files")
struct GoldenFormatTests {
  private static let elementTypes: [String: ElementType] = [
    "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16,
    "int64": .int64, "int32": .int32, "int16": .int16, "int8": .int8, "uint8": .uint8,
    "bool": .bool,
  ]

  @Test func thereAre29FilesToLoadAnd10ToRefuse() {
    #expect(GoldenFile.all.filter(\.isLoaded).count == 29)
    #expect(GoldenFile.all.count { !$0.isLoaded } == 10)
  }

  /// The hash is over the values as float64, so reading is exact to the bit.
  @Test(arguments: GoldenFile.all.filter(\.isLoaded))
  func tensorsHaveNamesTypesShapesAndBitsOfTheManifest(file: GoldenFile) throws {
    let bytes = try file.bytes
    try bytes.withUnsafeBytes { raw in
      let content = try CheckpointContent(
        raw, path: file.name)
      let views = Dictionary(uniqueKeysWithValues: content.views.map { ($0.name, $0) })
      #expect(content.views.count == file.tensors.count)
      for expected in file.tensors {
        // The manifest keeps the names of the file; the loader strips a prefix that all share.
        let name =
          file.name == "zip-dataparallel.pt" ? String(expected.name.dropFirst(7)) : expected.name
        let view = try #require(views[name], "\(name)")
        let values = view.doubles(in: raw)
        #expect(view.elementType == Self.elementTypes[expected.dtype], "\(name)")
        #expect(view.shape == expected.shape, "\(name)")
        #expect(values.reduce(0, +).distance(to: expected.sum).magnitude <= 1e-9, "\(name)")
        let digest = values.withUnsafeBytes { SHA256Digest(of: $0) }
        #expect(digest.hexadecimal == expected.sha256, "\(name)")
      }
      if !file.metadata.isEmpty { #expect(content.metadata == file.metadata) }
    }
  }

  @Test(arguments: GoldenFile.all.filter(\.isLoaded))
  func loadedValuesAreTheFloatsOfTheViews(file: GoldenFile) throws {
    let path = Golden.folder("checkpoint-formats").appendingPathComponent(file.name).path
    let checkpoint = try Checkpoint.load(path: path)
    let bytes = try file.bytes
    #expect(checkpoint.fileBytes == bytes.count)
    #expect(checkpoint.fileSHA256 == bytes.withUnsafeBytes { SHA256Digest(of: $0).hexadecimal })
    #expect(checkpoint.tensors.count == file.tensors.count)
    #expect(checkpoint.notices.isEmpty)
  }

  @Test(arguments: GoldenFile.all.filter { !$0.isLoaded })
  func otherFilesAreRefusedWithTheWordsOfTheManifest(file: GoldenFile) throws {
    let bytes = try file.bytes
    let error = #expect(throws: CheckpointError.self) {
      try bytes.withUnsafeBytes { try Checkpoint.load($0, path: file.name) }
    }
    let message = error?.message.lowercased() ?? ""
    for word in file.words { #expect(message.contains(word.lowercased()), "\(message)") }
    #expect(error?.code.hasPrefix("model.") == true)
  }

  @Test(arguments: [
    ("zip-nested.pt", "state_dict"), ("zip-nested-model.pt", "model"),
    ("zip-inert.pt", "state_dict"),
  ])
  func trainingCheckpointsTellWhereTheWeightsWere(name: String, key: String) throws {
    let path = Golden.folder("checkpoint-formats").appendingPathComponent(name).path
    #expect(try Checkpoint.load(path: path).stateDictKey == key)
  }
}
