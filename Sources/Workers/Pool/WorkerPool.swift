import CSIMD
import Glibc
import Synchronization

/// Threads that share the items of one job after another; the caller takes part as worker 0.
///
/// Between jobs the workers spin for some microseconds and then sleep. An empty job of two items took
/// 0.11 us while the workers were awake and 9 to 16 us after 2 ms of sleep (median, two workers, Zen 4
/// virtual machine). Nothing is allocated per job except the closure context of 32 bytes that the
/// language makes to prove that `body` does not escape.
///
/// Calls from several threads take turns. A call from within a body runs its items one after the
/// other on the calling worker.
public final class WorkerPool: Sendable {
  /// Where the workers run.
  public let placement: WorkerPlacement

  private let board: JobBoard
  private let threads: [WorkerThread]
  private let caller: BoundCaller?
  private let turn = Mutex<Void>(())
  /// `pthread_self` of the thread whose job is open, or 0.
  private let activeCaller = Atomic<UInt>(0)

  /// Starts the workers and binds them, and the calling thread, as the placement says.
  ///
  /// - Throws: ``WorkersError/threadCreation(errno:)``; then no thread is left behind.
  public init(placement: WorkerPlacement) throws(WorkersError) {
    let workers = placement.workers
    precondition(!workers.isEmpty, "a pool has at least one worker")
    let board = JobBoard(
      workersPerNode: (0..<placement.nodeCount).map { node in
        workers.count { $0.node == node }
      })
    var threads: [WorkerThread] = []
    do {
      for index in workers.indices.dropFirst() {
        threads.append(
          try WorkerThread(serving: board, index: index, place: workers[index]))
      }
    } catch {
      Self.end(threads, of: board)
      throw error
    }
    self.placement = placement
    self.board = board
    self.threads = threads
    // After the threads exist: they would inherit the caller's binding.
    let units = workers[0].processingUnits
    caller = units.isEmpty ? nil : BoundCaller(bindingTo: units)
  }

  /// Starts `threads` workers, the caller included, that may run anywhere, in one group.
  public convenience init(threads: Int) throws(WorkersError) {
    try self.init(placement: .unbound(threads: threads))
  }

  deinit {
    Self.end(threads, of: board)
    caller?.restore()
  }

  private static func end(_ threads: [WorkerThread], of board: JobBoard) {
    board.stop()
    for thread in threads { thread.join() }
  }

  /// Workers, the caller included.
  public var workerCount: Int { placement.workers.count }

  /// Groups of workers that share the memory of a NUMA node.
  public var nodeCount: Int { placement.nodeCount }

  /// The group of a worker, in 0..<nodeCount.
  public func node(ofWorker worker: Int) -> Int { placement.workers[worker].node }

  /// The node whose workers take an item of a job of `count` first; others take it only when they
  /// have none left.
  ///
  /// What is written by item n of one job and read by item n of another, of the same share of all,
  /// lies on the node of both.
  package func homeNode(ofItem item: Int, count: Int) -> Int {
    (0..<nodeCount).first { item < board.rangeEnd(ofNode: $0, count: count) } ?? nodeCount - 1
  }

  /// Calls `body(item, worker)` once for every item in 0..<count and returns when all are done.
  ///
  /// Each node gets a contiguous range of items in proportion to its workers, which they take one by
  /// one; a node that has finished helps the others. No two calls with the same `worker` overlap,
  /// so `worker` may choose a scratch buffer.
  ///
  /// - Parameters:
  ///   - count: Items, 0 to 2^31 - 1.
  ///   - body: The work on one item.
  public func run(_ count: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
    precondition(count >= 0 && count <= JobBoard.itemLimit, "count: \(count)")
    if count == 0 { return }
    if let worker = nestedWorker() {
      for item in 0..<count { body(item, worker) }
      return
    }
    asCaller {
      if count == 1 || threads.isEmpty {
        for item in 0..<count { body(item, 0) }
        return
      }
      withoutActuallyEscaping(body) { body in
        withUnsafePointer(to: JobBoard.Body(call: body)) { board.run(count, $0) }
      }
    }
  }

  /// Calls `body(node)` once for every node, on a worker of that node, and returns when all are done.
  ///
  /// For memory that shall lie on the node: the first write decides. Not from within a body.
  public func runOnEachNode(_ body: (_ node: Int) -> Void) {
    precondition(nestedWorker() == nil, "runOnEachNode from within a body")
    asCaller {
      if nodeCount == 1 { return body(0) }
      withoutActuallyEscaping(body) { body in
        withUnsafePointer(to: JobBoard.Body { node, _ in body(node) }) { board.runOnEachNode($0) }
      }
    }
  }

  /// Leaves an item to the first worker that has nothing else to do.
  ///
  /// That is between two jobs, or while others end the last items of one. A job does not wait for it.
  ///
  /// A pool of one worker does it in ``workAside(while:)`` only. Items begin in the order in which
  /// they were left; those that have not begun when the pool ends are dropped.
  ///
  /// - Parameter body: The work, as a worker of the pool; it must not call the pool.
  public func leaveAside(_ body: @escaping @Sendable (_ worker: Int) -> Void) {
    board.leaveAside(body)
  }

  /// Works on what was left aside, or waits while others do, until `isNeeded` says no.
  ///
  /// - Parameter isNeeded: Asked before each item; what it says may change with the end of an item
  ///   only. Not from within a body.
  public func workAside(while isNeeded: () -> Bool) {
    precondition(nestedWorker() == nil, "workAside from within a body")
    asCaller { board.aside.work(worker: 0, while: isNeeded) }
  }

  private func asCaller(_ job: () -> Void) {
    turn.withLock { _ in
      activeCaller.store(UInt(pthread_self()), ordering: .relaxed)
      job()
      activeCaller.store(0, ordering: .relaxed)
    }
  }

  /// The worker that the calling thread is in the open job, or nil if it has no part in it.
  private func nestedWorker() -> Int? {
    let active = activeCaller.load(ordering: .relaxed)
    if active == 0 { return nil }
    let this = pthread_self()
    if active == UInt(this) { return 0 }
    return threads.firstIndex { pthread_equal($0.identity, this) != 0 }.map { $0 + 1 }
  }
}

/// The thread that made a pool, bound as worker 0 while the pool lives.
private struct BoundCaller: Sendable {
  private let thread = csimd_thread_id()
  private let before: AffinityMask?

  init(bindingTo units: [Int]) {
    before = AffinityMask.ofThread(0)
    AffinityMask(units).bind()
  }

  /// Gives the thread its old affinity back.
  ///
  /// Also when another thread drops the pool's last reference. A thread that has ended is left alone: its number may belong to another program.
  func restore() {
    if csimd_thread_exists(thread) != 0 { before?.bind(thread: thread) }
  }
}
