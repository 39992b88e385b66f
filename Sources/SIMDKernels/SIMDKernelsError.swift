import KernelInterface

/// Why there are no kernels for a requested instruction set.
public enum SIMDKernelsError: Error, Equatable {
  /// The processor or the operating system lacks the set; `available` are those that it has.
  case notSupported(InstructionSet, available: [InstructionSet])
}
