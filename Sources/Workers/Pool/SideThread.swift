import Glibc
import Synchronization

/// A thread beside the workers, for what mostly waits or must not hold them up.
///
/// It has the signal mask of the thread that starts it.
public final class SideThread: Sendable {
  private let body: @Sendable () -> Void
  private let handle = Mutex<pthread_t?>(nil)

  /// Starts to run `body`; nil where the system gives no thread.
  public init?(_ body: @escaping @Sendable () -> Void) {
    self.body = body
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<SideThread>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    guard code == 0 else {
      Unmanaged.passUnretained(self).release()
      return nil
    }
    handle.withLock { $0 = thread }
  }

  /// Waits until `body` has ended; it may be called again.
  public func join() {
    if let thread = handle.withLock({ $0.take() }) { pthread_join(thread, nil) }
  }
}
