import Glibc

/// What the system says about the last call that did not work.
enum ErrorNumber {
  /// The error number of the calling thread.
  static var current: Int32 { errno }

  /// The system's words for an error number, in lower case.
  ///
  /// They are English whatever the locale, because the program never calls `setlocale`.
  static func text(_ number: Int32) -> String {
    guard let words = strerror(number) else { return "error \(number)" }
    let text = String(cString: words)
    // "RPC ..." and the like keep their capitals.
    let keepsCapital = text.dropFirst().first?.isUppercase ?? true
    return keepsCapital ? text : text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Repeats a call while it is interrupted by signals, and returns its result or error number.
  static func retrying<Value: FixedWidthInteger>(_ call: () -> Value) -> Outcome<Value> {
    while true {
      let value = call()
      if value != -1 { return .success(value) }
      let number = errno
      if number != EINTR { return .failure(number) }
    }
  }

  /// A system call's result, or the error number.
  enum Outcome<Value> {
    case success(Value)
    case failure(Int32)
  }
}
