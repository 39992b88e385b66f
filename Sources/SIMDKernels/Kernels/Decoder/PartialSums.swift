/// 16 partial sums, in as many vectors as this set needs.
#if ISA_AVX512 || ISA_AVX512BF16
typealias PartialSums = InlineArray<1, Vector>
#elseif ISA_AVX2
typealias PartialSums = InlineArray<2, Vector>
#else
typealias PartialSums = InlineArray<4, Vector>
#endif

// Spelled out: the standard library's `sum()` is a shared weak symbol, of which the linker keeps one
// copy for the whole program, perhaps the AVX-512 one.
#if ISA_AVX512 || ISA_AVX512BF16
@inline(__always)
func treeSum(_ sums: PartialSums) -> Float {
  let eight = sums[0].lowHalf + sums[0].highHalf
  return treeSum(eight.lowHalf + eight.highHalf)
}
#elseif ISA_AVX2
@inline(__always)
func treeSum(_ sums: PartialSums) -> Float {
  let eight = sums[0] + sums[1]
  return treeSum(eight.lowHalf + eight.highHalf)
}
#else
@inline(__always)
func treeSum(_ sums: PartialSums) -> Float {
  treeSum((sums[0] + sums[2]) + (sums[1] + sums[3]))
}
#endif

@inline(__always)
private func treeSum(_ four: SIMD4<Float>) -> Float {
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}
