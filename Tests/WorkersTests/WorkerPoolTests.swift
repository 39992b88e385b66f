import Synchronization
import Testing

@testable import Workers

/// Counts calls per item; a fresh one per job.
private final class Tally: Sendable {
  private let counts: [Counter]

  final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }

  init(items: Int) { counts = (0..<items).map { _ in Counter() } }

  func mark(_ item: Int) { counts[item].value.add(1, ordering: .relaxed) }

  var isOncePerItem: Bool { counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 } }
}

/// Workers that stay unbound, in groups of these sizes.
private func groups(_ sizes: [Int]) -> WorkerPlacement {
  WorkerPlacement(
    workers: sizes.enumerated().flatMap { node, size in
      Array(repeating: WorkerPlacement.Worker(processingUnits: [], node: node), count: size)
    })
}

@Suite struct WorkerPoolTests {
  @Test(arguments: [[1], [2], [3], [8], [33], [2, 2], [1, 3], [4, 1, 2], [1, 1, 1, 1, 1]])
  func everyItemRunsExactlyOnce(sizes: [Int]) throws {
    let pool = try WorkerPool(placement: groups(sizes))
    #expect(pool.workerCount == sizes.reduce(0, +))
    #expect(pool.nodeCount == sizes.count)
    for round in 0..<400 {
      let items = [0, 1, 2, 3, 7, 64, 257][round % 7]
      let tally = Tally(items: items)
      pool.run(items) { item, _ in tally.mark(item) }
      #expect(tally.isOncePerItem, "groups \(sizes), round \(round), \(items) items")
    }
  }

  @Test func itemsOfUnequalLengthRunExactlyOnceAndNoWorkerOverlapsItself() throws {
    let pool = try WorkerPool(placement: groups([3, 2]))
    let inside = (0..<pool.workerCount).map { _ in Tally.Counter() }
    let overlaps = Atomic<Int>(0)
    for _ in 0..<50 {
      let tally = Tally(items: 40)
      pool.run(40) { item, worker in
        if inside[worker].value.add(1, ordering: .acquiringAndReleasing).newValue != 1 {
          overlaps.add(1, ordering: .relaxed)
        }
        spin(item % 7 == 0 ? 20_000 : 10)
        tally.mark(item)
        inside[worker].value.subtract(1, ordering: .acquiringAndReleasing)
      }
      #expect(tally.isOncePerItem)
    }
    #expect(overlaps.load(ordering: .relaxed) == 0)
  }

  @Test func resultsWrittenByWorkersAreVisibleToTheCaller() throws {
    let pool = try WorkerPool(threads: 4)
    let buffer = try AlignedBuffer<Int>(count: 1000)
    for round in 1...200 {
      pool.run(1000) { item, _ in buffer.pointer[item] += item * round }
    }
    let sum = 200 * 201 / 2
    #expect((0..<1000).allSatisfy { buffer.pointer[$0] == $0 * sum })
  }

  @Test func callsFromWithinABodyRunOnTheSameWorker() throws {
    let pool = try WorkerPool(threads: 3)
    let tally = Tally(items: 30)
    let elsewhere = Atomic<Int>(0)
    pool.run(10) { outer, worker in
      pool.run(0) { _, _ in elsewhere.add(1, ordering: .relaxed) }
      pool.run(3) { inner, innerWorker in
        if innerWorker != worker { elsewhere.add(1, ordering: .relaxed) }
        tally.mark(outer * 3 + inner)
      }
    }
    #expect(tally.isOncePerItem)
    #expect(elsewhere.load(ordering: .relaxed) == 0)
  }

  @Test func callersOnSeveralThreadsTakeTurns() async throws {
    let pool = try WorkerPool(threads: 3)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<100).allSatisfy { _ in
            let tally = Tally(items: 20)
            pool.run(20) { item, _ in tally.mark(item) }
            return tally.isOncePerItem
          }
        }
      }
      for await correct in group { #expect(correct) }
    }
  }

  @Test func eachNodeRunsItsItemOnItsOwnWorker() throws {
    let pool = try WorkerPool(placement: groups([2, 1, 3]))
    let identities = (0..<3).map { _ in Tally.Counter() }
    for _ in 0..<200 {
      let tally = Tally(items: 3)
      pool.runOnEachNode { node in
        tally.mark(node)
        identities[node].value.store(Int(bitPattern: threadIdentity()), ordering: .relaxed)
      }
      #expect(tally.isOncePerItem)
      // The caller is worker 0 of node 0; the other nodes' items must not land on it. (Node 0's
      // item may run on its second worker.)
      for node in 1..<3 {
        #expect(
          identities[node].value.load(ordering: .relaxed) != Int(bitPattern: threadIdentity()))
      }
    }
  }

  @Test func idleNodesHelpTheOthers() throws {
    let pool = try WorkerPool(placement: groups([1, 1]))
    // The caller's range is blocked by its first item until every other item is done, which takes
    // the other node's worker to steal the rest of that range.
    let done = Atomic<Int>(0)
    pool.run(20) { item, worker in
      if worker == 0 {
        while done.load(ordering: .acquiring) < 19 { spin(1) }
      }
      done.add(1, ordering: .acquiringAndReleasing)
    }
    #expect(done.load(ordering: .relaxed) == 20)
  }

  @Test(arguments: [[1], [2], [4], [2, 2]])
  func whatIsLeftAsideRunsOnceBesideJobs(sizes: [Int]) throws {
    let pool = try WorkerPool(placement: groups(sizes))
    let inside = (0..<pool.workerCount).map { _ in Tally.Counter() }
    let overlaps = Atomic<Int>(0)
    for _ in 0..<50 {
      let aside = Tally(items: 30)
      let left = Tally.Counter()
      for item in 0..<30 {
        pool.leaveAside { worker in
          if inside[worker].value.add(1, ordering: .acquiringAndReleasing).newValue != 1 {
            overlaps.add(1, ordering: .relaxed)
          }
          spin(item % 5 == 0 ? 5000 : 10)
          aside.mark(item)
          inside[worker].value.subtract(1, ordering: .acquiringAndReleasing)
          left.value.add(1, ordering: .acquiringAndReleasing)
        }
        if item % 3 == 0 {
          let tally = Tally(items: 7)
          pool.run(7) { item, _ in tally.mark(item) }
          #expect(tally.isOncePerItem)
        }
      }
      pool.workAside { left.value.load(ordering: .acquiring) < 30 }
      #expect(aside.isOncePerItem)
    }
    #expect(overlaps.load(ordering: .relaxed) == 0)
  }

  @Test func noJobWaitsForWhatWasLeftAside() throws {
    let pool = try WorkerPool(threads: 2)
    let (begun, mayEnd) = (Tally.Counter(), Tally.Counter())
    pool.leaveAside { _ in
      begun.value.store(1, ordering: .releasing)
      while mayEnd.value.load(ordering: .acquiring) == 0 { spin(1) }
    }
    while begun.value.load(ordering: .acquiring) == 0 { spin(1) }
    for _ in 0..<20 {
      let tally = Tally(items: 9)
      pool.run(9) { item, _ in tally.mark(item) }
      #expect(tally.isOncePerItem)
    }
    mayEnd.value.store(1, ordering: .releasing)
  }

  @Test func aPoolEndsWithWhatWasLeftAsideUndone() throws {
    for threads in [1, 3] {
      let pool = try WorkerPool(threads: threads)
      for _ in 0..<1000 { pool.leaveAside { _ in spin(100) } }
    }
  }
}
