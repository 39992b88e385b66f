/// The instruction sets for which kernels exist, in the order of preference (last is best).
///
/// The raw value is the word that `--isa` takes and that file names, logs and sidecars show.
public enum InstructionSet: String, CaseIterable, Sendable {
  /// Plain loops of ``SIMDKernels``; they define the truth for every other set.
  case generic
  /// x86-64-v2, 4 lanes, no fused multiply-add.
  case sse42
  /// Arm Advanced SIMD, 4 lanes.
  case neon
  /// x86-64-v3 (AVX2 and FMA), 8 lanes.
  case avx2
  /// x86-64-v4 (AVX-512 F, BW, DQ, VL), 16 lanes.
  case avx512
  /// AVX-512 with `vdpbf16ps`, 16 lanes.
  case avx512bf16
}
