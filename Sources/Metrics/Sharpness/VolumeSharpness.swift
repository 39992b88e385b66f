import KernelInterface
import Volumes
import Workers

/// How sharp the slices of volumes of one size are, by measures that need no reference.
public struct VolumeSharpness: Sendable {
  /// Voxels along i, j, k.
  public let size: SIMD3<Int>

  /// Prepares volumes of a size.
  public init(size: SIMD3<Int>) { self.size = size }

  /// Least side of slices whose PSI can be other than 0.
  public static let leastPerceptualSide = PerceptualSharpness.leastSide

  /// Slices whose PSI is 0 because a side is below ``leastPerceptualSide``.
  public var unmeasuredSliceCount: Int {
    (0..<3).reduce(0) { count, axis in
      let (rows, columns) = GraySlice.size(size, axis: axis)
      return min(rows, columns) < Self.leastPerceptualSide ? count + size[axis] : count
    }
  }

  /// The perceptual sharpness index (PSI) of every slice; 0 for slices without a measured edge or with a
  /// side below ``leastPerceptualSide``.
  ///
  /// - Parameters:
  ///   - voxels: i fastest.
  ///   - limits: What black and white stand for: the limits of the reference.
  ///   - pool: Shares the slices; its size changes no result.
  /// - Returns: The indices, NaN where a voxel is not finite.
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  public func perceptual(
    _ voxels: [Float], limits: (low: Double, high: Double), pool: WorkerPool
  ) throws(WorkersError) -> SliceScores {
    guard isDefined(voxels, limits) else { return .undefined(size) }
    let grays = GrayVolume(voxels, size: size, limits: limits)
    var scores: [[Double?]] = []
    for axis in 0..<3 {
      let (rows, columns) = GraySlice.size(size, axis: axis)
      var meters: [PerceptualSharpness] = []
      for _ in 0..<pool.workerCount {
        meters.append(try PerceptualSharpness(rows: rows, columns: columns))
      }
      scores.append(
        pool.map(size[axis]) { index, worker in
          meters[worker].index(grays, axis: axis, index: index)
        })
    }
    return SliceScores(scores)
  }

  /// The local phase coherence sharpness index (LPC-SI) of every slice; 0 for constant ones, nil for
  /// slices with a side below 8.
  ///
  /// - Parameters:
  ///   - voxels: i fastest.
  ///   - limits: What black and white stand for: the limits of the reference.
  ///   - kernels: Transforms the slices.
  ///   - pool: Shares the slices; its size changes no result.
  /// - Returns: The indices, NaN where a voxel is not finite.
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  public func coherence(
    _ voxels: [Float], limits: (low: Double, high: Double), kernels: KernelTable, pool: WorkerPool
  ) throws(WorkersError) -> SliceScores {
    guard isDefined(voxels, limits) else { return .undefined(size) }
    let grays = GrayVolume(voxels, size: size, limits: limits)
    var filters: [[Int]: LogGaborFilters] = [:]
    var scores: [[Double?]] = []
    for axis in 0..<3 {
      let (rows, columns) = GraySlice.size(size, axis: axis)
      let isSeen = min(rows, columns) >= PhaseCoherence.leastSide
      guard isSeen else {
        scores.append([Double?](repeating: nil, count: size[axis]))
        continue
      }
      let shared =
        filters[[rows, columns]]
        ?? LogGaborFilters(rows: rows, columns: columns, kernels: kernels)
      filters[[rows, columns]] = shared
      var meters: [PhaseCoherence] = []
      for _ in 0..<pool.workerCount { meters.append(try PhaseCoherence(shared)) }
      scores.append(
        pool.map(size[axis]) { index, worker in
          meters[worker].index(grays.slice(axis: axis, index: index))
        })
    }
    return SliceScores(scores)
  }

  private func isDefined(_ voxels: [Float], _ limits: (low: Double, high: Double)) -> Bool {
    precondition(voxels.count == size.x * size.y * size.z, "\(voxels.count) voxels for \(size)")
    guard limits.low.isFinite, limits.high.isFinite else { return false }
    return voxels.withUnsafeBufferPointer { $0.allSatisfy { $0.isFinite } }
  }
}
