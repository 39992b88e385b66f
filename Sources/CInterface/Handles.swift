/// Objects behind opaque pointers: retained when they are handed out, released when they are closed.
enum Handle {
  /// The pointer for the caller, who closes it once.
  static func open(_ object: some AnyObject) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// The object behind a pointer that was handed out.
  static func object<Object: AnyObject>(_ pointer: OpaquePointer) -> Object {
    Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  /// Releases an object of a type; nothing happens for NULL.
  static func close<Object: AnyObject>(_ pointer: OpaquePointer?, _: Object.Type) {
    guard let pointer else { return }
    Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }
}

/// Text that C may read as long as this object lives.
final class CText: Sendable {
  nonisolated(unsafe) let pointer: UnsafePointer<CChar>

  init(_ text: String) {
    let characters = text.utf8CString
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
    for (index, character) in characters.enumerated() {
      (memory + index).initialize(to: character)
    }
    pointer = UnsafePointer(memory)
  }

  deinit { pointer.deallocate() }
}
