import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// One file of Tests/Golden/sisr or espcn with what its manifest says of it.
struct RelatedFile: Sendable, CustomTestStringConvertible {
  let folder: String
  let file: String
  let sha256: String
  let isHostile: Bool

  var testDescription: String { file }
  var url: URL { Golden.folder(folder).appendingPathComponent(file) }
  var bytes: [UInt8] { get throws { try [UInt8](Data(contentsOf: url)) } }

  /// The files of a manifest below a folder and with an ending.
  static func all(_ folder: String, below prefix: String, ending: String) -> [RelatedFile] {
    let manifest = (try? Golden.json(folder)) as? [String: Any]
    return (manifest?["entries"] as? [[String: Any]] ?? []).compactMap { entry in
      guard let file = entry["file"] as? String, file.hasPrefix(prefix), file.hasSuffix(ending)
      else { return nil }
      return RelatedFile(
        folder: folder, file: file, sha256: entry["sha256"] as? String ?? "",
        isHostile: file.contains("/hostile_"))
    }
  }
}

/// What a file of hostile or damaged bytes may do: give a checkpoint, or an error of one line.
func tensorsOrRefusal(_ bytes: UnsafeRawBufferPointer, _ path: String) -> [Tensor]? {
  do throws(CheckpointError) {
    return try Checkpoint.load(bytes, path: path).tensors
  } catch {
    let line = "arssr: error: \(path): \(error.message)"
    #expect(line.utf8.count <= 512, "\(line)")
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "\(line)")
    #expect(error.code.hasPrefix("model.") || error.code == "input.empty", "\(error.code)")
    return nil
  }
}
