import Files
import Glibc

/// The file of `--log-file`: everything, appended, with UTC times.
struct LogFile: Sendable {
  private let file: AppendingFile

  /// How every line begins: digits stand where 0 stands here.
  private static let timeForm = Array("0000-00-00T00:00:00.000Z ".utf8)
  /// Endings of files that commands read and write, which no log has.
  private static let otherEndings = [
    ".nii", ".nii.gz", ".hdr", ".img", ".safetensors", ".json", ".jsonl", ".html",
  ]

  /// Opens or creates the file.
  ///
  /// - Throws: If it holds something else than a log or has the name of something else, or as for
  ///   any output that cannot be created.
  init(_ setting: Setting<NameValue>) throws(Failure) {
    let path = setting.value.text
    if let reason = try Self.refusal(of: path) {
      throw Failure(.logFile(setting: setting.asGiven(option: "log-file"), reason: reason))
    }
    file = try Failure.of { () throws(FileError) in try AppendingFile(path: path) }
  }

  /// Why nothing may be appended to a file; nil where it is a log or can become one.
  ///
  /// The log is opened before anybody knows which files the command reads and writes, so the file
  /// itself has to show what it is.
  private static func refusal(of path: String) throws(Failure) -> String? {
    // Standard error may be a file that others write to as well.
    if path.hasPrefix("/dev/") { return nil }
    if FolderListing.isRegularFile(path) {
      let beginning = try Failure.of { () throws(FileError) in
        try InputFile(path: path).read(at: 0, count: timeForm.count)
      }
      if !beginning.isEmpty {
        return isTime(beginning)
          ? nil : "holds something else than a log, so nothing is appended; name another file"
      }
    }
    let lowered = path.lowercased()
    return otherEndings.first(where: lowered.hasSuffix).map { ending in
      "a name with \(ending) is that of another kind of file; name the log otherwise, e.g. run.log"
    }
  }

  /// Whether bytes are the time that a line begins with.
  private static func isTime(_ bytes: [UInt8]) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return bytes.count == timeForm.count
      && zip(bytes, timeForm).allSatisfy { byte, sign in
        sign == UInt8(ascii: "0") ? digits.contains(byte) : byte == sign
      }
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
