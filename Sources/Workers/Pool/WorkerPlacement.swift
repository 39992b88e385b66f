/// Where each worker of a pool runs: a pure function of the topology and the wishes.
public struct WorkerPlacement: Sendable, Equatable {
  /// One worker.
  public struct Worker: Sendable, Equatable {
    /// The hardware threads it is bound to; empty if it may run anywhere.
    public var processingUnits: [Int]
    /// Its group, from 0 without gaps: workers of one group share the memory of a NUMA node.
    public var node: Int
  }

  /// All workers, sorted by node; worker 0 is the calling thread.
  public var workers: [Worker]

  /// Groups of workers, at least 1.
  public var nodeCount: Int { (workers.last?.node ?? 0) + 1 }

  /// Workers that may run anywhere, in one group.
  public static func unbound(threads: Int) -> WorkerPlacement {
    precondition(threads >= 1, "threads: \(threads)")
    return WorkerPlacement(
      workers: Array(repeating: Worker(processingUnits: [], node: 0), count: threads))
  }

  /// Chooses the workers' places.
  ///
  /// Workers that cover every allowed core are bound to a hardware thread each. Fewer are spread
  /// over the nodes in proportion to their cores and bound to the node only: runs side by side
  /// would otherwise all sit on the same first cores. Fewer than there are nodes, and a single
  /// worker, stay free in one group.
  ///
  /// - Parameters:
  ///   - topology: What this process may use.
  ///   - threads: Workers wished, 1 or more; nil for one per core.
  ///   - allHardwareThreads: Without `threads`: one worker per hardware thread instead of per core.
  ///   - pin: Whether workers are bound at all.
  /// - Returns: One worker per thread, sorted by node.
  /// - Throws: ``WorkersError/tooManyThreads(requested:allowed:reason:)`` beyond the hardware
  ///   threads, or beyond a CPU quota.
  public static func plan(
    topology: Topology, threads: Int?, allHardwareThreads: Bool, pin: Bool
  ) throws(WorkersError) -> WorkerPlacement {
    let most = topology.maximumThreads
    let count = threads ?? (allHardwareThreads ? most : topology.defaultThreads)
    precondition(count >= 1, "threads: \(count)")
    guard count <= most else {
      throw .tooManyThreads(requested: count, allowed: most, reason: topology.limitedBy)
    }
    guard pin, count >= 2, count >= topology.nodes.count else { return unbound(threads: count) }
    return count < topology.physicalCores
      ? boundToNodes(topology, count) : boundToUnits(topology, count)
  }

  private static func boundToNodes(_ topology: Topology, _ count: Int) -> WorkerPlacement {
    let shares = apportion(count, weights: topology.nodes.map(\.cores.count))
    return grouped(
      zip(topology.nodes, shares).map { node, share in
        let units = node.cores.flatMap(\.processingUnits).sorted()
        return Array(repeating: units, count: share)
      })
  }

  private static func boundToUnits(_ topology: Topology, _ count: Int) -> WorkerPlacement {
    // Every core first, then second hardware threads, shared among the nodes that have some.
    let extra = topology.nodes.map { node in
      node.cores.reduce(-node.cores.count) { $0 + $1.processingUnits.count }
    }
    let shares = apportion(count - topology.physicalCores, weights: extra)
    return grouped(
      zip(topology.nodes, shares).map { node, share in
        let deepest = node.cores.map(\.processingUnits.count).max() ?? 0
        let byRound = (0..<deepest).flatMap { round in
          node.cores.compactMap { core in
            round < core.processingUnits.count ? core.processingUnits[round] : nil
          }
        }
        return byRound.prefix(node.cores.count + share).map { [$0] }
      })
  }

  /// Numbers the nodes that got workers, without gaps.
  private static func grouped(_ units: [[[Int]]]) -> WorkerPlacement {
    let used = units.filter { !$0.isEmpty }
    return WorkerPlacement(
      workers: used.enumerated().flatMap { node, workers in
        workers.map { Worker(processingUnits: $0, node: node) }
      })
  }

  /// Splits `count` in proportion to `weights`; no share exceeds its weight if their sum does not.
  private static func apportion(_ count: Int, weights: [Int]) -> [Int] {
    let total = weights.reduce(0, +)
    guard total > 0 else { return weights }
    var shares: [Int] = []
    var sum = 0
    for weight in weights {
      let before = count * sum / total
      sum += weight
      shares.append(count * sum / total - before)
    }
    return shares
  }
}
