/// Linear sampling of vectors, and its transpose.
///
/// Reading: `point[p] = sum over taps of weight * vector at the tap`, from the first tap on. Spreading
/// adds `weight * point[p]` to the vector at each tap, point after point, so two points may share one.
/// Two taps are linear interpolation along an axis, where a vector may be a whole row or plane of
/// voxels; eight are trilinear interpolation.
public struct SamplingArguments {
  /// The vectors: read, or added to.
  public var map: UnsafeMutablePointer<Float>
  /// `[count][tapCount]`: offsets in floats from `map`.
  public var taps: UnsafePointer<Int>
  /// `[count][tapCount]`: 0 for a tap outside the volume.
  public var weights: UnsafePointer<Float>
  /// Taps per point.
  public var tapCount: Int
  /// Points.
  public var count: Int
  /// Floats of a vector, a multiple of ``FeatureLayout/channelGranule``.
  public var length: Int
  /// The points: written, or read.
  public var points: UnsafeMutablePointer<Float>
  /// Floats from a point to the next.
  public var pointStride: Int

  /// Makes the value from its parts.
  public init(
    map: UnsafeMutablePointer<Float>, taps: UnsafePointer<Int>, weights: UnsafePointer<Float>,
    tapCount: Int, count: Int, length: Int, points: UnsafeMutablePointer<Float>, pointStride: Int
  ) {
    self.map = map
    self.taps = taps
    self.weights = weights
    self.tapCount = tapCount
    self.count = count
    self.length = length
    self.points = points
    self.pointStride = pointStride
  }
}
