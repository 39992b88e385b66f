import KernelInterface

/// Output rows between LR rows of features, fused and from the definition.
struct RowDecoderOperands {
  /// What an output row has of its own.
  struct Line {
    /// Indices of its four LR rows.
    var sources: [Int]
    var sourceWeights: [Float]
    /// The other coordinates and the condition, the same for the whole row.
    var constants: [Float]
  }

  let problem: DecoderProblem
  var weights: DecoderWeights
  /// LR rows `[i][features]`.
  var rows: [[Float]]
  /// The output rows; of three neighbours two lie between the same LR rows.
  var lines: [Line]
  /// Per point: coordinate along i, taps and weights along i.
  var coordinates: [Float]
  var taps: [(Int, Int)]
  var tapWeights: [(Float, Float)]

  init(_ problem: DecoderProblem) {
    self.problem = problem
    var random = RandomValues(seed: problem.seed)
    weights = DecoderWeights(problem, &random)
    rows = (0..<6).map { _ in random.values(problem.rowLength * problem.features) }
    lines = (0..<problem.lines).map { line in
      Line(
        sources: line % 3 == 2 ? [2, 3, 4, 5] : [0, 1, 2, 3],
        sourceWeights: random.values(4).map { abs($0) / 2 },
        constants: random.values(problem.others - 1))
    }
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
  }

  /// The intensity of every point by the unfused definition in double precision, with the bound of
  /// the fused float32 arithmetic.
  func expected() -> (values: [Double], bounds: [Double]) {
    var values: [Double] = []
    var bounds: [Double] = []
    for (line, point) in places {
      let (inputs, errors) = interpolatedInputs(line, point: point)
      let result = weights.intensity(of: inputs, errors: errors)
      values.append(result.value)
      bounds.append(result.error)
    }
    return (values, bounds)
  }

  /// The decoder's input at a point, with the error of each value in the fused form.
  func interpolatedInputs(_ line: Line, point: Int) -> (values: [Double], errors: [Double]) {
    var inputs: [Double] = []
    var errors: [Double] = []
    for channel in 0..<problem.features {
      let (sum, magnitude) = interpolated(line, channel: channel, point: point)
      inputs.append(sum)
      // The fused form rounds W r, the blend of rows, two more products and the weights' own
      // multiplication with features: counted as an error of the features themselves.
      errors.append(magnitude * rounding(steps: problem.inputs + 12))
    }
    inputs += line.constants.map(Double.init) + [Double(coordinates[point])]
    errors += inputs[problem.features...].map {
      abs($0) * rounding(steps: problem.inputs + 12)
    }
    return (inputs, errors)
  }

  /// All points, row by row.
  var places: [(line: Line, point: Int)] {
    lines.flatMap { line in (0..<problem.points).map { (line, $0) } }
  }

  private func interpolated(
    _ line: Line, channel: Int, point: Int
  ) -> (sum: Double, magnitude: Double) {
    var sum = 0.0
    var magnitude = 0.0
    let along = [
      (taps[point].0, tapWeights[point].0), (taps[point].1, tapWeights[point].1),
    ]
    for (source, rowWeight) in zip(line.sources, line.sourceWeights) {
      let row = rows[source]
      for (voxel, weight) in along {
        let term =
          Double(rowWeight) * Double(weight) * Double(row[voxel * problem.features + channel])
        sum += term
        magnitude += abs(term)
      }
    }
    return (sum, magnitude)
  }

  /// Runs the kernel and returns all intensities, row by row.
  ///
  /// Rows are cut into calls of `pointsPerCall` points, groups into calls of `linesPerCall` rows.
  func run(
    _ table: KernelTable, tile: Int? = nil, pointsPerCall: Int? = nil, linesPerCall: Int? = nil,
    precision: Precision = .float32, skipsZeros: Bool = true,
    unitCounts: UnsafeMutablePointer<UnitCount>? = nil
  ) -> [Float] {
    let hidden = problem.paddedHidden
    let decoder = PackedDecoder(weights, table.layout, isFused: true, precision: precision)
    let preactivations = rows.map { GuardedBuffer(preactivation(of: $0), misalignment: 1) }
    let constants = lines.map { GuardedBuffer(constantTerms($0), misalignment: 2) }
    let column = GuardedBuffer(columnTerms(), misalignment: 3)
    let tile = tile ?? problem.tile
    let widest = decoder.layers.map(\.paddedOutputs).max() ?? 0
    let outputs = lines.map { _ in GuardedBuffer(guarded: problem.points, misalignment: 1) }
    let tap0 = taps.map { Int32($0.0) }
    let tap1 = taps.map { Int32($0.1) }
    let weight0 = tapWeights.map(\.0)
    let weight1 = tapWeights.map(\.1)
    let pointStep = pointsPerCall ?? problem.points
    let lineStep = linesPerCall ?? lines.count
    for firstLine in stride(from: 0, to: lines.count, by: lineStep) {
      let group = firstLine..<min(firstLine + lineStep, lines.count)
      let scratch = GuardedBuffer(
        guarded: table.rowDecoderScratch(group.count, hidden, widest, tile))
      for first in stride(from: 0, to: problem.points, by: pointStep) {
        let rows = group.map { line in
          let sources = lines[line].sources.map { UnsafePointer(preactivations[$0].pointer) }
          let weights = lines[line].sourceWeights
          return DecodedRow(
            sources: (sources[0], sources[1], sources[2], sources[3]),
            sourceWeights: (weights[0], weights[1], weights[2], weights[3]),
            constants: constants[line].pointer, output: outputs[line].pointer + first)
        }
        withPointers(coordinates, tap0, tap1, weight0, weight1, decoder.layers, rows) {
          coordinates, tap0, tap1, weight0, weight1, layers, rows in
          table.decodeRows(
            RowDecoderArguments(
              rows: rows, rowCount: group.count, rowLength: problem.rowLength, hidden: hidden,
              coordinateColumn: column.pointer, coordinates: coordinates + first,
              tap0: tap0 + first, tap1: tap1 + first, weight0: weight0 + first,
              weight1: weight1 + first, count: min(pointStep, problem.points - first),
              stack: LayerStack(
                layers: layers, count: decoder.layers.count, skipLayer: problem.depth - 1,
                outputLayer: decoder.outputLayer, skipsZeros: skipsZeros,
                unitCounts: unitCounts),
              tile: tile, scratch: scratch.pointer))
        }
      }
      precondition(scratch.zonesAreIntact, "overrun: \(problem)")
    }
    precondition(outputs.allSatisfy(\.zonesAreIntact), "overrun: \(problem)")
    return withExtendedLifetime((preactivations, constants, column)) {
      outputs.flatMap(\.values)
    }
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

  func constantTerms(_ line: Line) -> [Float] {
    perStage { layer, output in
      var sum = layer.bias[output]
      for (index, value) in line.constants.enumerated() {
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

/// Lends the storage of seven arrays (none of them empty) at once.
private func withPointers<A, B, C, D, E, F, G>(
  _ a: [A], _ b: [B], _ c: [C], _ d: [D], _ e: [E], _ f: [F], _ g: [G],
  _ body: (
    UnsafePointer<A>, UnsafePointer<B>, UnsafePointer<C>, UnsafePointer<D>, UnsafePointer<E>,
    UnsafePointer<F>, UnsafePointer<G>
  ) -> Void
) {
  body(a, b, c, d, e, f, g)
}
