import Glibc

/// Standard input, the one stream that is read: whole, into memory.
public enum StandardInput {
  /// The name that stands for standard input, and for standard output where a file is written.
  public static let name = "-"

  /// Opens the file of a path; `-` is standard input.
  ///
  /// - Parameters:
  ///   - path: A path or `-`.
  ///   - limit: Most bytes that standard input may have.
  /// - Returns: The open file, or all bytes of standard input.
  /// - Throws: ``FileError`` with one of the cases for inputs.
  public static func open(path: String, limit: Int = .max) throws(FileError) -> any ByteSource {
    path == name ? try readWhole(limit: limit) : try InputFile(path: path)
  }

  /// Reads standard input to its end.
  ///
  /// - Throws: ``FileError/inputTooLong(path:limit:)``, ``FileError/outOfMemory(path:bytes:)`` or
  ///   ``FileError/readFailed(path:errorNumber:)``.
  public static func readWhole(limit: Int) throws(FileError) -> any ByteSource {
    try StreamBytes(descriptor: STDIN_FILENO, path: name, limit: limit)
  }
}

/// All bytes of a stream.
///
/// The memory is taken by `realloc`, which can say no, in doubling steps.
final class StreamBytes: ByteSource {
  let path: String
  private(set) var size = 0
  private var storage: UnsafeMutableRawPointer?

  init(descriptor: Int32, path: String, limit: Int) throws(FileError) {
    self.path = path
    var capacity = 0
    while true {
      if size == capacity {
        capacity = max(1 << 20, 2 * capacity)
        guard let grown = realloc(storage, capacity) else {
          throw .outOfMemory(path: path, bytes: capacity)
        }
        storage = grown
      }
      let free = storage.map { $0 + size }
      switch ErrorNumber.retrying({ Glibc.read(descriptor, free, capacity - size) }) {
      case .success(0): return
      case .success(let count): size += count
      // No standard input at all (closed by the parent) is an empty one.
      case .failure(EBADF): return
      case .failure(let number): throw .readFailed(path: path, errorNumber: number)
      }
      if size > limit { throw .inputTooLong(path: path, limit: limit) }
    }
  }

  deinit { free(storage) }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    guard let storage, offset >= 0, offset < size else { return 0 }
    let count = min(buffer.count, size - offset)
    buffer.copyMemory(from: UnsafeRawBufferPointer(start: storage + offset, count: count))
    return count
  }
}
