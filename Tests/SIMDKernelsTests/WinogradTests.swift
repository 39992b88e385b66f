import KernelInterface
import SIMDKernels
import Testing

/// Winograd's algorithm in both precisions against a double-precision loop of the definition.
struct WinogradTests {
  typealias Operand = ConvolutionProblem.Operand

  @Test(arguments: allTables, Precision.allCases)
  func everyRemainderAndPhaseIsWithinTheRoundingBound(_ table: KernelTable, _ precision: Precision)
  {
    for (width, rows, planes) in [
      (8, 4, 12), (9, 6, 7), (10, 7, 9), (11, 5, 6), (1, 2, 3), (3, 1, 2), (2, 3, 1), (13, 10, 5),
    ] {
      for phase in 0...3 {
        check(
          ConvolutionProblem(
            extent: 3, operands: [.padded(5)], outputs: 16, width: width, rows: rows,
            planes: planes), phase: phase, table, precision)
      }
    }
  }

  @Test(arguments: allTables, Precision.allCases)
  func channelCountsAndSeveralInputsAreWithinTheRoundingBound(
    _ table: KernelTable, _ precision: Precision
  ) {
    let lists: [[Operand]] = [
      [.padded(16)], [.padded(28)], [.padded(64)], [.padded(16), .padded(16)],
      [.padded(28), .padded(5), .padded(16)], [.padded(33), .padded(7)],
      [Operand(channels: 16, voxelStride: 48)],
    ]
    for operands in lists {
      for outputs in [3, 16, 28, 64, 80, 128] {
        check(
          ConvolutionProblem(
            extent: 3, operands: operands, outputs: outputs, width: 6, rows: 5, planes: 3),
          phase: 1, table, precision)
      }
    }
  }

  @Test(arguments: allTables, Precision.allCases)
  func residualsAndRectificationOfEveryKind(_ table: KernelTable, _ precision: Precision) {
    for residual in ConvolutionProblem.Residual.allCases {
      for rectified in [false, true] {
        check(
          ConvolutionProblem(
            extent: 3, operands: [.padded(16)], outputs: 48, width: 9, rows: 5, planes: 6,
            residual: residual, rectified: rectified), phase: 2, table, precision)
      }
    }
  }

  @Test(arguments: allTables, Precision.allCases)
  func rowsOfManyTilesAreWithinTheRoundingBound(_ table: KernelTable, _ precision: Precision) {
    // More tiles than a block has, in rows that blocks cut anywhere.
    check(
      ConvolutionProblem(
        extent: 3, operands: [.padded(16)], outputs: 16, width: 75, rows: 21, planes: 2),
      phase: 0, table, precision)
  }

  @Test(arguments: allTables, Precision.allCases)
  func anyDivisionIntoCallsGivesTheSameBytes(_ table: KernelTable, _ precision: Precision) {
    for phase in [0, 3] {
      let operands = ConvolutionOperands(
        ConvolutionProblem(
          extent: 3, operands: [.padded(32), .padded(16)], outputs: 48, width: 30, rows: 14,
          planes: 9, residual: .perChannel))
      let whole = operands.runWinograd(table, precision, phase: phase)
      let axes = operands.axes(phase: phase)
      var single: [TileRegion] = []
      for k in (0..<axes.k.count).reversed() {
        for j in 0..<axes.j.count {
          for i in 0..<axes.i.count {
            single.append(TileRegion(i: i..<i + 1, j: j..<j + 1, k: k..<k + 1))
          }
        }
      }
      let uneven = [
        TileRegion(i: 0..<3, j: 0..<axes.j.count, k: 0..<axes.k.count),
        TileRegion(i: 3..<axes.i.count, j: 1..<axes.j.count, k: 0..<axes.k.count),
        TileRegion(i: 3..<axes.i.count, j: 0..<1, k: 0..<axes.k.count),
      ]
      for regions in [single, uneven] {
        let parts = operands.runWinograd(table, precision, phase: phase, regions: regions)
        #expect(parts.values.map(\.bitPattern) == whole.values.map(\.bitPattern))
        #expect(parts.strayWrites == 0)
      }
    }
  }

  @Test(arguments: allTables, Precision.allCases)
  func onlyTheVoxelsOfTheTilesAreWritten(_ table: KernelTable, _ precision: Precision) {
    let operands = ConvolutionOperands(
      ConvolutionProblem(
        extent: 3, operands: [.padded(16)], outputs: 16, width: 10, rows: 9, planes: 7))
    let region = TileRegion(i: 1..<3, j: 1..<2, k: 1..<2)
    let outcome = operands.runWinograd(table, precision, phase: 2, regions: [region])
    let written = outcome.values.filter {
      $0.bitPattern != GuardedBuffer.guardValue.bitPattern
    }
    // Voxels 4..<10 of rows 4..<8 of planes 2..<6.
    #expect(written.count == 6 * 4 * 4 * 16)
    #expect(outcome.strayWrites == 0)
  }

  @Test(arguments: allTables)
  func theErrorOnRandomValuesIsLessThanFourTimesThatOfTheDirectPath(_ table: KernelTable) {
    for channels in [16, 64] {
      let operands = ConvolutionOperands(
        ConvolutionProblem(
          extent: 3, operands: [.padded(channels)], outputs: 16, width: 16, rows: 8, planes: 8))
      let expected = operands.expected().values
      let direct = rootMeanSquare(operands.run(table).values, expected)
      let fast = rootMeanSquare(operands.runWinograd(table, .float32).values, expected)
      #expect(fast < 4 * direct, "\(table.instructionSet), \(channels): \(fast) and \(direct)")
    }
  }

  private func rootMeanSquare(_ actual: [Float], _ expected: [Double]) -> Double {
    let sum = zip(actual, expected).reduce(0.0) {
      $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
    }
    return (sum / Double(expected.count)).squareRoot()
  }

  /// Rounded values and filters err independently of each other, so squares add up.
  @Test(arguments: allTables)
  func theErrorInBFloat16IsThatOfIndependentRoundings(_ table: KernelTable) {
    for channels in [16, 64] {
      let operands = ConvolutionOperands(
        ConvolutionProblem(
          extent: 3, operands: [.padded(channels)], outputs: 16, width: 16, rows: 8, planes: 8))
      let limit = operands.independentRoundings()
      let error = rootMeanSquare(
        operands.runWinograd(table, .bfloat16).values, operands.expected().values)
      #expect(error < limit, "\(table.instructionSet), \(channels): \(error) of \(limit)")
      #expect(error > limit / 2, "\(table.instructionSet), \(channels): \(error) of \(limit)")
    }
  }

  /// The instruction for pairs adds in an order of its own.
  @Test func setsThatAddInOrderAgreeByteForByte() {
    let operands = ConvolutionOperands(
      ConvolutionProblem(
        extent: 3, operands: [.padded(28), .padded(5)], outputs: 48, width: 11, rows: 6, planes: 5))
    for precision in Precision.allCases {
      let results = PrecisionTests.tablesInOrder.filter(\.isFused).map {
        operands.runWinograd($0, precision).values.map(\.bitPattern)
      }
      #expect(Set(results).count <= 1, "\(precision)")
    }
  }

  private func check(
    _ problem: ConvolutionProblem, phase: Int, _ table: KernelTable, _ precision: Precision
  ) {
    let operands = ConvolutionOperands(problem)
    let outcome = operands.runWinograd(table, precision, phase: phase)
    let name = "\(table.instructionSet) \(precision) \(problem), phase \(phase)"
    expectWithin(
      operands.winogradBounds(precision, phase: phase), expected: operands.expected().values,
      actual: outcome.values, name)
    #expect(outcome.strayWrites == 0, "\(name)")
  }
}
