import KernelInterface

/// 16 partial sums, in as many vectors as this set needs.
#if ISA_AVX512 || ISA_AVX512BF16
private typealias PartialSums = InlineArray<1, Vector>
#elseif ISA_AVX2
private typealias PartialSums = InlineArray<2, Vector>
#else
private typealias PartialSums = InlineArray<4, Vector>
#endif

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

// Spelled out: the standard library's `sum()` is a shared weak symbol, of which the linker keeps one
// copy for the whole program, perhaps the AVX-512 one.
#if ISA_AVX512 || ISA_AVX512BF16
@inline(__always)
private func treeSum(_ sums: PartialSums) -> Float {
  let eight = sums[0].lowHalf + sums[0].highHalf
  return treeSum(eight.lowHalf + eight.highHalf)
}
#elseif ISA_AVX2
@inline(__always)
private func treeSum(_ sums: PartialSums) -> Float {
  let eight = sums[0] + sums[1]
  return treeSum(eight.lowHalf + eight.highHalf)
}
#else
@inline(__always)
private func treeSum(_ sums: PartialSums) -> Float {
  treeSum((sums[0] + sums[2]) + (sums[1] + sums[3]))
}
#endif

@inline(__always)
private func treeSum(_ four: SIMD4<Float>) -> Float {
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}
