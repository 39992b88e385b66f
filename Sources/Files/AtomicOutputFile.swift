import CSIMD
import Glibc

/// A file that appears complete under its name, or not at all.
///
/// The bytes go to a temporary file beside the output; ``commit()`` flushes it to the disk, renames
/// it and flushes the folder. Without a commit, an error, ``discard()`` or the end of the object
/// removes the temporary. An output that exists and is a device or a pipe is written directly, and
/// `-` is standard output.
///
/// Not to be used from two threads at a time.
public final class AtomicOutputFile {
  /// The path as the user gave it.
  public let path: String

  /// Number of bytes written so far.
  public private(set) var bytesWritten = 0

  /// How many bytes there will be, if known: a full disk is then reported with both numbers.
  public var expectedBytes: Int?

  private enum Target {
    case temporary(TemporaryFile, output: String)
    case direct(Int32)
    case closed
  }

  private var target: Target
  private let mayReplace: Bool

  /// Creates the temporary file, so that everything that forbids the output shows now.
  ///
  /// - Parameters:
  ///   - path: The final name, or `-` (or `/dev/stdout`) for standard output.
  ///   - force: Whether an existing file may be replaced.
  /// - Throws: ``FileError`` with one of the cases for outputs.
  public init(path: String, force: Bool) throws(FileError) {
    self.path = path
    mayReplace = force
    target = try Self.open(path: path, force: force)
  }

  deinit { discard() }

  /// Appends bytes; a short or interrupted write is continued.
  ///
  /// - Throws: ``FileError/noSpace(path:written:total:errorNumber:)``,
  ///   ``FileError/brokenPipe(path:)`` or ``FileError/writeFailed(path:operation:errorNumber:)``;
  ///   the temporary file is gone then.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    let descriptor =
      switch target {
      case .temporary(let file, _): file.descriptor
      case .direct(let descriptor): descriptor
      case .closed: preconditionFailure("write after commit or discard of \(path)")
      }
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      switch ErrorNumber.retrying({ Glibc.write(descriptor, rest.baseAddress, rest.count) }) {
      case .success(let count):
        done += count
        bytesWritten += count
      case .failure(EAGAIN):
        // Standard output can be a pipe that its owner made non-blocking.
        var readiness = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&readiness, 1, -1)
      case .failure(let number): throw failure("write", number)
      }
    }
  }

  /// Appends the bytes of an array.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { buffer throws(FileError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Brings the bytes to the disk, so that hardly anything that can fail is left for
  /// ``commit(beforeReplacing:)``.
  ///
  /// - Throws: As ``commit(beforeReplacing:)``; nothing is left then.
  public func flush() throws(FileError) {
    guard case .temporary(let file, let output) = target else { return }
    try flush(file.descriptor)
    try checkName(output)
  }

  /// Makes the file appear under its name.
  ///
  /// - Parameter beforeReplacing: Called when all that a full disk can forbid is done, and the name is
  ///   still the old file's.
  /// - Throws: As ``write(_:)-(UnsafeRawBufferPointer)``, or ``FileError/exists(path:)`` if the
  ///   name was taken meanwhile. Nothing is left then, except that a folder that cannot be flushed
  ///   is reported after the complete file has got its name.
  public func commit(beforeReplacing: () -> Void = {}) throws(FileError) {
    switch target {
    case .closed: preconditionFailure("commit after commit or discard of \(path)")
    case .direct(let descriptor):
      target = .closed
      beforeReplacing()
      if case .failure(let number) = ErrorNumber.retrying({ close(descriptor) }) {
        throw failure("close", number)
      }
    case .temporary(let file, let output):
      try flush(file.descriptor)
      try checkName(output)
      beforeReplacing()
      if let number = file.rename(to: output) { throw failure("rename", number) }
      target = .closed
      defer { file.closeQuietly() }
      try flushFolder(of: output)
    }
  }

  /// Removes the temporary file; what went to a device or pipe cannot be taken back.
  public func discard() {
    switch target {
    case .temporary(let file, _): file.discard()
    case .direct(let descriptor): close(descriptor)
    case .closed: return
    }
    target = .closed
  }

  /// Removes the temporary files of all outputs that are open.
  ///
  /// No further output can be opened: a thread that tries waits until the program has ended.
  public static func discardAllBeforeDying() { arssr_temporaries_unlink() }

  /// - Throws: ``FileError/exists(path:)`` if the name was taken meanwhile and may not be replaced.
  private func checkName(_ output: String) throws(FileError) {
    var status = stat()
    guard !mayReplace, PathText.withCString(output, { lstat($0, &status) }) == 0 else { return }
    discard()
    throw .exists(path: path)
  }

  private func failure(_ operation: String, _ number: Int32) -> FileError {
    let written = bytesWritten
    discard()
    return .writing(
      path: path, operation: operation, written: written, total: expectedBytes,
      errorNumber: number)
  }
}

// MARK: - Opening and flushing

extension AtomicOutputFile {
  private static func open(path: String, force: Bool) throws(FileError) -> Target {
    if path == StandardInput.name || path == "/dev/stdout" {
      switch ErrorNumber.retrying({ fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) }) {
      case .success(let descriptor): return .direct(descriptor)
      case .failure(let number): throw .creation(path: path, errorNumber: number)
      }
    }
    guard !PathText.bytes(path).contains(0) else { throw .outputFolderMissing(path: path) }
    guard !PathText.split(path).name.isEmpty else { throw .outputIsDirectory(path: path) }
    var status = stat()
    guard PathText.withCString(path, { lstat($0, &status) }) == 0 else {
      // What forbids a look at the name (no such folder, no permission) forbids the file as well
      // and is reported by its creation.
      return .temporary(try TemporaryFile(output: path, shownAs: path), output: path)
    }
    // A link to nothing counts as an existing output.
    let leadsSomewhere = PathText.withCString(path, { stat($0, &status) }) == 0
    switch FileError.Kind(mode: status.st_mode) {
    case .directory: throw .outputIsDirectory(path: path)
    case .pipe, .socket, .device:
      if leadsSomewhere { return try openDirectly(path: path) }
    case nil: break
    }
    guard force else { throw .exists(path: path) }
    // With links followed, so that a link to the output stays a link.
    let output = leadsSomewhere ? PathText.resolved(path) : path
    return .temporary(try TemporaryFile(output: output, shownAs: path), output: output)
  }

  private static func openDirectly(path: String) throws(FileError) -> Target {
    switch ErrorNumber.retrying({
      PathText.withCString(path) { Glibc.open($0, O_WRONLY | O_CLOEXEC | O_NOCTTY) }
    }) {
    case .success(let descriptor): return .direct(descriptor)
    case .failure(let number): throw .creation(path: path, errorNumber: number)
    }
  }

  private func flush(_ descriptor: Int32) throws(FileError) {
    if case .failure(let number) = ErrorNumber.retrying({ fsync(descriptor) }),
      !Self.cannotBeFlushed(number)
    {
      throw failure("flush to disk", number)
    }
    // Network file systems report some errors at close only. The duplicate is closed for that,
    // while the descriptor itself keeps the lock until the file has its name.
    if case .success(let duplicate) = ErrorNumber.retrying({ dup(descriptor) }),
      case .failure(let number) = ErrorNumber.retrying({ close(duplicate) })
    {
      throw failure("close", number)
    }
  }

  private func flushFolder(of output: String) throws(FileError) {
    let folder = PathText.split(output).folder
    // A folder that may be written but not read cannot be flushed; the file itself is.
    guard
      case .success(let descriptor) = ErrorNumber.retrying({
        PathText.withCString(folder) { Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
      })
    else { return }
    defer { close(descriptor) }
    if case .failure(let number) = ErrorNumber.retrying({ fsync(descriptor) }),
      !Self.cannotBeFlushed(number)
    {
      throw failure("flush of the folder to disk", number)
    }
  }

  /// Whether fsync is no operation of this kind of file, which is no error.
  private static func cannotBeFlushed(_ number: Int32) -> Bool {
    number == EINVAL || number == ENOTSUP
  }
}
