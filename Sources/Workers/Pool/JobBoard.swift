import CSIMD
import Synchronization

/// Where the caller posts a job and the workers claim its items.
///
/// Each node has a ticket: (epoch of the job << 32) | (own-node flag << 31) | items not yet claimed.
/// An item is claimed by lowering the ticket with compare-and-swap, and only after that are the
/// job's body and ranges read. A successful claim proves that the job is current, and the job cannot
/// end before the claimed item does; so a worker that wakes up late finds a ticket with nothing
/// left, or work of the job that is current then, never a stale one. The caller waits for items,
/// not for threads: a worker that sleeps or has lost its time slice costs nothing unless it holds an
/// item.
///
/// `@unchecked Sendable`: `body` and `rangeEnds` are written by the caller only while no item is
/// open, and read by workers only while they hold an item; tickets and `left` order the two.
final class JobBoard: @unchecked Sendable {
  /// The work on one item, (item, worker).
  struct Body {
    let call: (Int, Int) -> Void
  }

  /// The most items of one job: the ticket has 31 bits for them.
  static let itemLimit = Int(Int32.max)

  private static let ownNodeFlag: UInt64 = 1 << 31
  private static let itemMask: UInt64 = (1 << 31) - 1

  /// Pauses (about 10 to 40 ns each) before a waiting thread goes to sleep.
  ///
  /// A job lasts milliseconds and a wake-up costs 10 microseconds, so longer spinning gains nothing,
  /// and on a busy machine the spinner loses its time slice.
  private static let spins = 400

  private let nodeCount: Int
  /// Workers on the nodes before each node, and of all nodes at the end.
  private let workersBefore: [Int]
  private let lines: AtomicLines
  private let rangeEnds: UnsafeMutablePointer<Int>
  private var body: UnsafePointer<Body>?
  /// What workers do where they would wait for a job.
  let aside = SideQueue()

  // The lines: low 32 bits of `epoch` and `left` are futex words (both targets are little endian).
  private var epoch: UnsafeMutablePointer<Atomic<UInt64>> { lines[0] }
  private var left: UnsafeMutablePointer<Atomic<UInt64>> { lines[1] }
  private var sleepers: UnsafeMutablePointer<Atomic<UInt64>> { lines[2] }
  private var callerSleeps: UnsafeMutablePointer<Atomic<UInt64>> { lines[3] }
  private var stopping: UnsafeMutablePointer<Atomic<UInt64>> { lines[4] }
  private func ticket(_ node: Int) -> UnsafeMutablePointer<Atomic<UInt64>> { lines[5 + node] }

  /// A board for nodes with these numbers of workers.
  init(workersPerNode: [Int]) {
    nodeCount = workersPerNode.count
    workersBefore = workersPerNode.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    lines = AtomicLines(count: 5 + nodeCount)
    rangeEnds = .allocate(capacity: nodeCount)
    rangeEnds.initialize(repeating: 0, count: nodeCount)
  }

  deinit { rangeEnds.deallocate() }

  // MARK: - The caller

  /// Runs items 0..<count, taking part as worker 0 on node 0; returns when all are done.
  ///
  /// Node n gets a contiguous range in proportion to its workers; who finds its own range empty
  /// helps the others.
  func run(_ count: Int, _ body: UnsafePointer<Body>) {
    post(count, flag: 0, body) { rangeEnd(ofNode: $0, count: count) }
  }

  /// Behind the last item that belongs to a node.
  func rangeEnd(ofNode node: Int, count: Int) -> Int {
    count * workersBefore[node + 1] / workersBefore[nodeCount]
  }

  /// Runs item n on one worker of node n, for every node; returns when all are done.
  func runOnEachNode(_ body: UnsafePointer<Body>) {
    post(nodeCount, flag: Self.ownNodeFlag, body) { $0 + 1 }
  }

  private func post(
    _ count: Int, flag: UInt64, _ body: UnsafePointer<Body>, rangeEnd: (Int) -> Int
  ) {
    self.body = body
    left.pointee.store(UInt64(count), ordering: .relaxed)
    let job = UInt64(UInt32(truncatingIfNeeded: epoch.pointee.load(ordering: .relaxed) &+ 1))
    var start = 0
    for node in 0..<nodeCount {
      let end = rangeEnd(node)
      rangeEnds[node] = end
      ticket(node).pointee.store(job << 32 | flag | UInt64(end - start), ordering: .releasing)
      start = end
    }
    // Sequential order of this store and load against the worker's: either it sees the new epoch or
    // we see that it sleeps. Added, not stored: ``leaveAside(_:)`` may do so at the same time.
    epoch.pointee.add(1, ordering: .sequentiallyConsistent)
    let sleeping = Int(sleepers.pointee.load(ordering: .sequentiallyConsistent))
    if sleeping > 0 {
      // Whose sleep ends is the kernel's choice, so a job bound to nodes wakes everyone.
      csimd_futex_wake(epoch, flag == 0 ? Int32(min(sleeping, count - 1)) : .max)
    }
    drain(worker: 0, node: 0)
    waitForItems()
    self.body = nil
  }

  /// Leaves an item to a worker that has no job, and wakes one that sleeps.
  func leaveAside(_ item: @escaping SideQueue.Item) {
    aside.add(item)
    // A worker that is about to sleep sees a new epoch, finds no open item, and looks here again.
    epoch.pointee.add(1, ordering: .sequentiallyConsistent)
    if sleepers.pointee.load(ordering: .sequentiallyConsistent) > 0 { csimd_futex_wake(epoch, 1) }
  }

  private func waitForItems() {
    var pauses = 0
    while pauses < Self.spins {
      if left.pointee.load(ordering: .acquiring) == 0 { return }
      csimd_pause()
      pauses += 1
    }
    callerSleeps.pointee.store(1, ordering: .sequentiallyConsistent)
    while true {
      let open = left.pointee.load(ordering: .sequentiallyConsistent)
      if open == 0 { break }
      csimd_futex_wait(left, UInt32(truncatingIfNeeded: open))
    }
    callerSleeps.pointee.store(0, ordering: .relaxed)
  }

  // MARK: - The workers

  /// A worker's life: wait for a job, help with it, until the board stops.
  ///
  /// What was left aside and is not begun then is never done.
  func serve(worker: Int, node: Int) {
    var seen: UInt64 = 0
    while true {
      waitForJob(after: seen, worker: worker)
      seen = epoch.pointee.load(ordering: .acquiring)
      if stopping.pointee.load(ordering: .acquiring) != 0 { return }
      drain(worker: worker, node: node)
    }
  }

  /// Ends `serve` of all workers, while no job is open.
  func stop() {
    stopping.pointee.store(1, ordering: .releasing)
    epoch.pointee.add(1, ordering: .sequentiallyConsistent)
    csimd_futex_wake(epoch, .max)
  }

  /// Works on what was left aside until there is a job, and waits where there is none of that.
  private func waitForJob(after seen: UInt64, worker: Int) {
    var pauses = 0
    while epoch.pointee.load(ordering: .acquiring) == seen {
      if aside.workOnNext(worker: worker) {
        pauses = 0
        continue
      }
      if pauses < Self.spins {
        csimd_pause()
        pauses += 1
        continue
      }
      sleepers.pointee.add(1, ordering: .sequentiallyConsistent)
      if epoch.pointee.load(ordering: .sequentiallyConsistent) == seen {
        csimd_futex_wait(epoch, UInt32(truncatingIfNeeded: seen))
      }
      sleepers.pointee.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  /// Works on the own node's items, then on those of the others.
  private func drain(worker: Int, node: Int) {
    for step in 0..<nodeCount {
      let source = (node + step) % nodeCount
      while let item = claim(from: source, foreign: step > 0) {
        perform(item, worker)
        let open = left.pointee.subtract(1, ordering: .sequentiallyConsistent).newValue
        if open == 0, callerSleeps.pointee.load(ordering: .sequentiallyConsistent) != 0 {
          csimd_futex_wake(left, 1)
        }
      }
    }
  }

  private func claim(from node: Int, foreign: Bool) -> Int? {
    let ticket = ticket(node)
    var current = ticket.pointee.load(ordering: .acquiring)
    while true {
      let unclaimed = current & Self.itemMask
      if unclaimed == 0 || (foreign && current & Self.ownNodeFlag != 0) { return nil }
      let result = ticket.pointee.compareExchange(
        expected: current, desired: current - 1, successOrdering: .acquiringAndReleasing,
        failureOrdering: .acquiring)
      if result.exchanged { return rangeEnds[node] - Int(unclaimed) }
      current = result.original
    }
  }

  /// Runs the open job's body on one item.
  ///
  /// WORKAROUND: Never inlined (Swift 6.3.1). Reading the closure retains it, and the release must come
  /// before the item counts as done: the caller then ends the closure's life and checks that nobody
  /// holds it. Inlined, the release might move behind. To be tried by inlining and `WorkersTests`.
  @inline(never)
  private func perform(_ item: Int, _ worker: Int) {
    guard let body else { preconditionFailure("item \(item) claimed without a job") }
    body.pointee.call(item, worker)
  }
}
