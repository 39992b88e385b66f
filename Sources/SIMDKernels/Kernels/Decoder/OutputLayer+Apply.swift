import KernelInterface

extension OutputLayer {
  /// Writes one intensity per point.
  ///
  /// Partial sum `l` of 16 takes channels `l`, `l + 16`, ... in order; the partial sums are added as
  /// a tree (`l` and `l + 8`, then 4, 2, 1 apart) and the bias comes last. So every set with a fused
  /// multiply-add makes the same bytes.
  @inline(__always)
  func apply(to points: PointRows, count: Int, into output: UnsafeMutablePointer<Float>) {
    for point in 0..<count {
      let values = points.values + point * points.stride
      var sums = PartialSums(repeating: broadcast(0))
      var channel = 0
      while channel < inputs {
        for v in sums.indices {
          sums[v] = multiplyAdd(
            sums[v], load(values + channel + v * lanes), load(weights + channel + v * lanes))
        }
        channel += 16
      }
      let result = treeSum(sums) + bias
      output[point] = rectified && result < 0 ? 0 : result
    }
  }
}
