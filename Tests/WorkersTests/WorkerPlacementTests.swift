import Testing

@testable import Workers

private func plan(
  _ description: String, threads: Int? = nil, all: Bool = false, pin: Bool = true
) throws -> WorkerPlacement {
  try WorkerPlacement.plan(
    topology: .synthetic(description), threads: threads, allHardwareThreads: all, pin: pin)
}

private let twoByFour = "numa:2 core:4 pu:1"
private let twoByTwoByTwo = "numa:2 core:2 pu:2"

@Suite struct WorkerPlacementTests {
  @Test func twoNodesOfFourCoresGetOneWorkerPerCoreGroupedByNode() throws {
    let placement = try plan(twoByFour)
    #expect(placement.workers.map(\.processingUnit) == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(placement.workers.map(\.node) == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(placement.nodeCount == 2)
  }

  @Test func oneCoreGetsOneFreeWorker() throws {
    let placement = try plan("core:1 pu:1")
    #expect(placement == .unbound(threads: 1))
  }

  @Test func siblingsAreLeftIdleUnlessAllAreAskedFor() throws {
    // hwloc numbers the hardware threads of this description core by core.
    #expect(try plan(twoByTwoByTwo).workers.map(\.processingUnit) == [0, 2, 4, 6])
    let all = try plan(twoByTwoByTwo, all: true)
    #expect(all.workers.map(\.processingUnit) == [0, 2, 1, 3, 4, 6, 5, 7])
    #expect(all.workers.map(\.node) == [0, 0, 0, 0, 1, 1, 1, 1])
  }

  @Test func moreThreadsThanCoresShareCoresOnBothNodes() throws {
    let placement = try plan(twoByTwoByTwo, threads: 6)
    #expect(placement.workers.map(\.processingUnit) == [0, 2, 1, 4, 6, 5])
    #expect(placement.workers.map(\.node) == [0, 0, 0, 1, 1, 1])
  }

  @Test func fewerThreadsThanCoresAreSpreadAndBoundToTheirNodeOnly() throws {
    let placement = try plan(twoByFour, threads: 5)
    #expect(placement.workers.map(\.node) == [0, 0, 1, 1, 1])
    #expect(placement.workers[0].processingUnits == [0, 1, 2, 3])
    #expect(placement.workers[4].processingUnits == [4, 5, 6, 7])
    #expect(placement.workers.allSatisfy { $0.processingUnit == nil })
  }

  @Test func fewerThreadsThanNodesStayFreeInOneGroup() throws {
    #expect(try plan("numa:4 core:2 pu:1", threads: 3) == .unbound(threads: 3))
    #expect(try plan("numa:4 core:2 pu:1", threads: 4).nodeCount == 4)
  }

  @Test func withoutPinningAllAreFreeInOneGroup() throws {
    #expect(try plan(twoByFour, pin: false) == .unbound(threads: 8))
  }

  @Test func moreThreadsThanHardwareThreadsIsAnError() {
    #expect(throws: WorkersError.tooManyThreads(requested: 9, allowed: 8, reason: .machine)) {
      try plan(twoByTwoByTwo, threads: 9)
    }
  }

  @Test func aQuotaLimitsTheDefaultAndTheWish() throws {
    var topology = try Topology.synthetic(twoByFour)
    topology.limitedBy = .quota(cpus: 2.5)
    func planned(_ threads: Int?) throws -> WorkerPlacement {
      try WorkerPlacement.plan(
        topology: topology, threads: threads, allHardwareThreads: false, pin: true)
    }
    #expect(try planned(nil).workers.count == 3)
    #expect(
      throws: WorkersError.tooManyThreads(
        requested: 4, allowed: 3, reason: .quota(cpus: 2.5))
    ) { try planned(4) }
  }

  @Test(arguments: [
    "core:1 pu:1", "core:3 pu:2", twoByFour, twoByTwoByTwo, "numa:4 core:3 pu:1",
    "numa:8 core:1 pu:4",
  ])
  func everyAllowedCountGivesThatManyWorkersOnDistinctUnits(description: String) throws {
    let topology = try Topology.synthetic(description)
    for threads in 1...topology.hardwareThreads {
      let placement = try plan(description, threads: threads)
      #expect(placement.workers.count == threads)
      #expect(placement.workers.map(\.node) == placement.workers.map(\.node).sorted())
      #expect(Set(placement.workers.map(\.node)) == Set(0..<placement.nodeCount))
      let units = placement.workers.compactMap(\.processingUnit)
      #expect(Set(units).count == units.count, "\(description), \(threads) threads")
      // No node gets more workers than it has hardware threads, and shares differ by rounding only.
      let perNode = (0..<placement.nodeCount).map { node in
        placement.workers.count { $0.node == node }
      }
      #expect((perNode.max() ?? 0) - (perNode.min() ?? 0) <= 1, "\(description), \(threads)")
    }
  }

  @Test func aPoolRunsOnAPlacementOfAnotherMachine() throws {
    // Units 0...7 of two nodes mostly do not exist here: the pool works unbound then.
    let pool = try WorkerPool(placement: plan(twoByFour))
    let buffer = try AlignedBuffer<Int>(count: 100)
    pool.run(100) { item, _ in buffer.pointer[item] += 1 }
    #expect(buffer.elements.allSatisfy { $0 == 1 })
  }
}

extension WorkerPlacement.Worker {
  /// The one hardware thread it is bound to, or nil if it may move.
  fileprivate var processingUnit: Int? { processingUnits.count == 1 ? processingUnits[0] : nil }
}
