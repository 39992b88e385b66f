import KernelInterface
import SIMDKernels
import Testing

/// 1x1x1 layers in bfloat16 against double precision on rounded operands, and byte for byte where the
/// order of two additions is documented.
struct PairConvolutionTests {
  typealias Operand = ConvolutionProblem.Operand

  @Test(arguments: allTables)
  func everyWidthIsWithinTheRoundingBound(_ table: KernelTable) {
    for width in KernelTable.allWidths + [95, 96, 97, 193] {
      for (inputs, outputs) in [(20, 64), (16, 16), (7, 112)] {
        check(
          ConvolutionProblem(
            extent: 1, operands: [.padded(inputs)], outputs: outputs, width: width, planes: 1,
            seed: UInt64(width)), table)
      }
    }
  }

  @Test(arguments: allTables)
  func everyPairOfChannelCountsIsWithinTheRoundingBound(_ table: KernelTable) {
    for inputs in ConvolutionTests.channelCounts {
      for outputs in ConvolutionTests.channelCounts {
        check(
          ConvolutionProblem(
            extent: 1, operands: [.padded(inputs)], outputs: outputs, width: 7, rows: 1, planes: 1,
            rectified: outputs % 3 == 1), table)
      }
    }
  }

  @Test(arguments: allTables)
  func severalInputsAreTheirConcatenation(_ table: KernelTable) {
    let lists: [[Operand]] = [
      [.padded(16), .padded(5)],
      [.padded(1), .padded(64), .padded(3)],
      [.padded(64), .padded(64), .padded(64), .padded(64)],
      [Operand(channels: 64, voxelStride: 128), .padded(28), .padded(1)],
      Array(repeating: .padded(5), count: 40),
    ]
    for operands in lists {
      for residual in ConvolutionProblem.Residual.allCases {
        check(
          ConvolutionProblem(
            extent: 1, operands: operands, outputs: 64, width: 13, residual: residual,
            rectified: residual == .none), table)
      }
    }
  }

  /// The instruction for pairs adds in an order of its own.
  @Test(arguments: PrecisionTests.tablesInOrder)
  func sumsRunInTheDocumentedOrder(_ table: KernelTable) {
    for outputs in [16, 28, 112] {
      for operands: [Operand] in [[.padded(28)], [.padded(64), .padded(5), .padded(16)]] {
        let operands = ConvolutionOperands(
          ConvolutionProblem(
            extent: 1, operands: operands, outputs: outputs, width: 11, residual: .perChannel,
            rectified: true))
        #expect(
          operands.run(table, precision: .bfloat16).values.map(\.bitPattern)
            == operands.rounded.expectedBytes(fused: table.isFused),
          "\(table.instructionSet) \(operands.problem)")
      }
    }
  }

  @Test(arguments: allTables)
  func anySplitOfALayerGivesTheSameBytes(_ table: KernelTable) {
    let operands = ConvolutionOperands(
      ConvolutionProblem(
        extent: 1, operands: [.padded(64), .padded(16)], outputs: 80, width: 130, rows: 5,
        planes: 2, residual: .perChannel))
    let whole = operands.run(table, precision: .bfloat16)
    let parts = operands.run(
      table,
      regions: (0..<2).flatMap { k in
        (0..<5).map { j in Region(rows: j..<j + 1, planes: k..<k + 1) }
      }, precision: .bfloat16)
    #expect(parts.values.map(\.bitPattern) == whole.values.map(\.bitPattern))
    #expect(parts.strayWrites == 0)
  }

  @Test(arguments: allTables)
  func aLayerMayOverwriteItsInput(_ table: KernelTable) {
    for (first, others) in [(16, []), (48, []), (64, [64, 64, 64]), (112, [512])] {
      for residualIsOutput in [false, true] {
        let operands = ConvolutionOperands(
          ConvolutionProblem(
            extent: 1, operands: [.padded(first)] + others.map { .padded($0) }, outputs: first,
            width: 201, rows: 1, planes: 1))
        let separate = operands.run(table, precision: .bfloat16).values
        let actual = operands.runInPlace(
          table, residualIsOutput: residualIsOutput, precision: .bfloat16)
        let input = (0..<201).flatMap { i in
          (0..<first).map { operands.maps[0][operands.index(first, i, 0, 0) + $0] }
        }
        let expected = residualIsOutput ? zip(separate, input).map { $0 + $1 } : separate
        #expect(actual == expected, "\(table.instructionSet) \(operands.problem)")
      }
    }
  }

  private func check(_ problem: ConvolutionProblem, _ table: KernelTable) {
    let operands = ConvolutionOperands(problem)
    let outcome = operands.run(table, precision: .bfloat16)
    let expected = operands.rounded.expected()
    expectWithin(
      expected.bounds, expected: expected.values, actual: outcome.values,
      "\(table.instructionSet) \(problem)")
    #expect(outcome.strayWrites == 0, "\(table.instructionSet) \(problem)")
  }
}
