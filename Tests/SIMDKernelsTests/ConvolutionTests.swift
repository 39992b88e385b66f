import KernelInterface
import SIMDKernels
import Testing

/// Both convolutions against a double-precision loop, and their order of sums byte for byte.
struct ConvolutionTests {
  typealias Operand = ConvolutionProblem.Operand

  static let channelCounts = [1, 5, 16, 28, 32, 48, 64, 80, 128]

  @Test(arguments: allTables)
  func everyWidthIsWithinTheRoundingBound(_ table: KernelTable) {
    for width in KernelTable.allWidths {
      for (extent, inputs, outputs) in [(3, 3, 112), (3, 16, 28), (1, 20, 64), (1, 16, 16)] {
        check(
          ConvolutionProblem(
            extent: extent, operands: [.padded(inputs)], outputs: outputs, width: width,
            seed: UInt64(width)), table)
      }
    }
  }

  @Test(arguments: allTables)
  func cubesOfAnyOddEdgeSumInTheDocumentedOrder(_ table: KernelTable) {
    for (extent, operands, outputs): (Int, [Operand], Int) in [
      (5, [.dense(1)], 16), (5, [.padded(28)], 28), (9, [.dense(1)], 64),
      (7, [.dense(2), .padded(16)], 16),
    ] {
      let operands = ConvolutionOperands(
        ConvolutionProblem(
          extent: extent, operands: operands, outputs: outputs, width: 13, rows: 3, planes: 1,
          residual: .perChannel, rectified: true))
      let outcome = operands.run(table)
      #expect(outcome.strayWrites == 0)
      #expect(
        outcome.values.map(\.bitPattern) == operands.expectedBytes(fused: table.isFused),
        "\(table.instructionSet) \(operands.problem)")
    }
  }

  @Test(arguments: allTables)
  func everyPairOfChannelCountsIsWithinTheRoundingBound(_ table: KernelTable) {
    for inputs in ConvolutionTests.channelCounts {
      for outputs in ConvolutionTests.channelCounts {
        for extent in [1, 3] {
          check(
            ConvolutionProblem(
              extent: extent, operands: [.padded(inputs)], outputs: outputs, width: 7, rows: 1,
              planes: 1, rectified: outputs % 3 == 1), table)
        }
      }
    }
  }

  @Test(arguments: allTables)
  func severalInputsAreTheirConcatenation(_ table: KernelTable) {
    let lists: [[Operand]] = [
      [.padded(16), .padded(5)],
      [.dense(1), .padded(64), .dense(3)],
      [.padded(64), .padded(64), .padded(64)],
      [Operand(channels: 64, voxelStride: 128), .padded(28), .dense(1)],
      Array(repeating: .padded(64), count: 9),
      Array(repeating: .dense(2), count: 40),
    ]
    for operands in lists {
      for extent in [1, 3] {
        for width in [1, 13] {
          check(
            ConvolutionProblem(extent: extent, operands: operands, outputs: 64, width: width),
            table)
        }
      }
    }
  }

  @Test(arguments: allTables)
  func residualsAndRectificationOfEveryKind(_ table: KernelTable) {
    for residual in ConvolutionProblem.Residual.allCases {
      for rectified in [false, true] {
        for outputs in [16, 48, 112] {
          for extent in [1, 3] {
            check(
              ConvolutionProblem(
                extent: extent, operands: [.padded(32), .dense(1)], outputs: outputs, width: 29,
                residual: residual, rectified: rectified), table)
          }
        }
      }
    }
  }

  @Test(arguments: allTables)
  func sumsRunInTheDocumentedOrder(_ table: KernelTable) {
    for outputs in [16, 28, 64, 112] {
      for extent in [1, 3] {
        for operands: [Operand] in [[.dense(1)], [.padded(28)], [.padded(64), .padded(16)]] {
          let operands = ConvolutionOperands(
            ConvolutionProblem(
              extent: extent, operands: operands, outputs: outputs, width: 11,
              residual: .perChannel, rectified: true))
          let actual = operands.run(table).values.map(\.bitPattern)
          #expect(
            actual == operands.expectedBytes(fused: table.isFused),
            "\(table.instructionSet) \(operands.problem)")
        }
      }
    }
  }

  @Test(arguments: allTables)
  func anySplitOfALayerGivesTheSameBytes(_ table: KernelTable) {
    for extent in [1, 3] {
      let operands = ConvolutionOperands(
        ConvolutionProblem(
          extent: extent, operands: [.padded(64), .padded(16)], outputs: 80, width: 130, rows: 9,
          planes: 3, residual: .perChannel))
      let whole = operands.run(table)
      let rowByRow = (0..<3).flatMap { k in
        (0..<9).map { j in Region(rows: j..<j + 1, planes: k..<k + 1) }
      }
      let uneven = [
        Region(rows: 4..<9, planes: 0..<3), Region(rows: 0..<4, planes: 1..<3),
        Region(rows: 0..<4, planes: 0..<1),
      ]
      for regions in [rowByRow, uneven] {
        let parts = operands.run(table, regions: regions)
        #expect(parts.values.map(\.bitPattern) == whole.values.map(\.bitPattern))
        #expect(parts.strayWrites == 0)
      }
    }
  }

  @Test(arguments: allTables)
  func onlyTheRegionIsWritten(_ table: KernelTable) {
    for extent in [1, 3] {
      let operands = ConvolutionOperands(
        ConvolutionProblem(
          extent: extent, operands: [.padded(16)], outputs: 48, width: 10, rows: 5, planes: 4))
      let region = Region(rows: 1..<4, planes: 2..<3)
      let outcome = operands.run(table, regions: [region], outputPadding: 16)
      let untouched = outcome.values.filter {
        $0.bitPattern == GuardedBuffer.guardValue.bitPattern
      }
      #expect(untouched.count == (5 * 4 - 3) * 10 * 48)
    }
  }

  @Test(arguments: allTables)
  func aPointwiseLayerMayOverwriteItsInput(_ table: KernelTable) {
    let lists = [
      (16, []), (16, [16]), (32, [16]), (48, []), (64, [64, 64, 64]), (112, [512]), (128, [16]),
      (64, Array(repeating: 3, count: 40)),
    ]
    for (first, others) in lists {
      for residualIsOutput in [false, true] {
        let operands = ConvolutionOperands(
          ConvolutionProblem(
            extent: 1, operands: [.padded(first)] + others.map { .padded($0) }, outputs: first,
            width: 201, rows: 1, planes: 1))
        let separate = operands.run(table).values
        let actual = operands.runInPlace(table, residualIsOutput: residualIsOutput)
        let input = (0..<201).flatMap { i in
          (0..<first).map { operands.maps[0][operands.index(first, i, 0, 0) + $0] }
        }
        let expected = residualIsOutput ? zip(separate, input).map { $0 + $1 } : separate
        #expect(actual == expected, "\(table.instructionSet) \(operands.problem)")
      }
    }
  }

  @Test(arguments: allTables)
  func infinityAndNaNReachEveryOutputThatDependsOnThem(_ table: KernelTable) {
    for value in [Float.nan, .infinity] {
      for rectified in [false, true] {
        var operands = ConvolutionOperands(
          ConvolutionProblem(
            extent: 3, operands: [.padded(16)], outputs: 32, width: 9, rows: 3, planes: 3,
            rectified: rectified))
        operands.maps[0][operands.index(16, 4, 1, 1) + 7] = value
        let values = operands.run(table).values
        for (index, result) in values.enumerated() {
          let i = index / 32 % 9
          let isReached = abs(i - 4) <= 1
          if value.isNaN { #expect(result.isNaN == isReached) }
          // A rectified sum of minus infinity is 0.
          if !isReached { #expect(result.isFinite) }
          if isReached && !rectified { #expect(!result.isFinite) }
        }
      }
    }
  }

  private func check(_ problem: ConvolutionProblem, _ table: KernelTable) {
    let operands = ConvolutionOperands(problem)
    let outcome = operands.run(table)
    let expected = operands.expected()
    expectWithin(
      expected.bounds, expected: expected.values, actual: outcome.values,
      "\(table.instructionSet) \(problem)")
    #expect(outcome.strayWrites == 0, "\(table.instructionSet) \(problem)")
  }
}
