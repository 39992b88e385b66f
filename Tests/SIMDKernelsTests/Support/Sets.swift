import KernelInterface
import SIMDKernels
import Testing

/// The kernels of every set that this machine has.
let allTables: [KernelTable] = InstructionSet.available.compactMap {
  try? KernelTables.table(for: $0)
}

extension KernelTable {
  /// Whether a step of a sum rounds once.
  var isFused: Bool { instructionSet != .generic && instructionSet != .sse42 }

  /// Widths that reach every remainder of the widest register tile (24 rows).
  static let allWidths = Array(1...49)
}

extension KernelTable: CustomTestStringConvertible {
  /// The word that `--isa` takes.
  public var testDescription: String { instructionSet.rawValue }
}

/// Fails with the first value outside its bound.
func expectWithin(
  _ bounds: [Double], expected: [Double], actual: [Float], _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(expected.count == actual.count, "\(name)", sourceLocation: sourceLocation)
  for index in actual.indices where !(abs(Double(actual[index]) - expected[index]) <= bounds[index])
  {
    let distance = abs(Double(actual[index]) - expected[index])
    Issue.record(
      """
      \(name): value \(index): expected \(expected[index]), actual \(actual[index]), \
      distance \(distance), limit \(bounds[index])
      """, sourceLocation: sourceLocation)
    return
  }
}
