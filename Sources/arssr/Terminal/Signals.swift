import Files
import Glibc
import Synchronization

/// What the program does when it is told to stop, or asked how far it is.
///
/// The signals are blocked in every thread and taken by one thread of their own, which may call
/// anything; there is no code that runs inside a signal handler.
enum Signals {
  private struct Cancellations {
    var all: [Int: @Sendable () -> Void] = [:]
    var count = 0
  }

  /// How to stop the works in progress; none while nothing runs that could be stopped in good order.
  private static let cancellations = Mutex(Cancellations())
  /// The signal that asked to stop; 0: none.
  private static let requested = Atomic<Int32>(0)
  /// What is said before the program dies of a signal; nil once it was.
  private static let farewell = Mutex<(@Sendable (Int32) -> Void)?>(nil)
  /// Whether the program dies of a signal already.
  private static let isDying = Atomic<Bool>(false)

  private static let endings = [SIGINT, SIGTERM, SIGHUP]

  /// The signal that asked this run to stop.
  static var stopRequest: Int32? {
    let number = requested.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Begins to watch; call it before any other thread exists, because threads inherit the mask.
  ///
  /// A signal that the parent ignores (`nohup`) stays ignored.
  ///
  /// - Parameter status: Called for SIGUSR1 on the watching thread.
  /// - Throws: `threads.system` if the system gives no thread.
  static func watch(status: @escaping @Sendable () -> Void) throws(Failure) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in endings + [SIGUSR1] {
      var action = sigaction()
      sigaction(number, nil, &action)
      if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        != unsafeBitCast(SIG_IGN, to: Int.self)
      {
        sigaddset(&set, number)
      }
    }
    pthread_sigmask(SIG_BLOCK, &set, nil)

    let watcher = Watcher(set: set, status: status)
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Watcher>.fromOpaque(argument).takeRetainedValue().run()
      }, Unmanaged.passRetained(watcher).toOpaque())
    if code != 0 {
      pthread_sigmask(SIG_UNBLOCK, &set, nil)
      throw Failure(.threadsRefused(errorNumber: code))
    }
    pthread_detach(thread)
  }

  /// Runs work that ends soon after `cancel` was called; outside of it a signal ends the program at
  /// once.
  ///
  /// Several threads may run works at once; all are cancelled. `cancel` is called on the watching thread,
  /// or at once where the signal was there already; the work must end within a tenth of a second.
  static func whileRunning<Result>(
    cancel: @escaping @Sendable () -> Void, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let number = cancellations.withLock { cancellations in
      cancellations.count += 1
      cancellations.all[cancellations.count] = cancel
      return cancellations.count
    }
    defer { cancellations.withLock { $0.all[number] = nil } }
    if stopRequest != nil { cancel() }
    return try work()
  }

  /// Has something said before the program dies of a signal, in place of what was to be said.
  ///
  /// - Parameter farewell: Called once at most, with the signal, on any thread, while others go on.
  static func sayBeforeDying(_ farewell: @escaping @Sendable (Int32) -> Void) {
    self.farewell.withLock { $0 = farewell }
  }

  /// Removes temporary files and dies of a signal, as a program without handlers would.
  static func die(of number: Int32) -> Never {
    // Whoever dies a second time finds the first at it, perhaps before a reader that has stopped.
    let isFirst = !isDying.exchange(true, ordering: .relaxed)
    if isFirst { AtomicOutputFile.discardAllBeforeDying() }
    // A reader that has stopped reading must not keep the program from ending.
    if isFirst, StandardStreams.takesMessages {
      let words = farewell.withLock { $0.take() }
      words?(number)
    }
    signal(number, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
    _exit(128 + number)
  }

  private final class Watcher: @unchecked Sendable {
    // Only the watching thread touches the set once it runs.
    private var set: sigset_t
    private let status: @Sendable () -> Void

    init(set: sigset_t, status: @escaping @Sendable () -> Void) {
      self.set = set
      self.status = status
    }

    func run() -> Never {
      while true {
        var number: Int32 = 0
        guard sigwait(&set, &number) == 0 else { continue }
        if number == SIGUSR1 {
          status()
          continue
        }
        let isFirst = requested.exchange(number, ordering: .sequentiallyConsistent) == 0
        let works = cancellations.withLock { Array($0.all.values) }
        if !isFirst || works.isEmpty { die(of: number) }
        for cancel in works { cancel() }
      }
    }
  }
}
