import KernelInterface

/// A decoder network with random weights: two stages of dense layers and the skip between them.
struct DecoderProblem: CustomStringConvertible {
  /// Channels of the feature map.
  var features: Int
  /// Inputs that follow the features: coordinates, condition.
  var others = 3
  var hidden: Int
  /// Linear layers per stage, at least 2.
  var depth: Int
  var finalReLU = true
  var points: Int
  var tile = 48
  /// LR voxels of a row.
  var rowLength = 7
  /// Output rows decoded as a group (scattered points know no rows).
  var lines = 1
  /// Share of hidden units whose bias keeps them at zero at most points.
  var idle: Float = 0
  var seed: UInt64 = 1

  /// Width of the decoder's input and of stage one's output.
  var inputs: Int { features + others }
  var paddedHidden: Int { FeatureLayout.paddedChannels(hidden) }

  var description: String {
    "\(inputs) inputs, \(hidden) x 2 x \(depth), \(lines) x \(points) points, tile \(tile)"
  }
}

/// One linear layer as checkpoints store it: `[outputs][inputs]`.
struct PlainLayer {
  var inputs: Int
  var outputs: Int
  var weights: [Float]
  var bias: [Float]

  init(_ inputs: Int, _ outputs: Int, _ random: inout RandomValues) {
    self.inputs = inputs
    self.outputs = outputs
    weights = random.values(inputs * outputs, scale: (6 / Float(inputs)).squareRoot())
    bias = random.values(outputs, scale: 0.2)
  }

  /// Gives outputs biases that are mostly decided by sign; every eighth gets -0 and no weights.
  mutating func makeIdle(share: Float, _ random: inout RandomValues) {
    for output in 0..<outputs {
      if output % 8 == 5 {
        bias[output] = -0.0
        for input in 0..<inputs { weights[output * inputs + input] = 0 }
      } else if abs(random.next()) < share {
        bias[output] = -4 * abs(random.next())
      }
    }
  }

  /// The sums in double precision, and for each the largest error that float32 arithmetic makes in
  /// it when every input already carries an error of `errors`.
  func sums(of values: [Double], errors: [Double]) -> (values: [Double], errors: [Double]) {
    var results: [Double] = []
    var bounds: [Double] = []
    for output in 0..<outputs {
      var sum = Double(bias[output])
      var magnitude = abs(sum)
      var inherited = 0.0
      for input in 0..<inputs {
        let weight = Double(weights[output * inputs + input])
        sum += weight * values[input]
        magnitude += abs(weight * values[input])
        inherited += abs(weight) * errors[input]
      }
      results.append(sum)
      bounds.append(inherited + magnitude * rounding(steps: inputs + 2))
    }
    return (results, bounds)
  }

  /// The gradient with respect to the inputs from the one with respect to the sums.
  func pulledBack(_ gradient: [Double]) -> [Double] {
    (0..<inputs).map { input in
      (0..<outputs).reduce(0) { $0 + Double(weights[$1 * inputs + input]) * gradient[$1] }
    }
  }
}

/// The largest relative error of a sum of products in which none passes more roundings than this.
func rounding(steps: Int) -> Double {
  let error = Double(steps) * 0x1p-24
  return error / (1 - error)
}

/// The weights of a decoder and its plain evaluation in double precision.
struct DecoderWeights {
  let problem: DecoderProblem
  var stageOne: [PlainLayer]
  var stageTwo: [PlainLayer]

  init(_ problem: DecoderProblem, _ random: inout RandomValues) {
    self.problem = problem
    func stage(last: Int) -> [PlainLayer] {
      (0..<problem.depth).map { index in
        PlainLayer(
          index == 0 ? problem.inputs : problem.hidden,
          index == problem.depth - 1 ? last : problem.hidden, &random)
      }
    }
    stageOne = stage(last: problem.inputs)
    stageTwo = stage(last: 1)
    stageTwo[problem.depth - 1].bias = [0.7]
    guard problem.idle > 0 else { return }
    for index in 0..<problem.depth {
      stageOne[index].makeIdle(share: problem.idle, &random)
      if index < problem.depth - 1 { stageTwo[index].makeIdle(share: problem.idle, &random) }
    }
  }

  /// The intensity of one point from its input vector, and the bound on the error of float32
  /// arithmetic, where the interpolated inputs carry errors of at most `errors`.
  ///
  /// To first order the error is the sum over all layers of |gradient of the intensity with respect
  /// to a sum| times the largest error made in that sum. The bound is twice that, for the second
  /// order and for units whose sign rounding may change.
  func intensity(of inputs: [Double], errors: [Double]) -> (value: Double, error: Double) {
    let layers = stageOne + stageTwo
    let exact = [Double](repeating: 0, count: problem.hidden)
    var values = inputs
    var steps: [(values: [Double], errors: [Double])] = []
    for (index, layer) in layers.enumerated() {
      if index == problem.depth { values = zip(values, inputs).map { $0 + $1 } }
      let isFirst = index == 0 || index == problem.depth
      let step = layer.sums(of: values, errors: isFirst ? errors : exact)
      steps.append(step)
      let isRectified = index < layers.count - 1 || problem.finalReLU
      values = isRectified ? step.values.map { max($0, 0) } : step.values
    }
    var gradient = [1.0]
    var error = 0.0
    for (index, layer) in layers.enumerated().reversed() {
      let isRectified = index < layers.count - 1 || problem.finalReLU
      for output in gradient.indices {
        if isRectified && steps[index].values[output] < 0 { gradient[output] = 0 }
        error += abs(gradient[output]) * steps[index].errors[output]
      }
      gradient = layer.pulledBack(gradient)
    }
    return (values[0], 2 * error)
  }
}

/// Layers packed for a set, with the memory that they point into.
final class PackedDecoder {
  private var buffers: [GuardedBuffer] = []
  private(set) var layers: [DenseLayer] = []
  private(set) var outputLayer: OutputLayer

  /// Packs the layers; where `isFused`, without stage one's first layer, and stage two's first
  /// starts from interpolated values (its bias must not be read and is NaN here).
  init(
    _ weights: DecoderWeights, _ layout: PackedLayout, isFused: Bool,
    precision: Precision = .float32
  ) {
    let output = weights.stageTwo[weights.problem.depth - 1]
    let paddedInputs = FeatureLayout.paddedChannels(output.inputs)
    let padding = [Float](repeating: 0, count: paddedInputs - output.inputs)
    let vector = GuardedBuffer(output.weights + padding, misalignment: 5)
    buffers.append(vector)
    outputLayer = OutputLayer(
      weights: UnsafePointer(vector.pointer), bias: output.bias[0], inputs: output.inputs,
      rectified: weights.problem.finalReLU)
    for layer in weights.stageOne.dropFirst(isFused ? 1 : 0) { append(layer, layout, precision) }
    for (index, layer) in weights.stageTwo.dropLast().enumerated() {
      append(layer, layout, precision, biasIsRead: !(isFused && index == 0))
    }
  }

  private func append(
    _ layer: PlainLayer, _ layout: PackedLayout, _ precision: Precision, biasIsRead: Bool = true
  ) {
    let leftOver = DenseLayer.leftOver(inputs: layer.inputs, outputs: layer.outputs)
    let inPanels = layer.outputs - leftOver
    let padded = FeatureLayout.paddedChannels(inPanels)
    let steps = precision == .float32 ? layer.inputs : (layer.inputs + 1) / 2
    var packed = [Float](repeating: .nan, count: padded * steps)
    let rest = Array(layer.weights[(inPanels * layer.inputs)...])
    switch precision {
    case .float32:
      layout.pack(
        layer.weights, rowLength: layer.inputs, outputs: inPanels, paddedOutputs: padded,
        reduction: layer.inputs, source: { $0 }, into: &packed)
      packed += rest
    case .bfloat16:
      layout.packPairs(
        layer.weights, rowLength: layer.inputs, outputs: inPanels, paddedOutputs: padded,
        pairs: steps, source: { $0 < layer.inputs ? $0 : nil }, into: &packed)
      packed += stride(from: 0, to: rest.count, by: 2).map { BFloat16.pair(rest[$0], rest[$0 + 1]) }
    }
    let biases = layer.bias + [Float](repeating: 0, count: padded + leftOver - layer.outputs)
    let weights = GuardedBuffer(packed, misalignment: 3)
    let bias = GuardedBuffer(
      biasIsRead ? biases : [Float](repeating: .nan, count: biases.count), misalignment: 1)
    buffers += [weights, bias]
    layers.append(
      DenseLayer(
        weights: UnsafePointer(weights.pointer), bias: UnsafePointer(bias.pointer),
        inputs: layer.inputs, outputs: padded, leftOver: leftOver, rectified: true,
        precision: precision))
  }
}
