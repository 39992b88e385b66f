import FusedInference
import KernelInterface
import Volumes
import Workers

/// How fast this machine is just now, measured for a moment: what forecasts and shares of peak are
/// made from.
public enum PeakMeasurement {
  /// Floating-point operations per second (1 FMA = 2) of some workers together, in several rounds.
  ///
  /// There is no memory traffic, so this is the most that any kernel of the table could reach. A
  /// round ends when its slowest worker does, so a core that is taken away shows.
  ///
  /// - Parameters:
  ///   - kernels: The instruction set.
  ///   - pool: Whose workers run.
  ///   - workers: How many of them; 1: the caller alone.
  ///   - duration: Seconds to measure, about.
  ///   - precision: Of what is multiplied.
  /// - Returns: A rate per round.
  public static func operationsPerSecond(
    kernels: KernelTable, pool: WorkerPool, workers: Int, duration: Double,
    precision: Precision = .float32
  ) -> Samples {
    let peak = precision == .float32 ? kernels.peak : kernels.peakOfPairs
    func round(_ iterations: Int) -> Double {
      seconds { pool.run(workers) { _, _ in _ = operations(of: peak, iterations) } }
    }
    let perIteration = operations(of: peak, 1)
    var iterations = 10_000
    while round(iterations) < roundSeconds { iterations *= 2 }
    let rounds = max(5, Int(duration / roundSeconds))
    return Samples(
      (0..<rounds).map { _ in Double(perIteration * iterations * workers) / round(iterations) })
  }

  /// Runs the kernel on memory of its own and returns the operations that it did.
  private static func operations(
    of peak: (Int, UnsafeMutablePointer<Float>) -> Int, _ iterations: Int
  ) -> Int {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 64) { buffer in
      buffer.initialize(repeating: 1)
      return buffer.baseAddress.map { peak(iterations, $0) } ?? 0
    }
  }

  /// Long against a worker's wake-up (16 us), short against a time slice of the system.
  private static let roundSeconds = 0.004

  /// Bytes per second, read and written, of some workers that copy large arrays.
  ///
  /// - Parameters:
  ///   - pool: Whose workers run.
  ///   - workers: How many of them; 1: the caller alone.
  ///   - bytes: Size of the source, and of the target; more than the caches hold.
  ///   - duration: Seconds to measure, about.
  /// - Returns: A rate per round.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public static func copiedBytesPerSecond(
    pool: WorkerPool, workers: Int, bytes: Int, duration: Double
  ) throws(WorkersError) -> Samples {
    let source = try AlignedBuffer<UInt8>(count: bytes)
    let target = try AlignedBuffer<UInt8>(count: bytes)
    func round() -> Double {
      seconds {
        pool.run(workers) { item, _ in
          let part = bytes * item / workers..<bytes * (item + 1) / workers
          (target.pointer + part.lowerBound).update(
            from: source.pointer + part.lowerBound, count: part.count)
        }
      }
    }
    // Pages get their place when they are first written; a source that was never written would be
    // one page of zeros, read from cache.
    pool.run(workers) { item, _ in
      let part = bytes * item / workers..<bytes * (item + 1) / workers
      (source.pointer + part.lowerBound).update(repeating: 1, count: part.count)
    }
    let first = round()
    let rounds = max(5, min(100, Int(duration / max(first, 1e-6))))
    return Samples((0..<rounds).map { _ in Double(2 * bytes) / round() })
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
