import Workers

/// Items that must be done before the end, but for which no next operation waits.
struct Chore {
  var count: Int
  /// What can only begin when all items are done.
  var next: [Chore] = []
  var body: (_ item: Int, _ worker: Int) -> Void

  init(
    count: Int, next: [Chore] = [], body: @escaping (_ item: Int, _ worker: Int) -> Void
  ) {
    self.count = count
    self.next = next
    self.body = body
  }
}

/// Runs chores beside the items of the next job, so that no worker waits for the last of either.
final class Chores {
  private var open: [Chore] = []
  private let pool: WorkerPool

  init(_ pool: WorkerPool) { self.pool = pool }

  /// Leaves a chore to the next job.
  func leave(_ chore: Chore) { open.append(chore) }

  /// Runs a job, and before its items those of all open chores.
  func run(_ count: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
    let chores = open
    let before = chores.reduce(0) { $0 + $1.count }
    pool.run(before + count) { item, worker in
      if item >= before { return body(item - before, worker) }
      var rest = item
      for chore in chores {
        if rest < chore.count { return chore.body(rest, worker) }
        rest -= chore.count
      }
    }
    open = chores.flatMap(\.next)
  }

  /// Does all that is open.
  func finish() {
    while !open.isEmpty { run(0) { _, _ in } }
  }
}
