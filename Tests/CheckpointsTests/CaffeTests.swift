import Files
import Foundation
import TestSupport
import Testing

@testable import Checkpoints

@Suite("Caffe models")
struct CaffeTests {
  static let files = RelatedFile.all("sisr", below: "caffemodel/", ending: ".caffemodel")
  static let published = RelatedFile.all("sisr", below: "weights/", ending: ".caffemodel")

  @Test func thereAre9ValidFilesAnd35HostileOnes() {
    #expect(Self.files.count { !$0.isHostile } == 9)
    #expect(Self.files.count(where: \.isHostile) == 35)
  }

  @Test(arguments: files.filter { !$0.isHostile })
  func everyEncodingDecodesToTheSameParameters(file: RelatedFile) throws {
    let checkpoint = try Checkpoint.load(path: file.url.path)
    let names = (1...3).flatMap { ["conv\($0).weight", "conv\($0).bias"] }
    #expect(checkpoint.tensors.map(\.name) == names)
    #expect(checkpoint.container == .caffe)
    #expect(checkpoint.metadata == ["arssr.axes": "xyz"])
    for tensor in checkpoint.tensors {
      let stored = tensor.name.replacingOccurrences(of: ".weight", with: "_w")
        .replacingOccurrences(of: ".bias", with: "_b")
      let expected = try NumPyArray(
        contentsOf: Golden.folder("sisr").appendingPathComponent(
          "caffemodel/expected/\(stored).npy"))
      #expect(tensor.shape == expected.shape, "\(tensor.name)")
      #expect(tensor.values == expected.floats, "\(tensor.name)")
    }
  }

  @Test(arguments: files.filter(\.isHostile))
  func hostileFilesAreRefusedInOneLine(file: RelatedFile) throws {
    let bytes = try file.bytes
    #expect(bytes.withUnsafeBytes { tensorsOrRefusal($0, file.file) } == nil)
  }

  /// The manifest keeps, per blob, shape and SHA-256 of the little-endian float32 values.
  @Test(arguments: published)
  func publishedWeightsAreExactToTheBit(file: RelatedFile) throws {
    let manifest = try Golden.json("sisr") as? [String: Any]
    let entries = manifest?["entries"] as? [[String: Any]] ?? []
    let entry = try #require(entries.first { $0["file"] as? String == file.file })
    let blobs = try #require(entry["blobs"] as? [[String: Any]])
    let checkpoint = try Checkpoint.load(path: file.url.path)
    #expect(checkpoint.fileSHA256 == file.sha256)
    #expect(checkpoint.tensors.count == blobs.count)
    for (tensor, blob) in zip(checkpoint.tensors, blobs) {
      let kind = blob["blob"] as? Int == 0 ? "weight" : "bias"
      #expect(tensor.name == "\(blob["layer"] as? String ?? "").\(kind)")
      #expect(tensor.shape == blob["shape"] as? [Int], "\(tensor.name)")
      let digest = tensor.values.withUnsafeBytes { SHA256Digest(of: $0) }
      #expect(digest.hexadecimal == blob["sha256_le_f32"] as? String, "\(tensor.name)")
    }
  }

  @Test func theShippedModelHasThePublishedWeights() throws {
    let file = try #require(Self.published.first { $0.file.contains("/SRReCNN3D_10Layers") })
    let path = Repository.folder.appendingPathComponent("Models/srrecnn3d-10l.safetensors").path
    let shipped = try Checkpoint.load(path: path)
    let published = try Checkpoint.load(path: file.url.path)
    #expect(
      shipped.tensors.sorted { $0.name < $1.name }
        == published.tensors.sorted { $0.name < $1.name })
    #expect(shipped.metadata["arssr.licence"] == "CECILL-B")
    #expect(shipped.metadata["arssr.axes"] == "xyz")
  }

  /// The layers behind the last convolution hold no weights, so a cut there is not seen.
  @Test func everyPrefixIsRefusedOrHasTheSameWeights() throws {
    let file = try #require(Self.files.first { $0.file.hasSuffix("valid_new_packed.caffemodel") })
    let bytes = try file.bytes
    bytes.withUnsafeBytes { raw in
      let sound = tensorsOrRefusal(raw, file.file)
      for length in 0..<raw.count {
        let prefix = UnsafeRawBufferPointer(rebasing: raw[..<length])
        if let tensors = tensorsOrRefusal(prefix, file.file), tensors != sound {
          Issue.record("cut to \(length)")
        }
      }
    }
  }

  @Test(arguments: ["valid_new_packed", "valid_v1_bias_legacy_dims", "valid_new_unpacked"])
  func everyFlippedBitIsSurvived(name: String) throws {
    let url = Golden.folder("sisr").appendingPathComponent("caffemodel/\(name).caffemodel")
    var bytes = try [UInt8](Data(contentsOf: url))
    for position in bytes.indices {
      for bit in 0..<8 {
        bytes[position] ^= 1 << bit
        _ = bytes.withUnsafeBytes { tensorsOrRefusal($0, "a.caffemodel") }
        bytes[position] ^= 1 << bit
      }
    }
  }

  @Test func aModelIsRecognisedWithoutItsEnding() throws {
    let file = try #require(Self.published.first)
    let bytes = try file.bytes
    #expect(bytes.withUnsafeBytes { tensorsOrRefusal($0, "weights") } != nil)
  }

  @Test func aPrototxtIsRefusedByName() {
    let text = Array("name: \"VDSR3D\"\nlayer {\n}\n".utf8)
    let error = #expect(throws: CheckpointError.self) {
      try text.withUnsafeBytes { try Checkpoint.load($0, path: "net.prototxt") }
    }
    #expect(error?.message.contains(".caffemodel") == true)
  }

  /// A size may be any number; only values that are there are ever stored.
  @Test func aStrideOtherThanOneIsRefused() throws {
    // name "c", layer { name "conv1", type "Convolution", one empty blob twice, stride 2 }
    let settings: [UInt8] = [0xD2, 0x06, 2, 0x30, 2]
    let layer: [UInt8] =
      [0x0A, 5] + Array("conv1".utf8) + [0x12, 11] + Array("Convolution".utf8)
      + [0x3A, 0, 0x3A, 0] + settings
    let net = [0xA2, 0x06, UInt8(layer.count)] + layer
    let error = #expect(throws: CheckpointError.self) {
      try net.withUnsafeBytes { try Checkpoint.load($0, path: "a.caffemodel") }
    }
    #expect(error?.cause == .caffe(.setting(layer: "conv1", name: "stride", value: 2)))
  }
}
