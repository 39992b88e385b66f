import KernelInterface
import Workers

/// Reads the feature vectors of one sample's points, and spreads their gradients over the map.
///
/// Both are done by several workers on parts that do not overlap; in which order a feature's gradient
/// is summed follows from the points alone.
protocol PointSampling: Sendable {
  /// Does what all points share.
  func prepare(_ features: FeatureMap, sample: Int, _ pool: WorkerPool, _ kernels: TrainingKernels)

  /// Writes feature vectors and coordinates of some points, one point every `stride` floats.
  func read(
    _ features: FeatureMap, sample: Int, points: Range<Int>,
    into target: UnsafeMutablePointer<Float>, stride: Int, _ kernels: TrainingKernels)

  /// Sets the gradient of the sample's features from that of its points, `[point][feature]`.
  func spread(
    _ gradient: UnsafeMutablePointer<Float>, into features: FeatureMap, sample: Int,
    _ pool: WorkerPool, _ kernels: TrainingKernels)
}

extension FeatureMap {
  /// Sets one plane of a sample to zero.
  func clear(sample: Int, k: Int) { plane(sample: sample, k: k).update(repeating: 0) }

  /// Floats from the sample's first voxel to another.
  func offset(i: Int, j: Int, k: Int) -> Int {
    ((k * shape.size.y + j) * (shape.size.x + 1) + i) * stride
  }
}
