import Synchronization
import Volumes
import Workers

/// Lets another thread stop a degradation.
public final class DegradationMonitor: Sendable {
  private let stopped = Atomic<Bool>(false)

  /// Nothing stops yet.
  public init() {}

  /// Asks the work to stop soon.
  public func cancel() { stopped.store(true, ordering: .relaxed) }

  /// Whether it was asked to.
  public var isCancelled: Bool { stopped.load(ordering: .relaxed) }
}

/// A volume that was made coarser.
public struct DegradedVolume: Sendable {
  /// The standard deviation of the noise that was added; 0: none.
  public let noiseSigma: Double

  fileprivate let voxels: AlignedBuffer<Float>

  /// Calls `body` with the values in the order of the plan's grid, i fastest.
  public func withVoxels<Result, E: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(E) -> Result
  ) throws(E) -> Result {
    defer { withExtendedLifetime(voxels) {} }
    return try body(UnsafeBufferPointer(voxels.elements))
  }

  /// A copy of the values in the order of the plan's grid, i fastest.
  public var values: [Float] { withVoxels { Array($0) } }
}

extension DegradationPlan {
  /// Bytes at the peak: the input, source and result of the largest pass, and the tables of the
  /// Gaussians, which are made for all axes before the first pass.
  public var peakBytes: Int {
    let float = MemoryLayout<Float>.size
    let input = inputSize.x * inputSize.y * inputSize.z
    if request.method == .kspaceBox { return 4 * input * float }
    var size = inputSize
    var largest = 0
    var isFirst = true
    for axis in 0..<3 where axes[axis].isSampled || axes[axis].sigma > 0 {
      let before = isFirst ? 0 : size.x * size.y * size.z
      size[axis] = axes[axis].outputSize
      largest = max(largest, before + size.x * size.y * size.z)
      isFirst = false
    }
    let tables = axes.map { TapTable.gaussianBytes(sigma: $0.sigma, length: $0.inputSize) }
    return (input + (isFirst ? input : largest)) * float + tables.reduce(0, +)
  }

  /// - Throws: ``DegradationError/memoryLimit(needed:limit:)`` if the work and what is held beside it
  ///   take more than `limit`.
  public func check(memoryLimit limit: Int, heldBytes: Int = 0) throws(DegradationError) {
    let needed = peakBytes + heldBytes
    if needed > limit { throw .memoryLimit(needed: needed, limit: limit) }
  }

  /// Makes a volume coarser.
  ///
  /// Arithmetic along a line is double; between axes, and in the end, values are float32. The result
  /// is the same bytes for any number of workers.
  ///
  /// - Parameters:
  ///   - voxels: The input, i fastest; all finite, because one that is not spreads over lines.
  ///   - noise: Noise for the result.
  ///   - mask: Where the result stays; elsewhere it becomes 0, noise included.
  ///   - frame: The frame of a series; it decides about the noise.
  ///   - pool: Shares the lines.
  ///   - monitor: May stop the work.
  /// - Returns: Values and the noise that was added.
  /// - Throws: ``DegradationError/allocation(_:)`` or ``DegradationError/cancelled``.
  public func run(
    _ voxels: [Float], noise: NoiseModel? = nil, mask: RegionMask? = nil, frame: Int = 0,
    pool: WorkerPool, monitor: DegradationMonitor = DegradationMonitor()
  ) throws(DegradationError) -> DegradedVolume {
    precondition(
      voxels.count == inputSize.x * inputSize.y * inputSize.z,
      "voxels: \(voxels.count), size: \(inputSize)")
    let result: AlignedBuffer<Float>
    do throws(WorkersError) {
      result = try sampled(voxels, pool: pool, monitor: monitor)
    } catch {
      throw .allocation(error)
    }
    guard !monitor.isCancelled else { throw .cancelled }
    let sigma = noise?.sigma(for: UnsafeBufferPointer(result.elements)) ?? 0
    noise?.add(to: result.elements, sigma: sigma, frame: frame, pool: pool)
    if let mask { clear(outside: mask, result) }
    return DegradedVolume(noiseSigma: sigma, voxels: result)
  }

  private func sampled(
    _ voxels: [Float], pool: WorkerPool, monitor: DegradationMonitor
  ) throws(WorkersError) -> AlignedBuffer<Float> {
    var result: Result<AlignedBuffer<Float>, WorkersError>?
    voxels.withUnsafeBufferPointer { input in
      guard let base = input.baseAddress else { return }
      result = Result { () throws(WorkersError) in
        try sampled(base, pool: pool, isCancelled: { monitor.isCancelled })
      }
    }
    guard let result else { preconditionFailure("a volume without voxels") }
    return try result.get()
  }

  private func sampled(
    _ input: UnsafePointer<Float>, pool: WorkerPool, isCancelled: @escaping @Sendable () -> Bool
  ) throws(WorkersError) -> AlignedBuffer<Float> {
    if request.method == .kspaceBox, axes.contains(where: \.isSampled) {
      let box = BoxSpectrum(size: inputSize, half: axes.map(\.keptFrequencies))
      return try box.run(input, pool: pool, isCancelled: isCancelled)
    }
    let filters = axes.map { LineFilter(request, $0) }
    return try SeparableFilter(size: inputSize, filters: filters).run(
      input, pool: pool, isCancelled: isCancelled)
  }

  private func clear(outside mask: RegionMask, _ result: AlignedBuffer<Float>) {
    let seen = SampledMask(mask, sampling: sampling, inputSize: inputSize)
    let size = grid.size
    for k in 0..<size.z {
      for j in 0..<size.y {
        let row = result.pointer + (k * size.y + j) * size.x
        for i in 0..<size.x where !seen.contains(i, j, k) { row[i] = 0 }
      }
    }
  }
}
