import Checkpoints
import Files

/// The JSON beside a volume, as it was found.
enum SidecarFile {
  /// What a file holds; nil where it is not there, or no JSON object.
  ///
  /// A byte order mark before it does not count: the files of datasets come from many programs.
  static func object(at path: String) -> JSONObject? {
    guard let file = try? InputFile(path: path),
      let bytes = try? file.read(at: 0, count: StrictJSON.Limits.settings.bytes + 1),
      case .object(let object)? = try? StrictJSON.parse(ByteOrderMark.skipped(in: bytes))
    else { return nil }
    return object
  }
}
