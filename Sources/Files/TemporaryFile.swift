import CSIMD
import Glibc

/// The hidden file beside an output that holds its bytes until they are complete: `.NAME.arssr-tmp`.
///
/// The name is always the same, so what a killed run left is found and used again, and the lock on
/// it tells two runs with the same output apart. The lock goes with the descriptor, hence with the
/// process, however it ends.
struct TemporaryFile {
  let path: String
  let descriptor: Int32
  private let slot: Int32

  /// Creates or takes over the temporary of an output and locks it; the file is empty then.
  init(output: String, shownAs shown: String) throws(FileError) {
    let path = Self.path(beside: output)
    // A signal that ends the program between creating and remembering would leave the file behind.
    arssr_temporary_begin()
    defer { arssr_temporary_end() }
    // Another run may rename its temporary to the final name between our open and our lock; then
    // we hold the lock of a finished output and must not touch it, but start again.
    while true {
      let opened = try Self.open(path, shownAs: shown)
      do throws(FileError) {
        try Self.lock(opened, shownAs: shown)
      } catch {
        close(opened)
        throw error
      }
      var byDescriptor = stat()
      var byPath = stat()
      let known = fstat(opened, &byDescriptor) == 0
      let named = PathText.withCString(path) { lstat($0, &byPath) } == 0
      if known, named, FileIdentity(byDescriptor) == FileIdentity(byPath) {
        guard byDescriptor.st_mode & S_IFMT == S_IFREG, byDescriptor.st_nlink == 1 else {
          close(opened)
          throw .cannotCreate(path: shown, errorNumber: EEXIST)
        }
        self.path = path
        descriptor = opened
        break
      }
      close(opened)
    }
    slot = PathText.withCString(path) { arssr_temporary_remember($0) }
    if case .failure(let number) = ErrorNumber.retrying({ ftruncate(descriptor, 0) }) {
      discard()
      throw .creation(path: shown, errorNumber: number)
    }
  }

  /// Gives the file its final name; the lock stays until ``closeQuietly()``.
  func rename(to output: String) -> Int32? {
    let result = PathText.withCString(path) { old in
      PathText.withCString(output) { new in Glibc.rename(old, new) }
    }
    guard result == 0 else { return ErrorNumber.current }
    arssr_temporary_forget(slot)
    return nil
  }

  /// Removes the file and closes it.
  func discard() {
    _ = PathText.withCString(path) { unlink($0) }
    arssr_temporary_forget(slot)
    close(descriptor)
  }

  /// Closes the file, which gives up the lock.
  func closeQuietly() { close(descriptor) }

  /// The name of the temporary; a name near the limit of 255 bytes is shortened to its beginning
  /// and a checksum.
  static func path(beside output: String) -> String {
    let (folder, name) = PathText.split(output)
    let ending = ".arssr-tmp"
    var bytes = PathText.bytes(name)
    if bytes.count + 1 + ending.utf8.count > Int(NAME_MAX) {
      let checksum = bytes.withUnsafeBytes { SHA256Digest(of: $0).hexadecimal }
      bytes = bytes.prefix(150) + Array("-\(checksum)".utf8)
    }
    let hidden = "." + PathText.string(bytes) + ending
    return folder == "/" ? "/" + hidden : "\(folder)/\(hidden)"
  }

  private static func open(_ path: String, shownAs shown: String) throws(FileError) -> Int32 {
    switch ErrorNumber.retrying({
      PathText.withCString(path) {
        Glibc.open($0, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0o666)
      }
    }) {
    case .success(let descriptor): return descriptor
    case .failure(let number): throw .creation(path: shown, errorNumber: number)
    }
  }

  private static func lock(_ descriptor: Int32, shownAs shown: String) throws(FileError) {
    switch ErrorNumber.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) {
    case .success: return
    case .failure(EWOULDBLOCK): throw .locked(path: shown)
    // Some network file systems have no locks; then two runs with one output are the user's care.
    case .failure: return
    }
  }
}
