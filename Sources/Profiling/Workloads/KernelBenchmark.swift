import FusedInference
import KernelInterface
import Workers

/// Measures every kernel alone on the shapes of real layers, on the calling thread.
public enum KernelBenchmark {
  /// Measures all shapes of ``KernelShapes``.
  ///
  /// - Parameters:
  ///   - kernels: The instruction set.
  ///   - tile: Points that the decoder takes together.
  ///   - repetition: How many runs of each.
  ///   - monitor: May cancel from any thread.
  ///   - progress: Told the share that is done.
  /// - Returns: One result per shape.
  /// - Throws: ``WorkersError`` if the memory cannot be had, or `InferenceError.cancelled`.
  public static func measure(
    kernels: KernelTable, tile: Int, repetition: Repetition, monitor: UpsampleMonitor,
    progress: (Double) -> Void
  ) throws -> [BenchmarkResult] {
    let makers = KernelWorkload.all(kernels, tile: tile)
    return try makers.enumerated().map { number, maker in
      progress(Double(number) / Double(makers.count))
      return try measure(maker.make(), repetition: repetition, monitor: monitor)
    }
  }

  private static func measure(
    _ workload: KernelWorkload, repetition: Repetition, monitor: UpsampleMonitor
  ) throws -> BenchmarkResult {
    _ = MemoryLimit.resetPeakResidentBytes()
    let outcome = try repetition.measure {
      if monitor.isCancelled { throw InferenceError.cancelled }
      return [seconds(of: workload.run)]
    }
    return BenchmarkResult(
      name: "\(workload.name)/1t", label: workload.name, seconds: outcome.parts[0], workers: 1,
      operations: (workload.executed?() ?? workload.operations) / 2,
      directOperations: workload.operations / 2,
      voxels: workload.voxels, bytes: workload.bytes, peakBytes: MemoryLimit.peakResidentBytes(),
      plannedBytes: nil, steps: [], runs: outcome.runs, usedUnits: [], usage: outcome.usage)
  }
}
