import KernelInterface
import SIMDKernels

/// How this program was built and what it can use here, for `--version -v` and logs.
enum BuildDescription {
  static let compiler: String = {
    #if compiler(>=6.4)
    "Swift 6.4 or later"
    #elseif compiler(>=6.3)
    "Swift 6.3"
    #else
    "Swift 6.2"
    #endif
  }()

  static let architecture: String = {
    #if arch(x86_64)
    "x86-64"
    #elseif arch(arm64)
    "arm64"
    #else
    "another architecture"
    #endif
  }()

  static let configuration: String = {
    #if DEBUG
    "debug"
    #else
    "release"
    #endif
  }()

  /// Instruction sets that this build has and this CPU runs, best last.
  static var instructionSets: [String] { InstructionSet.available.map(\.rawValue) }

  static var bestInstructionSet: String { InstructionSet.best.rawValue }

  static var text: String {
    """
    build: \(configuration), \(compiler), \(architecture)
    instruction sets: \(instructionSets.joined(separator: ", ")) (best: \
    \(bestInstructionSet))
    """
  }
}
