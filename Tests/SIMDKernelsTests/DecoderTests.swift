import KernelInterface
import SIMDKernels
import Testing

/// Both decoders against the unfused definition in double precision.
struct DecoderTests {
  /// The published decoder, the interim model's, and shapes with every kind of padding.
  static let shapes: [DecoderProblem] = [
    DecoderProblem(features: 128, hidden: 256, depth: 4, points: 13, tile: 12),
    DecoderProblem(features: 28, others: 4, hidden: 64, depth: 3, points: 50),
    DecoderProblem(features: 28, others: 4, hidden: 64, depth: 3, points: 14, lines: 4),
    DecoderProblem(features: 5, hidden: 20, depth: 2, points: 31, tile: 7, lines: 3),
    DecoderProblem(features: 64, others: 5, hidden: 112, depth: 3, finalReLU: false, points: 9),
    DecoderProblem(features: 16, hidden: 33, depth: 5, finalReLU: false, points: 1),
    // 1, 2 and 4 outputs are left over, in stage one's last layer or behind the skip.
    DecoderProblem(features: 16, others: 1, hidden: 32, depth: 2, points: 11, lines: 2, idle: 0.4),
    DecoderProblem(features: 28, others: 4, hidden: 34, depth: 3, points: 9),
    DecoderProblem(features: 16, others: 4, hidden: 64, depth: 3, points: 9, tile: 5),
  ]

  @Test(arguments: allTables)
  func rowsAreWithinTheDerivedBound(_ table: KernelTable) {
    for problem in DecoderTests.shapes {
      let operands = RowDecoderOperands(problem)
      let expected = operands.expected()
      expectWithin(
        expected.bounds, expected: expected.values, actual: operands.run(table),
        "\(table.instructionSet) \(problem)")
    }
  }

  @Test(arguments: allTables)
  func pointsAreWithinTheDerivedBound(_ table: KernelTable) {
    for problem in DecoderTests.shapes {
      let operands = PointDecoderOperands(problem)
      let expected = operands.expected()
      expectWithin(
        expected.bounds, expected: expected.values, actual: operands.run(table),
        "\(table.instructionSet) \(problem)")
    }
  }

  @Test(arguments: allTables)
  func everyNumberOfPointsIsWithinTheDerivedBound(_ table: KernelTable) {
    for points in KernelTable.allWidths {
      let problem = DecoderProblem(
        features: 13, hidden: 48, depth: 2, points: points, tile: 64, seed: UInt64(points))
      let row = RowDecoderOperands(problem)
      let expectedRow = row.expected()
      expectWithin(
        expectedRow.bounds, expected: expectedRow.values, actual: row.run(table), "row \(problem)")
      let scattered = PointDecoderOperands(problem)
      let expectedPoints = scattered.expected()
      expectWithin(
        expectedPoints.bounds, expected: expectedPoints.values, actual: scattered.run(table),
        "points \(problem)")
    }
  }

  @Test(arguments: allTables)
  func rowsAreSummedInTheDocumentedOrder(_ table: KernelTable) {
    for problem in DecoderTests.shapes {
      let operands = RowDecoderOperands(problem)
      #expect(
        operands.run(table).map(\.bitPattern) == operands.expectedBytes(fused: table.isFused),
        "\(table.instructionSet) \(problem)")
    }
  }

  @Test(arguments: allTables)
  func neitherGroupNorTileNorPositionChangesAByte(_ table: KernelTable) {
    let problem = DecoderProblem(
      features: 28, hidden: 80, depth: 3, points: 61, tile: 61, lines: 7)
    let row = RowDecoderOperands(problem)
    let whole = row.run(table).map(\.bitPattern)
    for tile in [1, 2, 5, 6, 24, 25, 60, 200] {
      #expect(row.run(table, tile: tile).map(\.bitPattern) == whole, "tile \(tile)")
    }
    for points in [1, 7, 30] {
      #expect(
        row.run(table, pointsPerCall: points).map(\.bitPattern) == whole, "calls of \(points)")
    }
    for lines in 1...6 {
      for tile in [1, 24, 61] {
        #expect(
          row.run(table, tile: tile, linesPerCall: lines).map(\.bitPattern) == whole,
          "groups of \(lines), tile \(tile)")
      }
    }
    let scattered = PointDecoderOperands(problem)
    let all = scattered.run(table).map(\.bitPattern)
    for tile in [1, 2, 5, 6, 24, 25, 60, 200] {
      #expect(scattered.run(table, tile: tile).map(\.bitPattern) == all, "tile \(tile)")
    }
  }

  @Test(arguments: allTables)
  func aFeatureThatIsNotANumberReachesItsPointsOnly(_ table: KernelTable) {
    let problem = DecoderProblem(features: 16, hidden: 32, depth: 2, points: 40, rowLength: 8)
    var row = RowDecoderOperands(problem)
    let before = row.run(table)
    row.rows[2][5 * 16 + 3] = .nan
    let after = row.run(table)
    for point in 0..<problem.points {
      let isReached = row.taps[point].0 == 5 || row.taps[point].1 == 5
      #expect(after[point].isNaN == isReached, "point \(point)")
      if !isReached { #expect(after[point] == before[point]) }
    }
  }

  @Test
  func setsWithAFusedMultiplyAddAgreeByteForByte() {
    let problem = DecoderProblem(features: 28, hidden: 80, depth: 3, points: 61, tile: 24)
    let row = RowDecoderOperands(problem)
    let scattered = PointDecoderOperands(problem)
    for isFused in [false, true] {
      let tables = allTables.filter { $0.isFused == isFused }
      let rows = Set(tables.map { row.run($0).map(\.bitPattern) })
      let points = Set(tables.map { scattered.run($0).map(\.bitPattern) })
      #expect(rows.count == min(1, tables.count))
      #expect(points.count == min(1, tables.count))
    }
  }
}
