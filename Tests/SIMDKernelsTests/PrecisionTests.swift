import KernelInterface
import SIMDKernels
import Testing

/// Dense layers in bfloat16: weights and activations rounded, sums in float32.
struct PrecisionTests {
  static let shapes: [DecoderProblem] = [
    DecoderProblem(features: 128, hidden: 256, depth: 4, points: 5, tile: 12, lines: 2),
    DecoderProblem(features: 28, others: 4, hidden: 64, depth: 3, points: 14, lines: 4),
    DecoderProblem(features: 5, hidden: 20, depth: 2, points: 31, tile: 7, lines: 3),
    DecoderProblem(features: 16, hidden: 33, depth: 5, finalReLU: false, points: 9, idle: 0.7),
    // 1, 2 and 4 outputs are left over, in stage one's last layer or behind the skip.
    DecoderProblem(features: 16, others: 1, hidden: 32, depth: 2, points: 11, lines: 2, idle: 0.4),
    DecoderProblem(features: 28, others: 4, hidden: 34, depth: 3, points: 9),
    DecoderProblem(features: 16, others: 4, hidden: 64, depth: 3, points: 9, tile: 5),
  ]

  /// The instruction for pairs adds in an order of its own.
  static let tablesInOrder = allTables.filter { $0.instructionSet != .avx512bf16 }

  @Test func roundingIsToNearestWithTiesToEven() {
    var random = RandomValues(seed: 5)
    var values = random.values(2000).flatMap { [$0, $0 * 1e30, $0 * 1e-30] }
    // Exactly between two neighbours, with an even and an odd one below.
    values += [Float(bitPattern: 0x3F80_8000), Float(bitPattern: 0x3F81_8000)]
    for value in values {
      let below = Float(bitPattern: value.bitPattern & 0xFFFF_0000)
      let above = Float(bitPattern: below.bitPattern + 0x1_0000)
      let distance = abs(Double(value) - Double(below)) - abs(Double(above) - Double(value))
      let isEven = below.bitPattern & 0x1_0000 == 0
      let expected = distance < 0 || (distance == 0 && isEven) ? below : above
      #expect(BFloat16.rounded(value) == expected, "\(value)")
    }
    #expect(BFloat16.rounded(.infinity) == .infinity)
    #expect(BFloat16.rounded(.nan).isNaN)
    let pair = BFloat16.values(BFloat16.pair(.greatestFiniteMagnitude, -0.5))
    #expect(pair.0.isFinite && pair.1 == -0.5)
  }

  @Test(arguments: allTables)
  func rowsAreWithinTheDerivedBound(_ table: KernelTable) {
    for problem in PrecisionTests.shapes {
      let operands = RowDecoderOperands(problem)
      let expected = operands.expectedInBFloat16()
      expectWithin(
        expected.bounds, expected: expected.values,
        actual: operands.run(table, precision: .bfloat16), "\(table.instructionSet) \(problem)")
    }
  }

  @Test(arguments: tablesInOrder)
  func rowsAreSummedInTheDocumentedOrder(_ table: KernelTable) {
    for problem in PrecisionTests.shapes {
      let operands = RowDecoderOperands(problem)
      #expect(
        operands.run(table, precision: .bfloat16).map(\.bitPattern)
          == operands.expectedBytes(fused: table.isFused, precision: .bfloat16),
        "\(table.instructionSet) \(problem)")
    }
  }

  @Test(arguments: allTables)
  func sumsOfWholeNumbersAreExact(_ table: KernelTable) {
    // Sums below 2^24 in steps of 2^-6: no order and no instruction can change them, but every
    // rounding of an activation shows.
    var operands = RowDecoderOperands(
      DecoderProblem(
        features: 16, hidden: 48, depth: 3, finalReLU: false, points: 21, lines: 3))
    operands.weights.makeWhole()
    operands.rows = operands.rows.map { $0.map(whole) }
    operands.coordinates = operands.coordinates.map(whole)
    operands.tapWeights = operands.tapWeights.map { (quarter($0.0), quarter($0.1)) }
    for line in operands.lines.indices {
      operands.lines[line].sourceWeights = operands.lines[line].sourceWeights.map(quarter)
      operands.lines[line].constants = operands.lines[line].constants.map(whole)
    }
    #expect(
      operands.run(table, precision: .bfloat16).map(\.bitPattern)
        == operands.expectedBytes(fused: true, precision: .bfloat16))
    #expect(
      operands.expectedBytes(fused: true, precision: .bfloat16)
        != operands.expectedBytes(fused: true), "no activation was rounded")
  }

  @Test(arguments: allTables)
  func skippingZerosChangesNoByte(_ table: KernelTable) {
    for idle in [Float(0.4), 0.95] {
      let problem = DecoderProblem(
        features: 28, hidden: 80, depth: 4, finalReLU: false, points: 21, lines: 2, idle: idle)
      var row = RowDecoderOperands(problem)
      var scattered = PointDecoderOperands(problem)
      for value in [Float(0), -.infinity, .nan] {
        row.rows[2][5 * problem.features + 3] = value
        scattered.map[5 * problem.features + 3] = value
        func bytes(_ skipsZeros: Bool) -> [UInt32] {
          (row.run(table, precision: .bfloat16, skipsZeros: skipsZeros)
            + scattered.run(table, precision: .bfloat16, skipsZeros: skipsZeros)).map(\.bitPattern)
        }
        #expect(bytes(true) == bytes(false), "idle \(idle), feature \(value)")
      }
    }
  }

  @Test(arguments: allTables)
  func neitherGroupNorTileChangesAByte(_ table: KernelTable) {
    let problem = DecoderProblem(features: 28, hidden: 80, depth: 3, points: 31, tile: 31, lines: 5)
    let row = RowDecoderOperands(problem)
    let whole = row.run(table, precision: .bfloat16).map(\.bitPattern)
    for (tile, lines) in [(1, 1), (7, 2), (24, 5), (100, 3)] {
      let bytes = row.run(table, tile: tile, linesPerCall: lines, precision: .bfloat16)
      #expect(bytes.map(\.bitPattern) == whole, "tile \(tile), groups of \(lines)")
    }
  }

  @Test func setsThatAddInOrderAgreeByteForByteOnScatteredPoints() {
    let problem = DecoderProblem(features: 28, hidden: 80, depth: 3, points: 31, tile: 24)
    let scattered = PointDecoderOperands(problem)
    let results = PrecisionTests.tablesInOrder.filter(\.isFused).map {
      scattered.run($0, precision: .bfloat16).map(\.bitPattern)
    }
    #expect(Set(results).count <= 1)
  }

  @Test func allSetsAgreeOnScatteredPointsOfWholeNumbers() {
    var scattered = PointDecoderOperands(
      DecoderProblem(features: 28, hidden: 48, depth: 3, finalReLU: false, points: 31, tile: 24))
    scattered.weights.makeWhole()
    scattered.map = scattered.map.map(whole)
    scattered.coordinates = scattered.coordinates.map(whole)
    scattered.tapWeights = scattered.tapWeights.map(quarter)
    let results = Set(
      allTables.map { scattered.run($0, precision: .bfloat16).map(\.bitPattern) })
    #expect(results.count == 1)
    #expect(!results.contains(scattered.run(allTables[0]).map(\.bitPattern)), "nothing was rounded")
  }
}

private func whole(_ value: Float) -> Float { (value * 3).rounded() }

private func quarter(_ value: Float) -> Float { (abs(value) * 4).rounded() / 4 }

extension DecoderWeights {
  /// Makes all weights and biases small whole numbers.
  fileprivate mutating func makeWhole() {
    for stage in [\DecoderWeights.stageOne, \.stageTwo] {
      for layer in self[keyPath: stage].indices {
        self[keyPath: stage][layer].weights = self[keyPath: stage][layer].weights.map(whole)
        self[keyPath: stage][layer].bias = self[keyPath: stage][layer].bias.map(whole)
      }
    }
  }
}
