import Glibc

/// A file that grows at its end and is never replaced: a log.
public final class AppendingFile: Sendable {
  private let descriptor: Int32

  /// Opens the file, or creates it.
  ///
  /// - Throws: ``FileError`` with one of the cases for outputs.
  public init(path: String) throws(FileError) {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK
    switch ErrorNumber.retrying({ PathText.withCString(path) { open($0, flags, 0o666) } }) {
    case .success(let opened): descriptor = opened
    case .failure(let number): throw .creation(path: path, errorNumber: number)
    }
  }

  deinit { close(descriptor) }

  /// Appends a text.
  ///
  /// - Returns: Whether all of it was written; what a log does not take is no reason to stop work.
  @discardableResult
  public func append(_ text: String) -> Bool {
    append(Array(text.utf8))
  }

  /// Appends bytes; see ``append(_:)-(String)``.
  @discardableResult
  public func append(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        guard
          case .success(let count) = ErrorNumber.retrying({
            write(descriptor, rest.baseAddress, rest.count)
          })
        else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }
}
