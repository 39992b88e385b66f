import KernelInterface

#if arch(x86_64)
import KernelsAVX2
import KernelsAVX512
import KernelsAVX512BF16
import KernelsSSE42
#else
import KernelsNEON
#endif

/// The one place where kernels are chosen: everything above holds a `KernelTable`, inner loops
/// never ask which it is.
public enum KernelTables {
  /// The kernels of an instruction set.
  ///
  /// - Throws: ``SIMDKernelsError/notSupported(_:available:)`` if this machine cannot run them.
  public static func table(
    for instructionSet: InstructionSet
  ) throws(SIMDKernelsError) -> KernelTable {
    guard instructionSet.isAvailable else {
      throw .notSupported(instructionSet, available: InstructionSet.available)
    }
    return switch instructionSet {
    case .generic: referenceTable
    #if arch(x86_64)
    case .sse42: KernelsSSE42.kernelTable()
    case .avx2: KernelsAVX2.kernelTable()
    case .avx512: KernelsAVX512.kernelTable()
    case .avx512bf16: KernelsAVX512BF16.kernelTable()
    case .neon: throw .notSupported(instructionSet, available: InstructionSet.available)
    #else
    case .neon: KernelsNEON.kernelTable()
    default: throw .notSupported(instructionSet, available: InstructionSet.available)
    #endif
    }
  }
}
