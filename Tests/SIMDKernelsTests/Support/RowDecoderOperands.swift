import KernelInterface

/// A row of points between four LR rows of features, fused and from the definition.
struct RowDecoderOperands {
  let problem: DecoderProblem
  let weights: DecoderWeights
  /// Four rows `[i][features]`.
  var rows: [[Float]]
  var rowWeights: [Float]
  /// Per point: coordinate along i, taps and weights along i.
  var coordinates: [Float]
  var taps: [(Int, Int)]
  var tapWeights: [(Float, Float)]
  /// The other coordinates and the condition, the same for the whole row.
  var constants: [Float]

  init(_ problem: DecoderProblem) {
    self.problem = problem
    var random = RandomValues(seed: problem.seed)
    weights = DecoderWeights(problem, &random)
    rows = (0..<4).map { _ in random.values(problem.rowLength * problem.features) }
    rowWeights = random.values(4).map { abs($0) / 2 }
    coordinates = random.values(problem.points)
    taps = (0..<problem.points).map { point in
      let first = point * problem.rowLength / problem.points
      return (first, min(first + 1, problem.rowLength - 1))
    }
    // Every seventh point lies outside the volume on one side.
    tapWeights = (0..<problem.points).map { point in
      let weight = abs(random.next())
      return point % 7 == 3 ? (0, weight) : (1 - weight, weight)
    }
    constants = random.values(problem.others - 1)
  }

  /// The intensity of every point by the unfused definition in double precision, with the bound of
  /// the fused float32 arithmetic.
  func expected() -> (values: [Double], bounds: [Double]) {
    var values: [Double] = []
    var bounds: [Double] = []
    for point in 0..<problem.points {
      var inputs: [Double] = []
      var errors: [Double] = []
      for channel in 0..<problem.features {
        let (sum, magnitude) = interpolated(channel: channel, point: point)
        inputs.append(sum)
        // The fused form rounds W r, the blend of rows, two more products and the weights' own
        // multiplication with features: counted as an error of the features themselves.
        errors.append(magnitude * rounding(steps: problem.inputs + 12))
      }
      inputs += constants.map(Double.init) + [Double(coordinates[point])]
      errors += inputs[problem.features...].map {
        abs($0) * rounding(steps: problem.inputs + 12)
      }
      let result = weights.intensity(of: inputs, errors: errors)
      values.append(result.value)
      bounds.append(result.error)
    }
    return (values, bounds)
  }

  private func interpolated(channel: Int, point: Int) -> (sum: Double, magnitude: Double) {
    var sum = 0.0
    var magnitude = 0.0
    let along = [
      (taps[point].0, tapWeights[point].0), (taps[point].1, tapWeights[point].1),
    ]
    for (row, rowWeight) in zip(rows, rowWeights) {
      for (voxel, weight) in along {
        let term =
          Double(rowWeight) * Double(weight) * Double(row[voxel * problem.features + channel])
        sum += term
        magnitude += abs(term)
      }
    }
    return (sum, magnitude)
  }

  /// Runs the kernel; the row is cut into calls of `pointsPerCall` points.
  func run(_ table: KernelTable, tile: Int? = nil, pointsPerCall: Int? = nil) -> [Float] {
    let hidden = problem.paddedHidden
    let decoder = PackedDecoder(weights, table.layout, isFused: true)
    let preactivations = rows.map { GuardedBuffer(preactivation(of: $0), misalignment: 1) }
    let constantTerms = GuardedBuffer(constantTerms(), misalignment: 2)
    let column = GuardedBuffer(columnTerms(), misalignment: 3)
    let tile = tile ?? problem.tile
    let widest = decoder.layers.map(\.outputs).max() ?? 0
    let scratch = GuardedBuffer(
      guarded: table.rowDecoderScratch(problem.rowLength, hidden, widest, tile))
    let output = GuardedBuffer(guarded: problem.points, misalignment: 1)
    let tap0 = taps.map { Int32($0.0) }
    let tap1 = taps.map { Int32($0.1) }
    let weight0 = tapWeights.map(\.0)
    let weight1 = tapWeights.map(\.1)
    let step = pointsPerCall ?? problem.points
    for first in stride(from: 0, to: problem.points, by: step) {
      withPointers(coordinates, tap0, tap1, weight0, weight1, decoder.layers) {
        coordinates, tap0, tap1, weight0, weight1, layers in
        table.decodeRow(
          RowDecoderArguments(
            rows: (
              UnsafePointer(preactivations[0].pointer), UnsafePointer(preactivations[1].pointer),
              UnsafePointer(preactivations[2].pointer), UnsafePointer(preactivations[3].pointer)
            ),
            rowWeights: (rowWeights[0], rowWeights[1], rowWeights[2], rowWeights[3]),
            rowLength: problem.rowLength, hidden: hidden, constants: constantTerms.pointer,
            coordinateColumn: column.pointer, coordinates: coordinates + first,
            tap0: tap0 + first, tap1: tap1 + first, weight0: weight0 + first,
            weight1: weight1 + first, count: min(step, problem.points - first), layers: layers,
            layerCount: decoder.layers.count, skipLayer: problem.depth - 1,
            outputLayer: decoder.outputLayer, output: output.pointer + first, tile: tile,
            scratch: scratch.pointer))
      }
    }
    precondition(scratch.zonesAreIntact && output.zonesAreIntact, "overrun: \(problem)")
    return output.values
  }

  /// Both first layers on an LR row, without bias and coordinates: `[i][2 * hidden]`.
  func preactivation(of row: [Float]) -> [Float] {
    var values = [Float](repeating: 0, count: problem.rowLength * 2 * problem.paddedHidden)
    for voxel in 0..<problem.rowLength {
      for (stage, layer) in [weights.stageOne[0], weights.stageTwo[0]].enumerated() {
        for output in 0..<layer.outputs {
          var sum: Float = 0
          for channel in 0..<problem.features {
            sum +=
              layer.weights[output * layer.inputs + channel]
              * row[voxel * problem.features + channel]
          }
          values[(2 * voxel + stage) * problem.paddedHidden + output] = sum
        }
      }
    }
    return values
  }

  func constantTerms() -> [Float] {
    perStage { layer, output in
      var sum = layer.bias[output]
      for (index, value) in constants.enumerated() {
        sum += layer.weights[output * layer.inputs + problem.features + index] * value
      }
      return sum
    }
  }

  func columnTerms() -> [Float] {
    perStage { layer, output in layer.weights[(output + 1) * layer.inputs - 1] }
  }

  private func perStage(_ term: (PlainLayer, Int) -> Float) -> [Float] {
    [weights.stageOne[0], weights.stageTwo[0]].flatMap { layer in
      (0..<problem.paddedHidden).map { $0 < layer.outputs ? term(layer, $0) : 0 }
    }
  }
}

/// Lends the storage of six arrays (none of them empty) at once.
private func withPointers<A, B, C, D, E, F>(
  _ a: [A], _ b: [B], _ c: [C], _ d: [D], _ e: [E], _ f: [F],
  _ body: (
    UnsafePointer<A>, UnsafePointer<B>, UnsafePointer<C>, UnsafePointer<D>, UnsafePointer<E>,
    UnsafePointer<F>
  ) -> Void
) {
  body(a, b, c, d, e, f)
}
