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

/// The bytes of a number, lowest first.
func littleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(_ number: Integer) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// A zip archive of entries that are stored as they are.
func storedArchive(_ entries: [(name: String, contents: [UInt8])]) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for (name, contents) in entries {
    let checksum = contents.withUnsafeBytes { CRC32.checksum(of: $0) }
    let size = UInt32(contents.count)
    // Version, flags, method and time; checksum, both sizes, lengths of the name and of no extra
    // field: the same in the local header and in the directory.
    var fields = [UInt8](repeating: 0, count: 10)
    for field in [checksum, size, size, UInt32(name.utf8.count)] { fields += littleEndian(field) }
    directory += littleEndian(0x0201_4B50 as UInt32)
    directory += [0, 0]
    directory += fields
    directory += [UInt8](repeating: 0, count: 10)
    directory += littleEndian(UInt32(file.count))
    directory += Array(name.utf8)
    file += littleEndian(0x0403_4B50 as UInt32)
    file += fields
    file += Array(name.utf8)
    file += contents
  }
  // No other disks, the number of entries twice in 16 bits each, the directory, no comment.
  let counts = UInt32(entries.count) * 0x1_0001
  let place = [UInt32(directory.count), UInt32(file.count)]
  var end: [UInt8] = []
  for field in [0x0605_4B50, 0, counts] + place { end += littleEndian(field) }
  end += [0, 0]
  return file + directory + end
}
