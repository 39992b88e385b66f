import KernelInterface
import SIMDKernels
import Testing

/// Leaving out units that are zero, against the whole sums.
struct SkippingTests {
  /// Shares of idle units from none to nearly all.
  static let problems = [0.01, 0.4, 0.8, 0.98].map { idle in
    DecoderProblem(
      features: 28, hidden: 80, depth: 3, finalReLU: false, points: 19, tile: 40, lines: 3,
      idle: idle)
  }

  @Test(arguments: allTables)
  func skippingZerosChangesNoByte(_ table: KernelTable) {
    for problem in SkippingTests.problems {
      var row = RowDecoderOperands(problem)
      #expect(
        row.run(table).map(\.bitPattern) == row.expectedBytes(fused: table.isFused),
        "\(problem), idle \(problem.idle)")
      var scattered = PointDecoderOperands(problem)
      for value in [Float(0), -0.0, .infinity, -.infinity, .nan] {
        row.rows[2][5 * problem.features + 3] = value
        scattered.map[5 * problem.features + 3] = value
        #expect(
          row.run(table).map(\.bitPattern) == row.run(table, skipsZeros: false).map(\.bitPattern),
          "\(problem), idle \(problem.idle), feature \(value)")
        #expect(
          scattered.run(table).map(\.bitPattern)
            == scattered.run(table, skipsZeros: false).map(\.bitPattern),
          "scattered \(problem), idle \(problem.idle), feature \(value)")
      }
    }
  }

  @Test(arguments: allTables.filter { $0.instructionSet != .generic })
  func unitsThatAreZeroAtAllPointsAreNotCountedAsUsed(_ table: KernelTable) {
    let problem = DecoderProblem(features: 16, hidden: 64, depth: 3, points: 24, lines: 2)
    var row = RowDecoderOperands(problem)
    // Half of the first stage's units get a bias that no feature can outweigh.
    for unit in 0..<32 { row.weights.stageOne[0].bias[unit] = -1000 }
    var counts = [UnitCount](repeating: UnitCount(), count: 4)
    _ = row.run(table, unitCounts: &counts)
    let isHalf = counts[0].used * 2 <= counts[0].all
    #expect(isHalf && counts[0].used > 0, "\(counts[0])")
    #expect(counts.allSatisfy { $0.used <= $0.all && $0.all > 0 })
  }
}
