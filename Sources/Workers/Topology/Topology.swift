/// The processors that this process may use, and how they share memory and caches.
///
/// Only what is allowed is listed: first the affinity mask (which already contains the cgroup's
/// cpuset), then the CPU quota of the control groups. Numbers of processing units are those of the
/// operating system.
public struct Topology: Sendable, Equatable {
  /// A physical core with the hardware threads of it that may be used.
  public struct Core: Sendable, Equatable {
    /// The operating system's numbers of the hardware threads, at least one, ascending.
    public var processingUnits: [Int]
  }

  /// Memory and the cores near it.
  public struct Node: Sendable, Equatable {
    /// The operating system's number of the NUMA node.
    public var index: Int
    /// The allowed cores near this memory, at least one.
    public var cores: [Core]
  }

  /// Data cache sizes in bytes of the first core; 0 where unknown.
  public struct Caches: Sendable, Equatable {
    /// First-level data cache of one core.
    public var level1: Int
    /// Second-level cache, mostly of one core.
    public var level2: Int
    /// Last-level cache, mostly shared by several cores.
    public var level3: Int
  }

  /// What decided how many threads are allowed.
  public enum Limit: Sendable, Equatable {
    /// Everything the machine has may be used.
    case machine
    /// The affinity mask (taskset, cpuset) leaves out processing units.
    case affinity
    /// The control group grants this many CPUs' worth of time.
    case quota(cpus: Double)
  }

  /// Where the description comes from.
  public enum Source: String, Sendable, Equatable {
    /// hwloc, describing this machine.
    case hwloc
    /// hwloc, describing another machine (synthetic or from a file).
    case otherMachine
    /// The affinity mask alone, every hardware thread taken for a core of one node.
    case affinityMask
  }

  /// Nodes with at least one allowed core, at least one node.
  public var nodes: [Node]
  /// Cache sizes.
  public var caches: Caches
  /// What limits the number of threads.
  public var limitedBy: Limit
  /// Where the description comes from.
  public var source: Source

  /// Allowed cores of all nodes.
  public var physicalCores: Int { nodes.reduce(0) { $0 + $1.cores.count } }

  /// Allowed hardware threads of all nodes.
  public var hardwareThreads: Int {
    nodes.reduce(0) { $0 + $1.cores.reduce(0) { $0 + $1.processingUnits.count } }
  }

  /// Threads to use if nothing is asked for: one per core, fewer under a CPU quota.
  public var defaultThreads: Int { min(physicalCores, quotaThreads) }

  /// The most threads that make sense: one per hardware thread, fewer under a CPU quota.
  public var maximumThreads: Int { min(hardwareThreads, quotaThreads) }

  /// A quota of 1.5 CPUs gives 2 threads: with one, a third of the granted time would be lost.
  private var quotaThreads: Int {
    guard case .quota(let cpus) = limitedBy else { return .max }
    return max(1, Int(min(cpus, 1e6).rounded(.up)))
  }
}

extension Topology.Limit: CustomStringConvertible {
  /// The limit in words.
  public var description: String {
    switch self {
    case .machine: return "all of the machine"
    case .affinity: return "the affinity mask of this process"
    case .quota(let cpus): return "the CPU quota of the control group, \(cpus) CPUs"
    }
  }
}

extension Topology {
  /// Describes what this process may use of this machine.
  ///
  /// Ask before a pinned pool exists on the calling thread: its affinity counts. hwloc obeys its
  /// environment (`HWLOC_SYNTHETIC`, `HWLOC_XMLFILE`, ...); a description of another machine is
  /// taken as it is, without this machine's limits. If hwloc gives nothing usable, the affinity mask
  /// alone is used.
  public static func detect() -> Topology {
    let allowed = AffinityMask.ofThread(0)?.processingUnits ?? []
    guard var topology = HwlocTopology.load(allowed: allowed) else {
      return limited(affinityOnly(allowed), machineUnits: allowed.count)
    }
    if topology.source == .otherMachine { return topology }
    let listed = Set(topology.nodes.flatMap { $0.cores.flatMap(\.processingUnits) })
    // hwloc restricted to a part of the machine (say by HWLOC_COMPONENTS) must not cost cores.
    if listed != Set(allowed) { topology = affinityOnly(allowed) }
    return limited(topology, machineUnits: ProcessorCount.online())
  }

  /// A machine described by hwloc's synthetic form, for example `numa:2 core:4 pu:1`.
  ///
  /// - Throws: ``WorkersError/syntheticTopology(description:)`` if hwloc refuses the description.
  public static func synthetic(_ description: String) throws(WorkersError) -> Topology {
    guard let topology = HwlocTopology.load(synthetic: description) else {
      throw .syntheticTopology(description: description)
    }
    return topology
  }

  /// One node, every allowed hardware thread taken for a core: what is known without hwloc.
  static func affinityOnly(_ allowed: [Int]) -> Topology {
    let units = allowed.isEmpty ? Array(0..<ProcessorCount.online()) : allowed
    let cores = units.map { Core(processingUnits: [$0]) }
    return Topology(
      nodes: [Node(index: 0, cores: cores)], caches: ProcessorCount.caches(), limitedBy: .machine,
      source: .affinityMask)
  }

  /// Adds what limits the process: the mask, or a quota that grants less than the mask.
  static func limited(
    _ topology: Topology, machineUnits: Int, groups: ControlGroups = ControlGroups()
  ) -> Topology {
    var result = topology
    if result.hardwareThreads < machineUnits { result.limitedBy = .affinity }
    if let cpus = groups.cpuQuota(), cpus < Double(result.hardwareThreads) {
      result.limitedBy = .quota(cpus: cpus)
    }
    return result
  }
}
