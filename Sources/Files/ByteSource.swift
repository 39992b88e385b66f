/// Bytes that can be read at any place: a regular file, or a stream that was read whole.
public protocol ByteSource: AnyObject {
  /// The name as the user gave it, for messages.
  var path: String { get }

  /// Number of bytes; of a file, when it was opened.
  var size: Int { get }

  /// Copies bytes from a place into a buffer.
  ///
  /// - Parameters:
  ///   - offset: The first byte wanted; at or past the end is allowed.
  ///   - buffer: Where the bytes go.
  /// - Returns: The number of bytes copied; fewer than asked for only at the end.
  /// - Throws: ``FileError/readFailed(path:errorNumber:)``.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int
}

extension ByteSource {
  /// The bytes of a range as an array; fewer than asked for only at the end.
  ///
  /// The array is never longer than the source, so a count taken from a file's header is safe.
  public func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    let available = max(0, min(count, size - max(0, offset)))
    var bytes = [UInt8](repeating: 0, count: available)
    let received = try bytes.withUnsafeMutableBufferPointer { buffer throws(FileError) in
      try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
    }
    bytes.removeLast(available - received)
    return bytes
  }
}

/// Bytes in memory, under the name of the file that they stand for.
public final class MemorySource: ByteSource {
  /// The name for messages.
  public let path: String
  private let bytes: [UInt8]

  /// Number of bytes.
  public var size: Int { bytes.count }

  /// Takes the bytes.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Copies bytes from a place into a buffer; see ``ByteSource/read(at:into:)``.
  public func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  )
    throws(FileError) -> Int
  {
    guard offset >= 0, offset < bytes.count else { return 0 }
    let end = min(bytes.count, offset + min(buffer.count, bytes.count))
    buffer.copyBytes(from: bytes[offset..<end])
    return end - offset
  }
}
