import CSIMD

// The vector of this variant is a typealias, not a generic parameter: no specialisation can fail,
// and the mangled names carry the module's name, so that variants never share code.
#if ISA_AVX512 || ISA_AVX512BF16
typealias Vector = SIMD16<Float>
typealias Words = SIMD16<UInt32>
#elseif ISA_AVX2
typealias Vector = SIMD8<Float>
typealias Words = SIMD8<UInt32>
#else
typealias Vector = SIMD4<Float>
typealias Words = SIMD4<UInt32>
#endif

/// Floats per vector; computed, so that the optimiser always sees a literal.
@inline(__always) var lanes: Int { Vector.scalarCount }

// Every helper below is always inlined: a `Vector` that crosses a call is passed in pieces.

@inline(__always)
func load(_ source: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(source).loadUnaligned(as: Vector.self)
}

@inline(__always)
func load(_ source: UnsafeMutablePointer<Float>) -> Vector {
  UnsafeRawPointer(source).loadUnaligned(as: Vector.self)
}

@inline(__always)
func store(_ vector: Vector, to destination: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(destination).storeBytes(of: vector, as: Vector.self)
}

@inline(__always)
func broadcast(_ value: Float) -> Vector { Vector(repeating: value) }

/// `sum + a * b`, rounded once where the set has a fused multiply-add, else twice.
///
/// SSE4.2 has none, and `addingProduct` would call `fmaf` for every lane there.
@inline(__always)
func multiplyAdd(_ sum: Vector, _ a: Vector, _ b: Vector) -> Vector {
  #if ISA_SSE42
  sum + a * b
  #else
  sum.addingProduct(a, b)
  #endif
}

/// Lanes that are negative become +0; NaN stays NaN, as in the reference networks.
///
/// One instruction, not a comparison and a selection, which the optimiser takes apart in places.
@inline(__always)
func rectified(_ vector: Vector) -> Vector {
  #if ISA_AVX512 || ISA_AVX512BF16
  csimd_rectified16(vector)
  #elseif ISA_AVX2
  csimd_rectified8(vector)
  #else
  csimd_rectified4(vector)
  #endif
}
