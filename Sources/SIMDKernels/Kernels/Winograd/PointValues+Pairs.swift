// Values at the points as pairs of bfloat16, neighbouring channels together.

extension PointValues {
  /// Rounds the values and stores them `stride` floats apart.
  @inline(__always)
  func savePairs(to target: UnsafeMutablePointer<Float>, stride: Int) {
    storePairs(v0, to: target)
    storePairs(v1, to: target + stride)
    storePairs(v2, to: target + 2 * stride)
    storePairs(v3, to: target + 3 * stride)
    storePairs(v4, to: target + 4 * stride)
    storePairs(v5, to: target + 5 * stride)
  }
}

extension ShortPointValues {
  /// Rounds the values and stores them, those of neighbouring points of F(4) `stride` floats apart.
  @inline(__always)
  func savePairs(to target: UnsafeMutablePointer<Float>, stride: Int) {
    storePairs(v0, to: target)
    storePairs(v1, to: target + stride)
    storePairs(v2, to: target + 2 * stride)
    storePairs(v5, to: target + 5 * stride)
  }
}
