import Files
import Glibc

/// The file of `--log-file`: everything, appended, with UTC times.
struct LogFile: Sendable {
  private let file: AppendingFile

  /// Opens or creates the file.
  ///
  /// - Throws: As for any output that cannot be created.
  init(path: String) throws(Failure) {
    file = try Failure.of { () throws(FileError) in try AppendingFile(path: path) }
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
