import Files
import Glibc

/// The file of `--log-file`: everything, appended, with UTC times.
struct LogFile: Sendable {
  private let file: AppendingFile

  /// Bytes that show whether a file is text.
  private static let beginning = 512
  /// Endings of files that commands read and write, which no log has.
  private static let otherEndings = [
    ".nii", ".nii.gz", ".hdr", ".img", ".safetensors", ".json", ".jsonl", ".html",
  ]

  /// Opens or creates the file.
  ///
  /// - Throws: If it holds something else than text or has the name of something else, or as for
  ///   any output that cannot be created.
  init(_ setting: Setting<NameValue>) throws(Failure) {
    let path = setting.value.text
    if let reason = try Self.refusal(of: path) {
      throw Failure(.logFile(setting: setting.asGiven(option: "log-file"), reason: reason))
    }
    file = try Failure.of { () throws(FileError) in try AppendingFile(path: path) }
  }

  /// Why nothing may be appended to a file; nil where it may be a log.
  ///
  /// The log is opened before anybody knows which files the command reads and writes, so the file
  /// itself has to show what it is.
  private static func refusal(of path: String) throws(Failure) -> String? {
    // Standard error may be a file that others write to as well.
    if path.hasPrefix("/dev/") || path.hasPrefix("/proc/self/fd/") { return nil }
    if FolderListing.isRegularFile(path) {
      let bytes = try Failure.of { () throws(FileError) in
        try InputFile(path: path).read(at: 0, count: beginning)
      }
      guard isText(bytes) else {
        return "holds no text, so nothing is appended; name another file"
      }
    }
    let lowered = path.lowercased()
    return otherEndings.first(where: lowered.hasSuffix).map { ending in
      "a name with \(ending) is that of another kind of file; name the log otherwise, e.g. run.log"
    }
  }

  /// Whether bytes are text as far as control characters tell: other logs may stand before this one.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    // Tab, line feed, carriage return, and escape, with which terminals are coloured.
    bytes.allSatisfy { $0 >= 0x20 || [9, 10, 13, 27].contains($0) }
  }

  func append(_ line: String) { file.append("\(Self.timestamp()) \(line)\n") }

  /// `2026-03-01T12:34:56.789Z`.
  private static func timestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var seconds = now.tv_sec
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date =
      "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))"
      + "-\(padded(Int(parts.tm_mday), 2))"
    let time =
      "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2))"
      + ":\(padded(Int(parts.tm_sec), 2)).\(padded(now.tv_nsec / 1_000_000, 3))"
    return "\(date)T\(time)Z"
  }
}
