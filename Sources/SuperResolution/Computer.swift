import KernelInterface
import SIMDKernels
import Workers

/// What work is done with: threads, an instruction set, a limit on memory.
///
/// One is enough for a program. Calls from several threads take turns; the calling thread works too,
/// and no thread is bound to a core, because the rest of the program is not this library's to place.
public struct Computer: Sendable {
  /// The share of the available memory that is used where no limit is given.
  private static let memoryShare = 0.8

  /// The instruction set of the kernels.
  public var instructionSet: InstructionSet { kernels.instructionSet }
  /// Threads that work, the caller's included.
  public var threads: Int { pool.workerCount }
  /// Most bytes that one call may take at its peak.
  public let memoryLimit: Int

  let pool: WorkerPool
  let kernels: KernelTable

  /// Finds out what this process may use and starts the threads.
  ///
  /// - Parameters:
  ///   - threads: 1 or more; nil for one per core that the process may use (affinity, control group).
  ///   - instructionSet: Nil for the best that the CPU has. Results of different sets differ in the
  ///     last bits.
  ///   - memoryLimit: Bytes; nil for four fifths of what is available.
  /// - Throws: If the CPU lacks the set, or there are fewer threads.
  public init(
    threads: Int? = nil, instructionSet: InstructionSet? = nil, memoryLimit: Int? = nil
  ) throws(SuperResolutionError) {
    if let threads, threads < 1 {
      throw .argument(name: "threads", value: "\(threads)", wanted: "1 or more")
    }
    let set = instructionSet ?? .best
    guard let kernels = try? KernelTables.table(for: set) else {
      throw .instructionSet(set, available: InstructionSet.available)
    }
    self.kernels = kernels
    do throws(WorkersError) {
      pool = try WorkerPool(
        placement: try WorkerPlacement.plan(
          topology: .detect(), threads: threads, allHardwareThreads: false, pin: false))
    } catch {
      throw .system(error)
    }
    self.memoryLimit =
      memoryLimit ?? Int(Double(MemoryLimit.availableBytes().bytes) * Self.memoryShare)
  }
}
