import KernelInterface
import Volumes
import Workers

/// How fast this machine is just now, measured for a moment: what forecasts and shares of peak are
/// made from where nothing better is known.
public enum PeakMeasurement {
  /// Floating-point operations per second (1 FMA = 2) of all workers together.
  ///
  /// There is no memory traffic, so this is the most that any kernel of the table could reach.
  /// Measuring takes about `seconds`.
  public static func operationsPerSecond(
    kernels: KernelTable, pool: WorkerPool, seconds: Double
  ) -> Double {
    let clock = ContinuousClock()
    let workers = pool.workerCount
    var rates = [Double](repeating: 0, count: workers)
    rates.withUnsafeMutableBufferPointer { rates in
      // Each worker writes its own element.
      nonisolated(unsafe) let rates = rates
      pool.run(workers) { item, _ in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 64) { buffer in
          buffer.initialize(repeating: 1)
          guard let start = buffer.baseAddress else { return }
          var operations = 0
          let begin = clock.now
          var elapsed = 0.0
          repeat {
            operations += kernels.peak(10_000, start)
            elapsed = begin.duration(to: clock.now) / .seconds(1)
          } while elapsed < seconds
          rates[item] = Double(operations) / elapsed
        }
      }
    }
    return rates.reduce(0, +)
  }

  /// Output voxels per second of an interpolation, on a small volume that is doubled.
  public static func voxelsPerSecond(
    _ method: InterpolationMethod, pool: WorkerPool, seconds: Double
  ) throws -> Double {
    let grid = Grid(size: SIMD3(repeating: 48), affine: .identity)
    let sampling = try grid.target(.size(SIMD3(repeating: 96))).sampling
    let voxels = [Float](repeating: 1, count: grid.voxelCount)
    let clock = ContinuousClock()
    let begin = clock.now
    var made = 0
    var elapsed = 0.0
    repeat {
      _ = try Interpolation.run(
        method, voxels: voxels, inputSize: grid.size, sampling: sampling, output: OutputSettings(),
        pool: pool
      ) { made += $0.count }
      elapsed = begin.duration(to: clock.now) / .seconds(1)
    } while elapsed < seconds
    return Double(made) / elapsed
  }
}
