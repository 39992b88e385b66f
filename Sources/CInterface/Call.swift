import CArssr
import Files
import SuperResolution

/// What a function for C returns: 0, or an exit status with the reason in `error`.
func call(
  _ error: UnsafeMutablePointer<arssr_error>?,
  _ work: () throws(SuperResolutionError) -> Void
) -> Int32 {
  do throws(SuperResolutionError) {
    try work()
    return 0
  } catch let failure {
    if let error {
      error.pointee.status = failure.status.rawValue
      withUnsafeMutableBytes(of: &error.pointee.code) { fill($0, failure.code) }
      withUnsafeMutableBytes(of: &error.pointee.subject) {
        fill($0, Escaping.path(failure.subject ?? ""))
      }
      withUnsafeMutableBytes(of: &error.pointee.message) { fill($0, failure.message) }
    }
    return failure.status.rawValue
  }
}

/// Writes as many whole characters as there is room for, and a NUL.
private func fill(_ room: UnsafeMutableRawBufferPointer, _ text: String) {
  var cut = Substring(text)
  while cut.utf8.count >= room.count { cut.removeLast() }
  room.copyBytes(from: cut.utf8)
  room[cut.utf8.count] = 0
}

/// The Swift text of a C string; nil for NULL.
func text(_ pointer: UnsafePointer<CChar>?) -> String? {
  pointer.map { String(cString: $0) }
}
