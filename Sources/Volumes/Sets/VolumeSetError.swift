import Files

/// Why a folder, list or dataset names no volumes.
public enum VolumeSetError: ReportableError, Equatable {
  /// No folder, list or volume of this name.
  case missing(path: String)
  /// A folder without volumes; what was looked for.
  case noVolumes(path: String, looked: String)
  /// A list whose lines name nothing.
  case emptyList(path: String)
  /// A line of a list with more than two parts.
  case listLine(path: String, input: String, parts: Int)
  /// The name of a result in a list has a part that leads to a folder above.
  case listResult(path: String, result: String)
  /// A folder or list cannot be read.
  case file(FileError)

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .missing: "input.missing"
    case .noVolumes, .emptyList: "input.empty"
    case .listLine, .listResult: "config.value"
    case .file(let error): error.code
    }
  }

  /// The folder or list.
  public var subject: String? {
    switch self {
    case .missing(let path), .noVolumes(let path, _), .emptyList(let path),
      .listLine(let path, _, _), .listResult(let path, _):
      path
    case .file(let error): error.subject
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .missing: "no such file or folder"
    case .noVolumes(_, let looked): "holds no volume: looked for \(looked)"
    case .emptyList: "names no volume"
    case .listLine(_, let input, let parts):
      "the line of \(Escaping.path(input)) has \(parts) parts between tabs, must have one (input) or "
        + "two (input and output)"
    case .listResult(_, let result):
      "the result \(Escaping.path(result)) has a part \"..\"; results lie below the output folder"
    case .file(let error): error.message
    }
  }
}
