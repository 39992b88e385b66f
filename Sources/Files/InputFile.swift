import Glibc

/// A regular file, open for reading.
///
/// It is opened without blocking, so that a pipe in its place is refused and not waited for, and
/// read by `pread`, never mapped: a mapped file that another process shortens would end the
/// program by SIGBUS.
public final class InputFile: ByteSource {
  /// The path as the user gave it.
  public let path: String

  /// Number of bytes when the file was opened; a file that shrinks gives fewer.
  public let size: Int

  /// Which file it is, whatever the path.
  public let identity: FileIdentity

  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: ``FileError/missing(path:)``, ``FileError/notRegular(path:kind:)``,
  ///   ``FileError/inputPermission(path:)`` and the other cases for inputs.
  public init(path: String) throws(FileError) {
    self.path = path
    guard !PathText.bytes(path).contains(0) else { throw .missing(path: path) }
    switch ErrorNumber.retrying({
      PathText.withCString(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
    }) {
    case .success(let opened): descriptor = opened
    case .failure(let number): throw .input(path: path, errorNumber: number)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = ErrorNumber.current
      close(descriptor)
      throw .input(path: path, errorNumber: number)
    }
    if let kind = FileError.Kind(mode: status.st_mode) {
      close(descriptor)
      throw .notRegular(path: path, kind: kind)
    }
    size = Int(status.st_size)
    identity = FileIdentity(status)
  }

  deinit { close(descriptor) }

  /// Copies bytes from a place into a buffer; see ``ByteSource/read(at:into:)``.
  public func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  )
    throws(FileError) -> Int
  {
    var received = 0
    while received < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[received...])
      let place = off_t(offset + received)
      switch ErrorNumber.retrying({ pread(descriptor, rest.baseAddress, rest.count, place) }) {
      case .success(0): return received
      case .success(let count): received += count
      case .failure(let number): throw .readFailed(path: path, errorNumber: number)
      }
    }
    return received
  }
}

extension FileError.Kind {
  /// What a file is by its mode; nil for a regular file.
  init?(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: return nil
    case S_IFDIR: self = .directory
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    default: self = .device
    }
  }
}

/// Device and number of a file: two paths with equal identity are one file.
public struct FileIdentity: Equatable, Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64

  /// The file at a path, links followed; nil if there is none.
  public init?(path: String) {
    var status = stat()
    guard PathText.withCString(path, { stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }
}
