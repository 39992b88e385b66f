import Glibc
import Testing

@testable import Workers

@Suite struct TopologyTests {
  @Test func syntheticDescriptionsKeepNodesCoresAndSiblings() throws {
    let topology = try Topology.synthetic("numa:2 l3:1 core:2 pu:2")
    #expect(topology.nodes.map(\.index) == [0, 1])
    #expect(topology.nodes[1].cores.map(\.processingUnits) == [[4, 5], [6, 7]])
    #expect(topology.physicalCores == 4)
    #expect(topology.hardwareThreads == 8)
    #expect(topology.limitedBy == .machine)
    #expect(topology.source == .otherMachine)
    #expect(topology.caches.level3 > 0)
  }

  @Test func anImpossibleDescriptionIsAnError() {
    #expect(throws: WorkersError.syntheticTopology(description: "no such:thing")) {
      try Topology.synthetic("no such:thing")
    }
  }

  @Test func withoutHwlocEveryAllowedUnitIsACoreOfOneNode() {
    let topology = Topology.affinityOnly([1, 5])
    #expect(
      topology.nodes.map(\.cores) == [[.init(processingUnits: [1]), .init(processingUnits: [5])]])
    #expect(topology.source == .affinityMask)
  }

  @Test func detectionListsExactlyTheAllowedUnits() async {
    await #expect(processExitsWith: .success) {
      let topology = Topology.detect()
      let listed = topology.nodes.flatMap { $0.cores.flatMap(\.processingUnits) }
      exit(listed.sorted() == AffinityMask.ofThread(0)?.processingUnits ? 0 : 1)
    }
  }

  @Test func detectionObeysTheAffinityMask() async throws {
    let allowed = AffinityMask.ofThread(0)?.processingUnits ?? []
    try #require(!allowed.isEmpty)
    guard allowed.count > 1 else { return }
    await #expect(processExitsWith: .success) { [last = allowed[allowed.count - 1] as Int] in
      AffinityMask([last]).bind()
      let topology = Topology.detect()
      let isLimited = topology.limitedBy == .affinity && topology.maximumThreads == 1
      exit(isLimited && topology.nodes[0].cores[0].processingUnits == [last] ? 0 : 1)
    }
  }

  @Test func detectionObeysHwlocSynthetic() async {
    await #expect(processExitsWith: .success) {
      setenv("HWLOC_SYNTHETIC", "numa:2 core:4 pu:1", 1)
      let topology = Topology.detect()
      exit(topology.physicalCores == 8 && topology.nodes.count == 2 ? 0 : 1)
    }
  }

  @Test(arguments: [
    ["HWLOC_XMLFILE", "/nonexistent/machine.xml"], ["HWLOC_SYNTHETIC", "no such:thing"],
    ["HWLOC_COMPONENTS", "stop"], ["HWLOC_FSROOT", "/nonexistent"],
    ["HWLOC_PLUGINS_PATH", "/nonexistent"],
  ])
  func aFailureOfHwlocIsNeverFatalAndCostsNoThread(variable: [String]) async {
    await #expect(processExitsWith: .success) { [variable = variable as [String]] in
      setenv(variable[0], variable[1], 1)
      let topology = Topology.detect()
      let allowed = AffinityMask.ofThread(0)?.processingUnits.count ?? 0
      exit(topology.hardwareThreads == allowed ? 0 : 1)
    }
  }
}
