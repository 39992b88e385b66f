import KernelInterface
import SIMDKernels
import Testing

/// Convolutions at Winograd's points in the plane against their definition in double precision.
struct PlaneConvolutionTests {
  struct Problem: CustomStringConvertible {
    var width: Int
    var height: Int
    var channels: [Int]
    var outputs: Int
    /// Of the three planes that the kernel reads.
    var planes = 0..<3
    var hasResidual = false
    var isRectified = false
    var isGated = false

    var paddedOutputs: Int { FeatureLayout.paddedChannels(outputs) }
    var inputs: Int { channels.reduce(0, +) }
    var description: String {
      "\(channels)->\(outputs), \(width)x\(height), planes \(planes)"
    }
  }

  private static let problems = [
    Problem(width: 4, height: 4, channels: [16], outputs: 16),
    Problem(
      width: 9, height: 5, channels: [12, 5], outputs: 28, planes: 1..<3, hasResidual: true,
      isRectified: true),
    Problem(width: 1, height: 2, channels: [20], outputs: 64, planes: 0..<2, isGated: true),
    Problem(
      width: 22, height: 21, channels: [16], outputs: 16, planes: 1..<2, hasResidual: true,
      isGated: true),
    Problem(width: 7, height: 12, channels: [3], outputs: 112),
  ]

  @Test(arguments: allTables)
  func aPlaneIsTheConvolutionOfItsOperands(_ table: KernelTable) {
    for problem in Self.problems { check(problem, table) }
  }

  private func check(_ problem: Problem, _ table: KernelTable) {
    let operands = problem.planes.flatMap { plane in
      problem.channels.enumerated().map { index, channels in
        PlaneRows(
          width: problem.width, height: problem.height, channels: channels,
          seed: UInt64(10 * plane + index))
      }
    }
    var random = RandomValues(seed: 5)
    let weights = random.values(problem.outputs * problem.inputs * 27)
    let bias = GuardedBuffer(
      random.values(problem.outputs)
        + [Float](repeating: 0, count: problem.paddedOutputs - problem.outputs))
    let extra = (0..<2).map { seed in
      PlaneRows(
        width: problem.width, height: problem.height, channels: problem.paddedOutputs,
        seed: UInt64(100 + seed))
    }
    let count = problem.width * problem.height * problem.paddedOutputs
    let output = GuardedBuffer(guarded: count, misalignment: 1)
    withExtendedLifetime((operands, bias, extra, output)) {
      run(problem, table, operands, filters(problem, table, weights), bias, extra, output)
      let name = "\(table.instructionSet) \(problem)"
      let (expected, bounds) = expectation(problem, operands, weights, bias, extra)
      expectWithin(bounds, expected: expected, actual: output.values, name)
      #expect(output.zonesAreIntact, "\(name)")
    }
  }

  private func steps(_ channels: Int) -> Int { (channels + 1) / 2 }

  /// `[point][panel][plane][operand][step][width]`.
  private func filters(
    _ problem: Problem, _ table: KernelTable, _ weights: [Float]
  ) -> GuardedBuffer {
    let perPlane = problem.channels.reduce(0) { $0 + steps($1) }
    let filters = GuardedBuffer(guarded: 36 * 3 * perPlane * problem.paddedOutputs)
    let scratch = GuardedBuffer(guarded: FilterTransformArguments.scratchFloats)
    var panel = 0
    while panel < problem.paddedOutputs {
      let width = table.layout.width(ofPanelAt: panel, channels: problem.paddedOutputs)
      var (first, step) = (0, 0)
      for channels in problem.channels {
        for plane in 0..<3 {
          let taps = GuardedBuffer(
            (0..<9 * channels * width).map { place in
              let (tap, channel, output) = (
                place / (channels * width), place / width % channels, panel + place % width
              )
              guard output < problem.outputs else { return 0 }
              return weights[(output * problem.inputs + first + channel) * 27 + 9 * plane + tap]
            })
          withExtendedLifetime((taps, filters, scratch)) {
            table.training.transformPlaneFilters(
              FilterTransformArguments(
                taps: taps.pointer, channels: channels, width: width,
                filters: filters.pointer + panel * 3 * perPlane + (plane * perPlane + step) * width,
                frequencyStride: 3 * perPlane * problem.paddedOutputs, scratch: scratch.pointer))
          }
        }
        first += channels
        step += steps(channels)
      }
      panel += width
    }
    #expect(filters.zonesAreIntact && scratch.zonesAreIntact)
    return filters
  }

  private func run(
    _ problem: Problem, _ table: KernelTable, _ operands: [PlaneRows], _ filters: GuardedBuffer,
    _ bias: GuardedBuffer, _ extra: [PlaneRows], _ output: GuardedBuffer
  ) {
    let numbers = operands.map { $0.atPoints(table) }
    let areIntact = numbers.allSatisfy { $0.isIntact }
    #expect(areIntact)
    let list = zip(numbers, operands).map { numbers, rows in
      PlaneOperand(
        values: numbers.values.pointer, pointStride: numbers.pointStride,
        tileStride: numbers.rowStride, steps: steps(rows.channels))
    }
    let stride = problem.paddedOutputs
    let perPlane = problem.channels.reduce(0) { $0 + steps($1) }
    let scratch = GuardedBuffer(
      guarded: PlaneConvolutionArguments.scratchFloats(
        operands: list.count, width: problem.width, outputs: stride))
    let rows = (0..<problem.height).map { output.pointer + $0 * problem.width * stride }
    withExtendedLifetime((numbers, filters, scratch)) {
      extra[0].withRows { residual in
        extra[1].withRows { activations in
          withUnsafePointer(to: UpcomingMemory(first: residual[0], floats: 100)) { upcoming in
            list.withUnsafeBufferPointer { list in
              rows.withUnsafeBufferPointer { rows in
                guard let first = list.baseAddress, let rows = rows.baseAddress else { return }
                table.training.convolvePlane(
                  PlaneConvolutionArguments(
                    operands: first, operandCount: list.count,
                    filters: filters.pointer, steps: 3 * perPlane,
                    firstStep: problem.planes.lowerBound * perPlane, bias: bias.pointer,
                    output: ConvolutionOutput(rows: rows, voxelStride: stride, channels: stride),
                    residual: problem.hasResidual
                      ? ConvolutionResidual(
                        table: RowTable(rows: residual + 1, rowsPerPlane: 1, voxelStride: stride),
                        isBroadcast: false) : nil,
                    rectified: problem.isRectified,
                    activations: problem.isGated ? activations + 1 : nil, width: problem.width,
                    height: problem.height, upcoming: upcoming, upcomingCount: 1,
                    scratch: scratch.pointer))
              }
            }
          }
        }
      }
    }
    #expect(scratch.zonesAreIntact)
  }

  /// Every output, `[j][i][output]`, and what it may be wrong by.
  private func expectation(
    _ problem: Problem, _ operands: [PlaneRows], _ weights: [Float], _ bias: GuardedBuffer,
    _ extra: [PlaneRows]
  ) -> ([Double], [Double]) {
    let stride = problem.paddedOutputs
    var values = [Double](repeating: 0, count: problem.width * problem.height * stride)
    var bounds = values
    // Random numbers are at most 1: so are all of a tile, and a filter's.
    let input = PlaneMatrices.absolute(PlaneMatrices.axis.input, [Double](repeating: 1, count: 36))
    let filter = PlaneMatrices.absolute(PlaneMatrices.axis.filter, [Double](repeating: 1, count: 9))
    let terms = problem.planes.count * problem.inputs
    let magnitude = PlaneMatrices.absolute(
      PlaneMatrices.axis.output, zip(input, filter).map { $0 * $1 * Double(terms) })
    let share = PlaneMatrices.share(terms: terms)
    for place in values.indices {
      let (j, i) = (place / stride / problem.width, place / stride % problem.width)
      let output = place % stride
      var sum = Double(bias.pointer[output])
      if output < problem.outputs {
        sum += convolved(problem, operands, weights, output: output, i: i, j: j)
      }
      if problem.isRectified { sum = max(sum, 0) }
      if problem.hasResidual { sum += extra[0].value(output, i: i, j: j) }
      if problem.isGated, extra[1].value(output, i: i, j: j) <= 0 { sum = 0 }
      values[place] = sum
      bounds[place] = magnitude[j % 4 * 4 + i % 4] * share + 4 * 0x1p-24
    }
    return (values, bounds)
  }

  private func convolved(
    _ problem: Problem, _ operands: [PlaneRows], _ weights: [Float], output: Int, i: Int, j: Int
  ) -> Double {
    var sum = 0.0
    for (index, operand) in operands.enumerated() {
      let kind = index % problem.channels.count
      let first = problem.channels[..<kind].reduce(0, +)
      let plane = problem.planes.lowerBound + index / problem.channels.count
      for channel in 0..<operand.channels {
        let taps = (output * problem.inputs + first + channel) * 27 + 9 * plane
        for tap in 0..<9 {
          sum +=
            Double(weights[taps + tap])
            * operand.value(channel, i: i + tap % 3 - 1, j: j + tap / 3 - 1)
        }
      }
    }
    return sum
  }
}

/// Gradients of filters at Winograd's points in the plane.
struct PlaneGradientTests {
  @Test(arguments: allTables)
  func aPlaneMakesTheGradientOfItsFilters(_ table: KernelTable) {
    for (width, height) in [(4, 4), (9, 5), (12, 3), (2, 7)] {
      check(table, width: width, height: height)
    }
  }

  private func check(_ table: KernelTable, width: Int, height: Int) {
    let (inputs, outputs) = (5, 32)
    let input = PlaneRows(width: width, height: height, channels: inputs, seed: 3)
    let slopes = PlaneRows(width: width, height: height, channels: outputs, seed: 4)
    let values = input.atPoints(table, isSummed: true)
    let gradients = slopes.atPoints(table, isGradient: true, isSummed: true)
    let sums = GuardedBuffer([Float](repeating: 0, count: 36 * inputs * outputs))
    let gradient = GuardedBuffer([Float](repeating: 0.5, count: 9 * inputs * outputs))
    let scratch = GuardedBuffer(guarded: TileTransformArguments.scratchFloats)
    withExtendedLifetime((values, gradients, sums, gradient, scratch)) {
      for point in 0..<36 {
        let first = UnsafePointer(values.values.pointer + point * values.pointStride)
        let second = UnsafePointer(gradients.values.pointer + point * gradients.pointStride)
        withUnsafePointer(to: first) { first in
          withUnsafePointer(to: second) { second in
            table.training.addWeightGradientPairs(
              WeightGradientArguments(
                inputs: first, inputOffset: 0, inputStride: values.rowStride, inputCount: inputs,
                gradients: second, gradientStride: gradients.rowStride, gradientCount: outputs,
                rowCount: 1, width: values.rows, sums: sums.pointer + point * inputs * outputs,
                sumStride: outputs))
          }
        }
      }
      for input in 0..<inputs {
        table.training.planeFilterGradient(
          FilterGradientArguments(
            values: sums.pointer + input * outputs, frequencyStride: inputs * outputs,
            outputs: outputs, gradient: gradient.pointer + input * outputs,
            tapStride: inputs * outputs, scratch: scratch.pointer))
      }
      let name = "\(table.instructionSet), \(width) x \(height)"
      let expected = (0..<9 * inputs * outputs).map { place -> Double in
        let (tap, channel, output) = (
          place / (inputs * outputs), place / outputs % inputs, place % outputs
        )
        return (0..<width * height).reduce(0.5) { sum, voxel in
          let (i, j) = (voxel % width, voxel / width)
          return sum + slopes.value(output, i: i, j: j)
            * input.value(channel, i: i + tap % 3 - 1, j: j + tap / 3 - 1)
        }
      }
      expectWithin(
        bounds(tiles: (width + 3) / 4 * ((height + 3) / 4)).flatMap {
          [Double](repeating: $0, count: inputs * outputs)
        }, expected: expected, actual: gradient.values, name)
      #expect(gradient.zonesAreIntact && sums.zonesAreIntact && scratch.zonesAreIntact, "\(name)")
      #expect(values.isIntact && gradients.isIntact, "\(name)")
    }
  }

  /// Per tap; random numbers are at most 1.
  private func bounds(tiles: Int) -> [Double] {
    let axis = PlaneMatrices.axis
    let input = PlaneMatrices.absolute(axis.input, [Double](repeating: 1, count: 36))
    let slopes = PlaneMatrices.absolute(
      PlaneMatrices.turned(axis.output), [Double](repeating: 1, count: 16))
    let sums = zip(input, slopes).map { $0 * $1 * Double(tiles) }
    let share = PlaneMatrices.share(terms: tiles)
    return PlaneMatrices.absolute(PlaneMatrices.turned(axis.filter), sums).map {
      $0 * share + 0x1p-24
    }
  }
}

/// Pairs of rows, and sums over them.
struct RowPairTests {
  @Test(arguments: allTables)
  func rowsArePairedLaneByLane(_ table: KernelTable) {
    for (count, length) in [(1, 16), (4, 16), (7, 48)] {
      var random = RandomValues(seed: UInt64(count))
      let stride = length + 5
      let rows = GuardedBuffer(random.values(count * stride), misalignment: 1)
      let pairs = GuardedBuffer(guarded: (count + 1) / 2 * length, misalignment: 2)
      withExtendedLifetime((rows, pairs)) {
        table.training.pairRows(
          PairRowsArguments(
            rows: rows.pointer, stride: stride, count: count, length: length,
            pairs: pairs.pointer))
        let expected = (0..<(count + 1) / 2 * length).map { place in
          let (row, lane) = (place / length * 2, place % length)
          return BFloat16.pair(
            rows.pointer[row * stride + lane],
            row + 1 < count ? rows.pointer[(row + 1) * stride + lane] : 0)
        }
        #expect(pairs.values.map(\.bitPattern) == expected.map(\.bitPattern))
        #expect(pairs.zonesAreIntact)
      }
    }
  }

  @Test(arguments: allTables)
  func sumsOverPairsMatchDoublePrecision(_ table: KernelTable) {
    for inputs in 1...34 {
      for outputs in [16, 32, 48, 64, 112] { check(table, inputs: inputs, outputs: outputs) }
    }
  }

  private func check(_ table: KernelTable, inputs: Int, outputs: Int) {
    var random = RandomValues(seed: UInt64(100 * inputs + outputs))
    let (rows, width) = (3, 5)
    func pairs(_ count: Int) -> [Float] {
      (0..<count).map { _ in BFloat16.pair(random.next(), random.next()) }
    }
    let values = GuardedBuffer(pairs(rows * width * inputs), misalignment: 1)
    let slopes = GuardedBuffer(pairs(rows * width * outputs), misalignment: 3)
    let sums = GuardedBuffer([Float](repeating: 0.25, count: inputs * outputs), misalignment: 1)
    let inputRows = (0..<rows).map { UnsafePointer(values.pointer + $0 * width * inputs) }
    let slopeRows = (0..<rows).map { UnsafePointer(slopes.pointer + $0 * width * outputs) }
    withExtendedLifetime((values, slopes, sums)) {
      inputRows.withUnsafeBufferPointer { inputRows in
        slopeRows.withUnsafeBufferPointer { slopeRows in
          guard let first = inputRows.baseAddress, let second = slopeRows.baseAddress else {
            return
          }
          table.training.addWeightGradientPairs(
            WeightGradientArguments(
              inputs: first, inputOffset: 0, inputStride: inputs, inputCount: inputs,
              gradients: second, gradientStride: outputs, gradientCount: outputs,
              rowCount: rows, width: width, sums: sums.pointer, sumStride: outputs))
        }
      }
      var expected: [Double] = []
      var bounds: [Double] = []
      for place in 0..<inputs * outputs {
        var (sum, magnitude) = (0.25, 0.25)
        for voxel in 0..<rows * width {
          let a = BFloat16.values(values.pointer[voxel * inputs + place / outputs])
          let b = BFloat16.values(slopes.pointer[voxel * outputs + place % outputs])
          sum += Double(a.0) * Double(b.0) + Double(a.1) * Double(b.1)
          magnitude += abs(Double(a.0) * Double(b.0)) + abs(Double(a.1) * Double(b.1))
        }
        // Two products and two additions per pair, and the last addition.
        let roundings = Double(2 * rows * width + 2) * 0x1p-24
        expected.append(sum)
        bounds.append(magnitude * roundings / (1 - roundings))
      }
      let name = "\(table.instructionSet), \(inputs) x \(outputs)"
      expectWithin(bounds, expected: expected, actual: sums.values, name)
      #expect(sums.zonesAreIntact, "\(name)")
    }
  }
}
