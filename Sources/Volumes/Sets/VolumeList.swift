import Files

/// A text file that names volumes.
///
/// One path per line, relative to the list's folder; behind a tab may stand the path of the result.
/// `#` begins a remark line; blanks around paths, empty lines and a byte order mark count for
/// nothing.
public struct VolumeList: Sendable {
  /// A line that names a volume.
  public struct Entry: Equatable, Sendable {
    /// The volume, as a path that can be opened.
    public let input: String
    /// The result, as it stands in the list; nil where none is named.
    public let output: String?
  }

  /// All entries, in the order of the list; at least one.
  public let entries: [Entry]

  /// Reads a list; whether the volumes exist is not looked at.
  ///
  /// - Throws: ``VolumeSetError`` if the file cannot be read, names nothing, or a line has more than
  ///   two parts.
  public init(path: String) throws(VolumeSetError) {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try InputFile(path: path)
      bytes = ByteOrderMark.skipped(in: try file.read(at: 0, count: file.size))
    } catch {
      throw .file(error)
    }
    let folder = PathText.split(path).folder
    var entries: [Entry] = []
    for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      let parts = PathText.string(Array(line))
        .split(separator: "\t", omittingEmptySubsequences: false).map(Self.trimmed)
        .filter { !$0.isEmpty }
      guard let input = parts.first, !input.hasPrefix("#") else { continue }
      guard parts.count <= 2 else { throw .listLine(path: path, input: input, parts: parts.count) }
      entries.append(
        Entry(
          input: PathText.joined(folder, input), output: parts.count == 2 ? parts[1] : nil))
    }
    guard !entries.isEmpty else { throw .emptyList(path: path) }
    self.entries = entries
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
