import Volumes

extension Interpolation {
  /// What interpolating a volume costs.
  public struct Plan: Sendable, Equatable {
    /// Bytes at the peak, the input's voxels included.
    public let peakBytes: Int
    /// Output planes that are made before they are handed on together.
    public let windowPlanes: Int
    /// Multiply-accumulates: one per tap and axis of every output row.
    public let operations: Int
  }

  /// Positions, taps and weights per output index of an axis.
  private static let tableBytes = 96

  /// Works out the cost.
  ///
  /// - Parameters:
  ///   - method: The formula.
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - sampling: Where the output voxels lie.
  ///   - output: The settings that the run will get; a mask takes memory.
  ///   - held: What is resident beside the job.
  ///   - memoryLimit: Bytes at the peak; nil: as many as it takes.
  /// - Returns: The cost.
  /// - Throws: ``InferenceError/memoryLimit(needed:limit:)`` if it is beyond the limit; there is only
  ///   one way to interpolate, so that is also the least that works.
  public static func plan(
    _ method: InterpolationMethod, inputSize: SIMD3<Int>, sampling: Sampling,
    output: OutputSettings, held: HeldMemory = HeldMemory(), memoryLimit: Int?
  ) throws(InferenceError) -> Plan {
    let voxels = inputSize.x * inputSize.y * inputSize.z
    let size = sampling.outputSize
    let planes = OutputWindow.plannedPlanes(sampling)
    // The cubic method holds coefficients beside the voxels; the others share the voxels.
    let copies = method == .cubic ? 2 : 1
    let floats = voxels * copies + planes * size.x * size.y
    let taps: [InterpolationMethod: Int] = [.nearest: 1, .linear: 2, .cubic: 4, .lanczos3: 6]
    let plan = Plan(
      peakBytes: held.peak(
        jobBytes: floats * MemoryLayout<Float>.size + (output.mask?.byteCount ?? 0)
          + size.wrappedSum() * tableBytes, windowPlanes: planes),
      windowPlanes: planes,
      operations: OperationCount.product(sampling.insideCount, 3 * (taps[method] ?? 1)))
    if let memoryLimit, plan.peakBytes > memoryLimit {
      throw .memoryLimit(needed: plan.peakBytes + held.variation, limit: memoryLimit)
    }
    return plan
  }
}
