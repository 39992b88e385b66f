import Glibc

extension AtomicOutputFile {
  /// Whether an output of this name would be written directly: standard output, or a pipe or device
  /// that exists.
  ///
  /// Nothing can lie beside such an output.
  public static func isStream(path: String) -> Bool {
    if path == StandardInput.name || path == "/dev/stdout" { return true }
    var status = stat()
    guard PathText.withCString(path, { stat($0, &status) }) == 0 else { return false }
    switch FileError.Kind(mode: status.st_mode) {
    case .pipe, .socket, .device: return true
    case .directory, nil: return false
    }
  }

  /// Looks whether an output could be created, without creating anything.
  ///
  /// - Throws: What ``init(path:force:)`` would, as far as a look can tell.
  public static func check(path: String, force: Bool) throws(FileError) {
    if isStream(path: path) { return }
    let (folder, name) = PathText.split(path)
    guard !name.isEmpty else { throw .outputIsDirectory(path: path) }
    var status = stat()
    if PathText.withCString(path, { lstat($0, &status) }) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { throw .outputIsDirectory(path: path) }
      guard force else { throw .exists(path: path) }
    }
    if case .failure(let number) = ErrorNumber.retrying({
      PathText.withCString(folder) { access($0, W_OK | X_OK) }
    }) {
      throw .creation(path: path, errorNumber: number)
    }
  }

  /// Bytes that the file system of an output has left for this user; nil for a pipe or device.
  ///
  /// A file that exists is asked first: a link may lead to another file system than its folder's.
  public static func availableBytes(at path: String) -> Int? {
    if isStream(path: path) { return nil }
    var status = statvfs()
    guard
      [path, PathText.split(path).folder].contains(where: {
        PathText.withCString($0) { statvfs($0, &status) } == 0
      })
    else { return nil }
    let (bytes, overflow) = UInt(status.f_bavail).multipliedReportingOverflow(
      by: UInt(status.f_frsize))
    return overflow ? nil : Int(exactly: bytes)
  }
}
