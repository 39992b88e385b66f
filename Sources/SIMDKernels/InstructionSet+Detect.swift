import CSIMD
import KernelInterface

extension InstructionSet {
  /// The sets that this machine can run, `generic` first, the best last.
  public static var available: [InstructionSet] { allCases.filter(\.isAvailable) }

  /// The set to use when nobody asks for another.
  public static var best: InstructionSet { available.last ?? .generic }

  /// Whether this build has kernels of the set and this machine can run them.
  public var isAvailable: Bool {
    switch self {
    case .generic: true
    case .sse42: csimd_cpu_has_sse42()
    case .avx2: csimd_cpu_has_avx2()
    case .avx512: csimd_cpu_has_avx512()
    case .avx512bf16: csimd_cpu_has_avx512bf16()
    case .neon:
      #if arch(arm64)
      true
      #else
      false
      #endif
    }
  }
}
