import Glibc

/// What can be wrong with a file as such, whatever is in it.
///
/// Every case holds the path as the user gave it.
public enum FileError: ReportableError, Equatable {
  /// What stands in the place of a file.
  public enum Kind: String, Sendable {
    /// A folder.
    case directory
    /// A named pipe.
    case pipe = "pipe (FIFO)"
    /// A character or block device.
    case device
    /// A socket.
    case socket
  }

  /// The input, or a folder in its path, does not exist.
  case missing(path: String)
  /// Symbolic links of the input's path lead in a circle.
  case linkLoop(path: String)
  /// A part of the path is longer than the file system allows.
  case nameTooLong(path: String)
  /// The input is something that cannot be read at any place of one's choice.
  case notRegular(path: String, kind: Kind)
  /// The input may not be read.
  case inputPermission(path: String)
  /// Reading failed on the way.
  case readFailed(path: String, errorNumber: Int32)
  /// Standard input goes on after the number of bytes that may be held in memory.
  case inputTooLong(path: String, limit: Int)
  /// The process or the machine has no descriptor left.
  case tooManyOpenFiles(path: String)
  /// The system refused the memory for the bytes of a file.
  case outOfMemory(path: String, bytes: Int)

  /// The output exists and overwriting was not asked for.
  case exists(path: String)
  /// Another run is writing this output.
  case locked(path: String)
  /// The folder of the output does not exist.
  case outputFolderMissing(path: String)
  /// A folder has the output's name.
  case outputIsDirectory(path: String)
  /// The file system of the output can only be read.
  case readOnlyFileSystem(path: String)
  /// The output may not be created or written.
  case outputPermission(path: String)
  /// The output cannot be created for another reason.
  case cannotCreate(path: String, errorNumber: Int32)
  /// Disk, quota or the limit on the file's size is used up.
  case noSpace(path: String, written: Int, total: Int?, errorNumber: Int32)
  /// The reader of the pipe that is written went away.
  case brokenPipe(path: String)
  /// Writing, flushing, closing or renaming failed.
  case writeFailed(path: String, operation: String, errorNumber: Int32)
}

extension FileError {
  /// The error for an input that could not be opened or examined.
  static func input(path: String, errorNumber: Int32) -> FileError {
    switch errorNumber {
    case ENOENT, ENOTDIR: .missing(path: path)
    case ELOOP: .linkLoop(path: path)
    case ENAMETOOLONG: .nameTooLong(path: path)
    case EACCES, EPERM: .inputPermission(path: path)
    case EMFILE, ENFILE: .tooManyOpenFiles(path: path)
    case ENXIO, ENODEV: .notRegular(path: path, kind: .socket)
    default: .readFailed(path: path, errorNumber: errorNumber)
    }
  }

  /// The error for an output that could not be created.
  static func creation(path: String, errorNumber: Int32) -> FileError {
    switch errorNumber {
    case ENOENT, ENOTDIR: .outputFolderMissing(path: path)
    case EISDIR: .outputIsDirectory(path: path)
    case EROFS: .readOnlyFileSystem(path: path)
    case EACCES, EPERM: .outputPermission(path: path)
    case EMFILE, ENFILE: .tooManyOpenFiles(path: path)
    case ENOSPC, EDQUOT:
      .noSpace(path: path, written: 0, total: nil, errorNumber: errorNumber)
    default: .cannotCreate(path: path, errorNumber: errorNumber)
    }
  }

  /// The error for an operation on an output that was created.
  static func writing(
    path: String, operation: String, written: Int, total: Int?, errorNumber: Int32
  ) -> FileError {
    switch errorNumber {
    case ENOSPC, EFBIG, EDQUOT:
      .noSpace(path: path, written: written, total: total, errorNumber: errorNumber)
    case EPIPE: .brokenPipe(path: path)
    default: .writeFailed(path: path, operation: operation, errorNumber: errorNumber)
    }
  }
}
