import CSIMD

/// The reduction steps that matter to a register tile: those with a value, or a pair of them, that is
/// not zero in any row.
///
/// ReLU leaves most hidden units at zero, and neighbouring points agree on which. A step that is left
/// out would have added products of +0 with finite weights, so sums differ in the sign of a zero at
/// most. That sign is lost in the output layer, whose sums begin with +0: intensities have the bytes of
/// whole reductions. NaN, infinity and -0 are not zero.
struct UsedUnits {
  /// Ascending steps.
  let steps: UnsafePointer<Int32>
  let count: Int
  /// So many steps matter that a list of them does not pay.
  let isAll: Bool

  /// 32-bit words of memory for a list over `count` steps: whole vectors are written.
  @inline(__always)
  static func capacity(_ count: Int) -> Int { (count + 31) / 16 * 16 }

  /// Lists the 32-bit words, of the first `length` in each of `rows` rows, that are not zero in all.
  ///
  /// Rows are read up to whole vectors; what lies beyond `length` does not matter.
  @inline(__always)
  init(
    _ values: UnsafeRawPointer, stride: Int, rows: Int, length: Int,
    into list: UnsafeMutablePointer<Int32>
  ) {
    var found = 0
    var step = 0
    while step < length {
      var words = (values + 4 * step).loadUnaligned(as: Words.self)
      for row in 1..<max(rows, 1) {
        words |= (values + 4 * (row * stride + step)).loadUnaligned(as: Words.self)
      }
      var bits = nonzeroLanes(words)
      if length - step < lanes { bits &= 1 << UInt32(truncatingIfNeeded: length - step) &- 1 }
      append(bits, first: step, to: list + found)
      found += bits.nonzeroBitCount
      step += lanes
    }
    // Never an empty list: the instruction for pairs flushes subnormal sums, so a whole sum would
    // differ from one of no step.
    if found == 0 {
      list.pointee = 0
      found = 1
    }
    steps = UnsafePointer(list)
    count = found
    isAll = found * 16 >= length * 15
  }
}

@inline(__always)
private func nonzeroLanes(_ words: Words) -> UInt32 {
  #if ISA_AVX512 || ISA_AVX512BF16
  csimd_nonzero16(words)
  #elseif ISA_AVX2
  csimd_nonzero8(words)
  #else
  csimd_nonzero4(words)
  #endif
}

/// Writes `first + l` for every bit l that is set.
@inline(__always)
private func append(_ bits: UInt32, first: Int, to list: UnsafeMutablePointer<Int32>) {
  #if ISA_AVX512 || ISA_AVX512BF16
  let steps =
    Words(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    &+ Words(repeating: UInt32(truncatingIfNeeded: first))
  UnsafeMutableRawPointer(list).storeBytes(of: csimd_compress16(bits, steps), as: Words.self)
  #else
  var left = bits
  var target = list
  while left != 0 {
    target.pointee = Int32(truncatingIfNeeded: first + left.trailingZeroBitCount)
    target += 1
    left &= left &- 1
  }
  #endif
}
