import KernelInterface
import Networks
import Volumes
import Workers

/// Learned gradient filters in place of a network: the same grids, rows and finishing.
///
/// The input is interpolated by quadratic splines without prefilter on the target grid, plane by plane,
/// or, for filters that were learned on k-space, made finer by zeros around its spectrum; it is filtered
/// there; where the filters say so, mirrored beyond its faces. All bytes are the same for any number of workers and any window of planes.
public final class FilterUpsampler: Sendable {
  let bank: FilterBank
  let pool: WorkerPool

  /// Packs filters.
  ///
  /// - Throws: ``InferenceError/allocation(_:)``.
  public init(
    filters: GradientFilters, kernels: KernelTable, pool: WorkerPool
  ) throws(InferenceError) {
    self.pool = pool
    do {
      bank = try FilterBank(filters, kernels: kernels.filters)
    } catch {
      throw .allocation(error)
    }
  }

  /// What filtering a volume costs.
  public struct Plan: Sendable, Equatable {
    /// Where the output voxels lie.
    public let sampling: Sampling
    /// Voxels of the input along i, j, k.
    public let inputSize: SIMD3<Int>
    /// Bytes at the peak, the input's voxels included.
    public let peakBytes: Int
    /// Output planes that are made before they are handed on together.
    public let windowPlanes: Int
    /// Multiply-accumulates.
    public let operations: Int
  }

  /// Works out the cost.
  ///
  /// - Parameters:
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - sampling: Where the output voxels lie, axes parallel to the input's and in the same direction.
  ///   - output: The settings that the run will get; a mask takes memory.
  ///   - held: What is resident beside the job.
  ///   - memoryLimit: Bytes at the peak; nil: as many as it takes.
  /// - Returns: The cost.
  /// - Throws: ``InferenceError/memoryLimit(needed:limit:)`` if not even one plane at a time fits.
  public func plan(
    inputSize: SIMD3<Int>, sampling: Sampling, output: OutputSettings,
    held: HeldMemory = HeldMemory(), memoryLimit: Int?
  ) throws(InferenceError) -> Plan {
    let size = sampling.outputSize
    let filters = bank.filters
    let framed = FilterFrame(filters, size: size).framedSize
    // Zero filling makes the whole volume at once, in two passes.
    let wholes = filters.source == .kspace ? 3 * size.x * size.y * size.z : 0
    let fixed =
      wholes * MemoryLayout<Float>.size
      + inputSize.x * inputSize.y * inputSize.z * MemoryLayout<Float>.size
      + (output.mask?.byteCount ?? 0) + FilterBank.byteCount(filters)
      + pool.workerCount * FilterScratch.byteCount(filters, width: framed.x)
    func peak(_ planes: Int) -> Int {
      let held3 = FilterSlab.planes(planes, reach: filters.reach, depth: framed.z) + 2 * planes + 2
      return held.peak(
        jobBytes: fixed + held3 * framed.x * framed.y * MemoryLayout<Float>.size,
        windowPlanes: planes)
    }
    var planes = OutputWindow.plannedPlanes(sampling)
    if let memoryLimit {
      while planes > 1, peak(planes) > memoryLimit { planes -= 1 }
      if peak(planes) > memoryLimit {
        throw .memoryLimit(needed: peak(planes) + held.variation, limit: memoryLimit)
      }
    }
    return Plan(
      sampling: sampling, inputSize: inputSize, peakBytes: peak(planes), windowPlanes: planes,
      operations: OperationCount.product(sampling.insideCount, filters.operationsPerVoxel))
  }

  /// Makes all output voxels of a volume and hands them on, plane by plane in file order.
  ///
  /// - Parameters:
  ///   - plan: From ``plan(inputSize:sampling:output:held:memoryLimit:)`` of this object.
  ///   - voxels: The input, i fastest.
  ///   - intensity: What becomes 0 and 1. Filters are learned with 0 and nearly the largest intensity;
  ///     their strengths mean nothing otherwise.
  ///   - output: What happens to the values.
  ///   - monitor: Counts work, and may cancel from any thread.
  ///   - sink: Receives whole output planes, `[k][j][i]`, on the calling thread.
  /// - Returns: The seconds that it took.
  /// - Throws: ``InferenceError``, or what the sink throws.
  public func run(
    _ plan: Plan, voxels: [Float], intensity: IntensityMap, output: OutputSettings,
    monitor: UpsampleMonitor = UpsampleMonitor(), sink: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> Upsampler.Timings {
    var run = try FilterRun(
      upsampler: self, plan: plan, voxels: voxels, intensity: intensity, output: output,
      monitor: monitor)
    return try run.execute(sink: sink)
  }
}
