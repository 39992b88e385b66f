extension FileError {
  /// The identifier of the cause; see ``ReportableError/code``.
  public var code: String {
    switch self {
    case .missing, .linkLoop, .nameTooLong: "input.missing"
    case .notRegular: "input.kind"
    case .inputPermission: "input.permission"
    case .readFailed: "input.io"
    case .inputTooLong: "memory.budget"
    case .tooManyOpenFiles: "files.system"
    case .outOfMemory: "memory.system"
    case .exists, .locked: "output.exists"
    case .outputFolderMissing, .outputIsDirectory, .readOnlyFileSystem, .cannotCreate:
      "output.create"
    case .outputPermission: "output.permission"
    case .noSpace: "output.space"
    case .brokenPipe, .writeFailed: "output.io"
    }
  }

  /// The path as the user gave it.
  public var subject: String? {
    switch self {
    case .missing(let path), .linkLoop(let path), .nameTooLong(let path),
      .notRegular(let path, _), .inputPermission(let path), .readFailed(let path, _),
      .inputTooLong(let path, _), .tooManyOpenFiles(let path), .outOfMemory(let path, _),
      .exists(let path), .locked(let path), .outputFolderMissing(let path),
      .outputIsDirectory(let path), .readOnlyFileSystem(let path), .outputPermission(let path),
      .cannotCreate(let path, _), .noSpace(let path, _, _, _), .brokenPipe(let path),
      .writeFailed(let path, _, _):
      path
    }
  }

  /// What is wrong; see ``ReportableError/message``.
  public var message: String {
    switch self {
    case .missing: "no such file"
    case .linkLoop: "too many levels of symbolic links (they lead in a circle)"
    case .nameTooLong: "file name too long"
    case .notRegular(_, let kind): "is a \(kind.rawValue), not a regular file"
    case .inputPermission: "permission denied (cannot be read)"
    case .readFailed(_, let number): "reading stopped: \(ErrorNumber.text(number))"
    case .inputTooLong(_, let limit):
      "more than \(ByteSize.text(limit)) on standard input, which is held in memory"
    case .tooManyOpenFiles:
      "too many open files (no file descriptor is left); raise the limit with ulimit -n"
    case .outOfMemory(_, let bytes): "out of memory (\(ByteSize.text(bytes)) were refused)"
    case .exists: "exists already; use --force to overwrite"
    case .locked: "another run is writing this file (its temporary file exists and is locked)"
    case .outputFolderMissing: "no such directory: the folder of this output does not exist"
    case .outputIsDirectory: "is a directory, not a file to write"
    case .readOnlyFileSystem: "cannot be created: read-only file system"
    case .outputPermission: "permission denied (cannot be written)"
    case .cannotCreate(_, let number): "cannot be created: \(ErrorNumber.text(number))"
    case .noSpace(_, let written, let total, let number):
      "\(ErrorNumber.text(number)) (written \(written)"
        + (total.map { " of \($0) bytes)" } ?? " bytes)")
    case .brokenPipe: "broken pipe (the reader went away)"
    case .writeFailed(_, let operation, let number):
      "\(operation) stopped: \(ErrorNumber.text(number))"
    }
  }
}
