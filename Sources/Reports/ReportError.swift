import Files

/// What can go wrong with a report.
public enum ReportError: ReportableError, Equatable {
  /// There is nothing to show.
  case empty
  /// The picture could not be drawn.
  case drawing(String)
  /// The file could not be written.
  case file(FileError)

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .empty, .drawing: "internal"
    case .file(let error): error.code
    }
  }

  /// The option or file concerned.
  public var subject: String? {
    switch self {
    case .empty, .drawing: nil
    case .file(let error): error.subject
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .empty: "there is no volume to draw"
    case .drawing(let reason): "the picture cannot be drawn (\(reason))"
    case .file(let error): error.message
    }
  }

  /// Writes a file whole or not at all.
  static func write(_ bytes: [UInt8], path: String, force: Bool) throws(ReportError) {
    do throws(FileError) {
      let file = try AtomicOutputFile(path: path, force: force)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw .file(error)
    }
  }
}
