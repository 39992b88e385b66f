import KernelInterface
import Testing

/// The convolution to one channel against a double-precision loop, and its order of sums byte for byte.
struct OneChannelTests {
  typealias Operand = ConvolutionProblem.Operand

  private static let problems: [(edge: Int, operands: [Operand])] = [
    (1, [.padded(64)]), (3, [.padded(64)]), (3, [.padded(12)]), (5, [.padded(32)]),
    (3, [.padded(48), .padded(24), .padded(24)]), (3, [Operand(channels: 16, voxelStride: 48)]),
  ]

  @Test(arguments: allTables)
  func everyWidthSumsInTheDocumentedOrder(_ table: KernelTable) {
    for (edge, operands) in Self.problems {
      for width in 1...19 {
        let layer = OneChannelLayer(edge: edge, operands: operands, width: width, residual: 2)
        let outcome = layer.run(table)
        #expect(outcome.strayWrites == 0)
        #expect(
          outcome.values.map(\.bitPattern)
            == layer.expectedValues(fused: table.isFused).map(\.bitPattern),
          "\(table.instructionSet) \(layer.operands.problem)")
      }
    }
  }

  @Test(arguments: allTables)
  func resultsAreWithinTheRoundingBound(_ table: KernelTable) {
    for (edge, operands) in Self.problems {
      let layer = OneChannelLayer(edge: edge, operands: operands, width: 30, residual: nil)
      let expected = layer.expected()
      expectWithin(
        expected.bounds, expected: expected.values, actual: layer.run(table).values,
        "\(table.instructionSet) \(layer.operands.problem)")
    }
  }
}

/// A layer with random operands.
private struct OneChannelLayer {
  let operands: ConvolutionOperands
  /// Floats from a voxel of the residual to the next; nil: none.
  let residual: Int?

  init(
    edge: Int, operands: [ConvolutionProblem.Operand], width: Int, residual: Int?
  ) {
    self.residual = residual
    var layer = ConvolutionOperands(
      ConvolutionProblem(
        extent: edge, operands: operands, outputs: 1, width: width, rows: 3, planes: 1,
        residual: .perChannel))
    // What lies behind the channels is finite.
    layer.maps = layer.maps.map { $0.map { $0.isNaN ? 0 : $0 } }
    self.operands = layer
  }

  private var problem: ConvolutionProblem { operands.problem }

  private func residual(voxel: Int) -> Float {
    residual.map { operands.residual[voxel * $0] } ?? 0
  }

  /// `[operand][tap][channel]` of one row, channels padded by zeros.
  private var packed: [Float] {
    var values: [Float] = []
    var first = 0
    for operand in problem.operands {
      for tap in 0..<problem.extent * problem.extent * problem.extent {
        values += (0..<operand.channels).map { operands.weight(0, first + $0, tap) }
        let padded = FeatureLayout.paddedChannels(operand.channels)
        values += [Float](repeating: 0, count: padded - operand.channels)
      }
      first += operand.channels
    }
    return values
  }

  func run(_ table: KernelTable) -> ConvolutionOperands.Outcome {
    let buffers = operands.maps.map { GuardedBuffer($0, misalignment: 1) }
    let maps = zip(problem.operands, buffers).map { operands.haloMap($1, stride: $0.voxelStride) }
    let reach = problem.extent / 2
    let rows = 0..<problem.rows
    let weights = GuardedBuffer(packed)
    let output = GuardedBuffer(guarded: problem.rows * problem.width, misalignment: 3)
    let residuals = GuardedBuffer(operands.residual)
    let targets = rows.map { output.pointer + $0 * problem.width }
    let stride = residual ?? 1
    let residualRows = rows.map {
      UnsafePointer(residuals.pointer + $0 * problem.width * stride)
    }
    let lists = maps.map { $0.rows(plane: 0, rows: rows, reach: reach) } + [residualRows]
    operands.withAddresses(of: lists) { addresses in
      let inputs = zip(problem.operands, addresses).map { operand, list in
        ConvolutionInput(
          table: RowTable(
            rows: list, rowsPerPlane: rows.count + 2 * reach, voxelStride: operand.voxelStride),
          channels: operand.channels)
      }
      let residualTable = RowTable(
        rows: addresses[maps.count], rowsPerPlane: rows.count, voxelStride: stride)
      inputs.withUnsafeBufferPointer { inputs in
        targets.withUnsafeBufferPointer { targets in
          guard let first = inputs.baseAddress, let target = targets.baseAddress else { return }
          table.related.convolveToOne(
            OneChannelArguments(
              inputs: first, inputCount: inputs.count, edge: problem.extent,
              weights: weights.pointer, bias: operands.bias[0], rows: target,
              residual: residual == nil ? nil : residualTable, width: problem.width,
              rowCount: rows.count))
        }
      }
    }
    let isIntact =
      output.zonesAreIntact
      && zip(operands.maps, buffers).allSatisfy {
        $1.zonesAreIntact && $0.map(\.bitPattern) == $1.values.map(\.bitPattern)
      }
    return withExtendedLifetime((weights, residuals, buffers)) {
      ConvolutionOperands.Outcome(values: output.values, strayWrites: isIntact ? 0 : 1)
    }
  }

  /// Every voxel in float32: 16 partial sums, added as a tree.
  func expectedValues(fused: Bool) -> [Float] {
    (0..<problem.voxelCount).map { voxel in
      var sums = [Float](repeating: 0, count: 16)
      var channel = 0
      var channels = problem.operands.flatMap { operand in
        (0..<problem.extent * problem.extent * problem.extent).flatMap { _ in
          0..<operand.channels
        }
      }[...]
      operands.forEachStep(
        output: 0, i: voxel % problem.width, j: voxel / problem.width, k: 0
      ) { step in
        channel = channels.removeFirst() % 16
        sums[channel] =
          fused
          ? sums[channel].addingProduct(step.value, step.weight)
          : sums[channel] + step.value * step.weight
      }
      for distance in [8, 4, 2, 1] {
        for index in 0..<distance { sums[index] += sums[index + distance] }
      }
      let sum = sums[0] + operands.bias[0]
      return residual == nil ? sum : sum + residual(voxel: voxel)
    }
  }

  /// Every voxel in double, with the largest rounding error of float32.
  func expected() -> (values: [Double], bounds: [Double]) {
    var (values, bounds): ([Double], [Double]) = ([], [])
    for voxel in 0..<problem.voxelCount {
      var sum = Double(operands.bias[0])
      var magnitude = abs(sum)
      operands.forEachStep(
        output: 0, i: voxel % problem.width, j: voxel / problem.width, k: 0
      ) { step in
        let product = Double(step.value) * Double(step.weight)
        sum += product
        magnitude += abs(product)
      }
      values.append(sum)
      // A product, the steps of a partial sum at most, four of the tree, and the bias.
      let roundings = Double(problem.reduction / min(16, problem.inputChannels) + 6) * 0x1p-24
      bounds.append(magnitude * roundings / (1 - roundings))
    }
    return (values, bounds)
  }
}
