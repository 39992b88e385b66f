import CSIMD

// Vectors of double precision, as wide as those of float32.
#if ISA_AVX512 || ISA_AVX512BF16
typealias Wide = SIMD8<Double>
#elseif ISA_AVX2
typealias Wide = SIMD4<Double>
#else
typealias Wide = SIMD2<Double>
#endif

/// Numbers per wide vector.
@inline(__always) var wideLanes: Int { Wide.scalarCount }

@inline(__always)
func load(_ source: UnsafePointer<Double>) -> Wide {
  UnsafeRawPointer(source).loadUnaligned(as: Wide.self)
}

@inline(__always)
func load(_ source: UnsafeMutablePointer<Double>) -> Wide {
  UnsafeRawPointer(source).loadUnaligned(as: Wide.self)
}

@inline(__always)
func store(_ vector: Wide, to destination: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(destination).storeBytes(of: vector, as: Wide.self)
}

/// As many floats as a wide vector has lanes, exactly as they are.
@inline(__always)
func widened(_ source: UnsafePointer<Float>) -> Wide {
  #if ISA_AVX512 || ISA_AVX512BF16
  csimd_widened8(UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self))
  #elseif ISA_AVX2
  csimd_widened4(UnsafeRawPointer(source).loadUnaligned(as: SIMD4<Float>.self))
  #else
  csimd_widened2(UnsafeRawPointer(source).loadUnaligned(as: SIMD2<Float>.self))
  #endif
}

/// Stores the float nearest to each lane.
@inline(__always)
func storeNarrowed(_ vector: Wide, to destination: UnsafeMutablePointer<Float>) {
  let place = UnsafeMutableRawPointer(destination)
  #if ISA_AVX512 || ISA_AVX512BF16
  place.storeBytes(of: csimd_narrowed8(vector), as: SIMD8<Float>.self)
  #elseif ISA_AVX2
  place.storeBytes(of: csimd_narrowed4(vector), as: SIMD4<Float>.self)
  #else
  place.storeBytes(of: csimd_narrowed2(vector), as: SIMD2<Float>.self)
  #endif
}

/// The first half of a vector's floats, exactly as they are.
@inline(__always)
func widenedLow(_ vector: Vector) -> Wide {
  #if ISA_AVX512 || ISA_AVX512BF16
  csimd_widened8(vector.lowHalf)
  #elseif ISA_AVX2
  csimd_widened4(vector.lowHalf)
  #else
  csimd_widened2(vector.lowHalf)
  #endif
}

/// The second half of a vector's floats, exactly as they are.
@inline(__always)
func widenedHigh(_ vector: Vector) -> Wide {
  #if ISA_AVX512 || ISA_AVX512BF16
  csimd_widened8(vector.highHalf)
  #elseif ISA_AVX2
  csimd_widened4(vector.highHalf)
  #else
  csimd_widened2(vector.highHalf)
  #endif
}

/// `sum + a * b`, rounded once where the set has a fused multiply-add, else twice.
@inline(__always)
func multiplyAdd(_ sum: Wide, _ a: Wide, _ b: Wide) -> Wide {
  #if ISA_SSE42
  sum + a * b
  #else
  sum.addingProduct(a, b)
  #endif
}

/// Square roots, one instruction.
@inline(__always)
func root(_ vector: Wide) -> Wide {
  #if ISA_AVX512 || ISA_AVX512BF16
  csimd_root8(vector)
  #elseif ISA_AVX2
  csimd_root4(vector)
  #else
  csimd_root2(vector)
  #endif
}

/// The larger of 0 and each lane.
@inline(__always)
func notNegative(_ vector: Wide) -> Wide {
  vector.replacing(with: 0, where: vector .< Wide.zero)
}
