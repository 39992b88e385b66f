import KernelInterface

/// Scattered points in a small feature map, and the same from the definition.
struct PointDecoderOperands {
  static let mapVoxels = 20

  let problem: DecoderProblem
  var weights: DecoderWeights
  /// `[voxel][padded features]`; padding channels hold values that must not count.
  var map: [Float]
  /// `[point][8]`: voxels.
  var taps: [Int]
  /// `[point][8]`.
  var tapWeights: [Float]
  /// `[point][others]`.
  var coordinates: [Float]

  var voxelStride: Int { FeatureLayout.paddedChannels(problem.features) }

  init(_ problem: DecoderProblem) {
    self.problem = problem
    var random = RandomValues(seed: problem.seed)
    weights = DecoderWeights(problem, &random)
    map = random.values(
      PointDecoderOperands.mapVoxels * FeatureLayout.paddedChannels(problem.features))
    taps = (0..<(8 * problem.points)).map { ($0 * 7 + $0 / 8) % PointDecoderOperands.mapVoxels }
    tapWeights = (0..<(8 * problem.points)).map { $0 % 13 == 0 ? 0 : abs(random.next()) / 4 }
    coordinates = random.values(problem.points * problem.others)
  }

  func expected() -> (values: [Double], bounds: [Double]) {
    var values: [Double] = []
    var bounds: [Double] = []
    for point in 0..<problem.points {
      var inputs: [Double] = []
      var errors: [Double] = []
      for channel in 0..<problem.features {
        var sum = 0.0
        var magnitude = 0.0
        for tap in 8 * point..<8 * point + 8 {
          let term = Double(tapWeights[tap]) * Double(map[taps[tap] * voxelStride + channel])
          sum += term
          magnitude += abs(term)
        }
        inputs.append(sum)
        errors.append(magnitude * rounding(steps: 10))
      }
      inputs += coordinates[point * problem.others..<(point + 1) * problem.others].map(Double.init)
      errors += [Double](repeating: 0, count: problem.others)
      let result = weights.intensity(of: inputs, errors: errors)
      values.append(result.value)
      bounds.append(result.error)
    }
    return (values, bounds)
  }

  func run(
    _ table: KernelTable, tile: Int? = nil, precision: Precision = .float32,
    skipsZeros: Bool = true
  ) -> [Float] {
    let decoder = PackedDecoder(weights, table.layout, isFused: false, precision: precision)
    let tile = tile ?? problem.tile
    let widest = decoder.layers.map(\.paddedOutputs).max() ?? 0
    let scratch = GuardedBuffer(
      guarded: table.pointDecoderScratch(problem.features, problem.others, widest, tile))
    let output = GuardedBuffer(guarded: problem.points, misalignment: 1)
    let features = GuardedBuffer(map)
    let offsets = taps.map { $0 * voxelStride }
    decoder.layers.withUnsafeBufferPointer { layers in
      guard let first = layers.baseAddress else { return }
      table.decodePoints(
        PointDecoderArguments(
          features: features.pointer, channels: problem.features, taps: offsets,
          tapWeights: tapWeights, coordinates: coordinates, coordinateCount: problem.others,
          count: problem.points,
          stack: LayerStack(
            layers: first, count: layers.count, skipLayer: problem.depth,
            outputLayer: decoder.outputLayer, skipsZeros: skipsZeros),
          output: output.pointer, tile: tile, scratch: scratch.pointer))
    }
    precondition(scratch.zonesAreIntact && output.zonesAreIntact, "overrun: \(problem)")
    return output.values
  }
}
