import Volumes
import Workers

/// The perceptual sharpness index (PSI) of every slice of a volume across the three axes.
public struct VolumeSharpness: Sendable, Equatable {
  /// The index of the slices across each axis; 0 for slices without a measured edge or a side below 96.
  public let slices: [[Double]]

  /// The mean over all slices; NaN if a voxel is not finite.
  public let mean: Double

  /// The mean over the slices that have an edge; NaN if there is none.
  public var meanOfMeasured: Double {
    let measured = slices.joined().filter { $0 > 0 }
    return measured.reduce(0, +) / Double(measured.count)
  }

  /// Slices that have an edge.
  public var measuredCount: Int { slices.joined().count { $0 > 0 } }

  /// Measures a volume.
  ///
  /// - Parameters:
  ///   - voxels: i fastest.
  ///   - size: Voxels along i, j, k.
  ///   - limits: What black and white stand for: the limits of the reference.
  ///   - pool: Shares the slices; its size changes no result.
  public init(
    _ voxels: [Float], size: SIMD3<Int>, limits: (low: Double, high: Double), pool: WorkerPool
  ) {
    precondition(voxels.count == size.x * size.y * size.z, "\(voxels.count) voxels for \(size)")
    guard voxels.allSatisfy(\.isFinite), limits.low.isFinite, limits.high.isFinite else {
      slices = []
      mean = .nan
      return
    }
    slices = (0..<3).map { axis in
      pool.map(size[axis]) { index in
        PerceptualSharpness(
          GraySlice(voxels, size: size, axis: axis, index: index, limits: limits)
        ).index
      }
    }
    mean = slices.joined().reduce(0, +) / Double(size.x + size.y + size.z)
  }
}
