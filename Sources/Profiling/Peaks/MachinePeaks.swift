import KernelInterface
import Workers

/// What the machine can do at most, with one worker and with all: measured first in every run, never
/// looked up.
public struct MachinePeaks: Sendable {
  /// Workers that count as all.
  public let workers: Int
  /// Floating-point operations per second of the caller alone.
  public let oneCore: Double
  /// Floating-point operations per second of all workers together.
  public let allCores: Double
  /// Floating-point operations per second on pairs of bfloat16 numbers, by the caller alone.
  public let pairsOneCore: Double
  /// The same of all workers together.
  public let pairsAllCores: Double
  /// Bytes per second, read and written, of copies by the caller alone.
  public let copyOneCore: Double
  /// Bytes per second, read and written, of copies by all workers together.
  public let copyAllCores: Double
  /// What the process used while the caller alone computed, which waits for nothing.
  public let oneCoreUsage: ProcessUsage

  /// Measures for about three quarters of a second; the best round of each counts.
  ///
  /// - Parameters:
  ///   - kernels: The instruction set.
  ///   - pool: The workers.
  ///   - caches: Copies are larger than the last level, as far as a GiB goes.
  ///   - memoryLimit: Most bytes that the copies may take.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public init(
    kernels: KernelTable, pool: WorkerPool, caches: Topology.Caches, memoryLimit: Int
  ) throws(WorkersError) {
    workers = pool.workerCount
    let before = ProcessUsage.now()
    func best(_ workers: Int, _ precision: Precision) -> Double {
      PeakMeasurement.operationsPerSecond(
        kernels: kernels, pool: pool, workers: workers, duration: Self.duration,
        precision: precision
      ).maximum
    }
    oneCore = best(1, .float32)
    oneCoreUsage = ProcessUsage.now() - before
    allCores = workers == 1 ? oneCore : best(workers, .float32)
    pairsOneCore = best(1, .bfloat16)
    pairsAllCores = workers == 1 ? pairsOneCore : best(workers, .bfloat16)
    let wanted = max(Self.leastCopy, 2 * caches.level3)
    let bytes = max(1 << 20, min(wanted, Self.mostCopy, memoryLimit / 4))
    copyOneCore = try PeakMeasurement.copiedBytesPerSecond(
      pool: pool, workers: 1, bytes: bytes, duration: Self.duration
    ).maximum
    copyAllCores =
      workers == 1
      ? copyOneCore
      : try PeakMeasurement.copiedBytesPerSecond(
        pool: pool, workers: workers, bytes: bytes, duration: Self.duration
      ).maximum
  }

  /// What all workers together gain over one: their number at best, less where cores share a clock,
  /// a vector unit, or the machine with others.
  public var gain: Double { allCores / oneCore }

  /// The peak of a number of workers, 1 or all.
  public func operationsPerSecond(workers count: Int) -> Double {
    count == 1 ? oneCore : allCores
  }

  private static let duration = 0.1
  private static let leastCopy = 64 << 20
  private static let mostCopy = 1 << 30
}
