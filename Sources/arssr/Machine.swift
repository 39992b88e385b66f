import Files
import KernelInterface
import SIMDKernels
import Volumes
import Workers

/// What this run computes with: workers, kernels and a limit on memory.
struct Machine: Sendable {
  let topology: Topology
  let pool: WorkerPool
  let kernels: KernelTable
  /// Most bytes that the run may have at its peak.
  let memoryLimit: Int
  /// Bytes that the program has resident before it reads anything: code, libraries, workers.
  let residentBytes: Int

  var instructionSet: String { kernels.instructionSet.rawValue }

  /// Finds out what this process may use and takes what was asked for.
  ///
  /// - Throws: If the CPU lacks the instruction set, or more threads were asked for than there are.
  init(_ request: ComputingRequest, console: Console) throws(Failure) {
    let topology = Topology.detect()
    self.topology = topology
    kernels = try Self.kernels(request.instructionSet)
    let wish = request.threads?.value
    let (threads, reason) = Self.threads(wish, topology)
    do throws(WorkersError) {
      pool = try WorkerPool(
        placement: try WorkerPlacement.plan(
          topology: topology, threads: threads, allHardwareThreads: wish == .allHardwareThreads,
          pin: request.pin ?? true))
    } catch {
      throw Failure(error, threads: request.threads)
    }
    let available = MemoryLimit.availableBytes()
    memoryLimit = request.memory.bytes(available: available.bytes)
    residentBytes = MemoryLimit.residentBytes()
    console.info(
      "\(counted(pool.workerCount, "thread")) (\(reason)), "
        + counted(pool.nodeCount, "NUMA node"))
    console.info(
      "memory at most \(ByteSize.text(memoryLimit)), \(ByteSize.text(available.bytes)) available "
        + "(\(available.reason.rawValue))")
    console.info(
      "instruction set \(instructionSet), of \(BuildDescription.instructionSets.joined(separator: ", "))"
    )
  }

  var json: JSON { json(threads: pool.workerCount) }

  /// The description, for a number of threads of the run as a whole.
  func json(threads: Int) -> JSON {
    .object([
      ("cpu", .string(ProcessorName.text)), ("isa", .string(instructionSet)),
      ("threads", .integer(threads)), ("numaNodes", .integer(topology.nodes.count)),
    ])
  }

  private static func kernels(_ choice: InstructionSetChoice) throws(Failure) -> KernelTable {
    let set: InstructionSet =
      switch choice {
      case .automatic: .best
      case .named(let set): set
      }
    do {
      return try KernelTables.table(for: set)
    } catch {
      throw Failure(
        .instructionSetMissing(
          name: set.rawValue, available: InstructionSet.available.map(\.rawValue)))
    }
  }

  /// The number of workers that was asked for, or nil for one per core; and who decided.
  ///
  /// Where nobody asked, the variables by which batch systems hand out cores are obeyed.
  static func threads(
    _ wish: ThreadCount?, _ topology: Topology
  ) -> (count: Int?, reason: String) {
    switch wish {
    case .exactly(let count): return (count, "as asked")
    case .allHardwareThreads: return (nil, "all hardware threads")
    case nil: break
    }
    var best = topology.defaultThreads
    var reason = "one per core; \(topology.limitedBy)"
    for variable in ["OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK"] {
      // OMP_NUM_THREADS may be a list, one number per level of nesting.
      let first = Environment.value(variable)?.prefix { $0 != "," }
      if let limit = first.flatMap({ NumberText.integer($0) }), limit >= 1, limit < best {
        best = limit
        reason = variable
      }
    }
    return (best, reason)
  }
}

extension Failure {
  /// What the system refused, as a failure of this run; `threads` is who asked for how many.
  init(_ error: WorkersError, threads: Setting<ThreadCount>? = nil) {
    switch error {
    case .allocation(let bytes, _): self.init(.memoryRefused(bytes: bytes))
    case .threadCreation(let number): self.init(.threadsRefused(errorNumber: number))
    case .tooManyThreads(let requested, let allowed, let reason):
      self.init(
        .tooManyThreads(
          setting: threads?.asGiven(option: "threads") ?? "--threads \(requested)",
          requested: requested, allowed: allowed, reason: reason.description))
    case .syntheticTopology(let description):
      self.init(.notUnderstood("topology \"\(Escaping.text(description))\""))
    }
  }

  static func ofWorkers<Value>(
    _ work: () throws(WorkersError) -> Value
  ) throws(Failure) -> Value {
    do throws(WorkersError) {
      return try work()
    } catch {
      throw Failure(error)
    }
  }
}
