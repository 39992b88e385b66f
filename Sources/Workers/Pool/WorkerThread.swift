import CSIMD
import Glibc

/// A thread that serves a job board until the board stops.
struct WorkerThread: Sendable {
  /// What `pthread_self` gives on this thread.
  let identity: pthread_t

  /// Stack of a worker.
  ///
  /// Kernels keep their large scratch elsewhere; many workers fit under a limit of the address space.
  private static let stackBytes = 2 << 20

  /// Starts worker `index` of `board`, bound as `place` says.
  ///
  /// The thread takes no signals: they go to threads that know what to do with them. Faults of the
  /// thread itself (a trap, a bad access) still end the program with a report.
  init(serving board: JobBoard, index: Int, place: WorkerPlacement.Worker) throws(WorkersError) {
    let start = Unmanaged.passRetained(Start(board: board, index: index, place: place))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, Self.stackBytes)
    var before = sigset_t()
    var blocked = Self.asynchronousSignals
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let status = pthread_create(&thread, &attributes, serve, start.toOpaque())
    guard status == 0 else {
      start.release()
      throw .threadCreation(errno: status)
    }
    identity = thread
  }

  /// Waits until the thread has ended.
  func join() { pthread_join(identity, nil) }

  private static var asynchronousSignals: sigset_t {
    var signals = sigset_t()
    sigfillset(&signals)
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS] {
      sigdelset(&signals, fault)
    }
    return signals
  }
}

private final class Start: Sendable {
  let board: JobBoard
  let index: Int
  let place: WorkerPlacement.Worker

  init(board: JobBoard, index: Int, place: WorkerPlacement.Worker) {
    self.board = board
    self.index = index
    self.place = place
  }
}

private func serve(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
  // A refusal (the allowed set changed meanwhile, or a described machine is not this one) costs
  // speed only.
  if !start.place.processingUnits.isEmpty { AffinityMask(start.place.processingUnits).bind() }
  start.board.serve(worker: start.index, node: start.place.node)
  return nil
}
