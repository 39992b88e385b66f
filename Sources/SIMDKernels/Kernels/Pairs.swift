import CSIMD

// Pairs of bfloat16 numbers in the place of floats. Sets without the instructions do the same with
// shifts; only the order of two additions and subnormal numbers differ.

/// `sum` plus both products of each lane's pairs: the first number's, then the second's; rounded after
/// each (AVX-512 BF16: as its instruction does).
@inline(__always)
func multiplyAddPairs(_ sum: Vector, _ a: Vector, _ b: Vector) -> Vector {
  #if ISA_AVX512BF16
  csimd_multiply_add_pairs16(sum, a, b)
  #else
  multiplyAdd(multiplyAdd(sum, first(a), first(b)), second(a), second(b))
  #endif
}

/// Pairs of the numbers in each lane, rounded to nearest, ties to even.
@inline(__always)
func lanePairs(_ first: Vector, _ second: Vector) -> Vector {
  #if ISA_AVX512BF16
  unsafeBitCast(csimd_interleaved16(csimd_round_two16(first, second)), to: Vector.self)
  #else
  unsafeBitCast(
    (roundedBits(first) &>> 16) | (roundedBits(second) & 0xFFFF_0000), to: Vector.self)
  #endif
}

/// Stores the neighbours of two vectors as pairs, each to its own place, and the lanes of both.
@inline(__always)
func storePairs(
  _ first: Vector, to firstTarget: UnsafeMutablePointer<Float>, _ second: Vector,
  to secondTarget: UnsafeMutablePointer<Float>, lanes: UnsafeMutablePointer<Float>
) {
  #if ISA_AVX512BF16
  let both = csimd_round_two16(first, second)
  UnsafeMutableRawPointer(firstTarget).storeBytes(of: both.lowHalf, as: SIMD8<UInt32>.self)
  UnsafeMutableRawPointer(secondTarget).storeBytes(of: both.highHalf, as: SIMD8<UInt32>.self)
  UnsafeMutableRawPointer(lanes).storeBytes(of: csimd_interleaved16(both), as: Words.self)
  #else
  storePairs(first, to: firstTarget)
  storePairs(second, to: secondTarget)
  store(lanePairs(first, second), to: lanes)
  #endif
}

/// Stores neighbours as pairs, rounded to nearest, ties to even: half as many floats.
@inline(__always)
func storePairs(_ vector: Vector, to destination: UnsafeMutablePointer<Float>) {
  let target = UnsafeMutableRawPointer(destination)
  #if ISA_AVX512BF16
  target.storeBytes(of: csimd_round_pairs16(vector), as: SIMD8<UInt32>.self)
  #else
  let rounded = roundedBits(vector)
  let pairs = (rounded.evenHalf &>> 16) | (rounded.oddHalf & 0xFFFF_0000)
  #if ISA_AVX512
  target.storeBytes(of: pairs, as: SIMD8<UInt32>.self)
  #elseif ISA_AVX2
  target.storeBytes(of: pairs, as: SIMD4<UInt32>.self)
  #else
  target.storeBytes(of: pairs, as: SIMD2<UInt32>.self)
  #endif
  #endif
}

#if !ISA_AVX512BF16
/// Numbers whose upper halves are rounded to nearest, ties to even.
@inline(__always)
private func roundedBits(_ vector: Vector) -> Words {
  let bits = unsafeBitCast(vector, to: Words.self)
  let nearest = bits &+ 0x7FFF &+ ((bits &>> 16) & 1)
  // A NaN could carry over into the sign; the quiet bit keeps one whose payload is cut a NaN.
  return nearest.replacing(with: bits | 0x40_0000, where: vector .!= vector)
}

/// Rounds `count` floats at the beginning of each row to pairs in their first half.
@inline(never)
func roundInPlace(
  _ values: UnsafeMutablePointer<Float>, stride: Int, rows: Int, count: Int
) {
  for row in 0..<rows {
    let first = values + row * stride
    var index = 0
    while index < count {
      storePairs(load(first + index), to: first + index / 2)
      index += lanes
    }
  }
}

@inline(__always)
private func first(_ pairs: Vector) -> Vector {
  unsafeBitCast(unsafeBitCast(pairs, to: Words.self) &<< 16, to: Vector.self)
}

@inline(__always)
private func second(_ pairs: Vector) -> Vector {
  unsafeBitCast(unsafeBitCast(pairs, to: Words.self) & 0xFFFF_0000, to: Vector.self)
}
#endif
