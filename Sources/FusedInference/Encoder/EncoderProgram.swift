import KernelInterface
import Networks

/// An encoder as a list of convolutions over numbered values, without buffers or threads.
///
/// Concatenations are lists of operands and sums are residuals, so nothing is ever copied. Value 0
/// is the normalised LR image; the last step makes the feature map, to which layers may be appended.
struct EncoderProgram {
  /// What is added to a step's result after bias and ReLU.
  struct Summand {
    var value: Int
    /// A one-channel value that is added to every channel.
    var isBroadcast: Bool
  }

  /// One convolution.
  struct Step {
    /// The part of the network whose result this is, by its tensors' name: `sfe1`, `rdbs.0`, ...
    var name: String
    var weights: ConvolutionWeights
    var inputs: [Int]
    var summand: Summand?
    var rectified: Bool
    var output: Int
    var algorithm: ConvolutionAlgorithm
    /// How what is multiplied is stored.
    var precision: Precision
    /// Multiply-accumulates of the direct algorithm that take as long, per voxel.
    var workPerVoxel: Int

    /// Multiply-accumulates per voxel that are executed; of Winograd's algorithm the products of
    /// whole F(4) tiles, 216 for 64 voxels instead of 27 for one.
    var productsPerVoxel: Int {
      algorithm == .winograd ? weights.operationsPerVoxel / 8 : weights.operationsPerVoxel
    }
  }

  /// Channels of each value; value 0 is the image.
  private(set) var channels = [1]
  private(set) var steps: [Step] = []
  private var choice: ConvolutionChoice

  init(_ encoder: Encoder, choice: ConvolutionChoice) {
    self.choice = choice
    switch encoder {
    case .rdn(let network): appendRDN(network)
    case .resCNN(let network): appendResCNN(network)
    case .srResNet(let network):
      // 37 such layers in a row, whose errors add up along the sums of all blocks, would be 48.7 dB from
      // float32 where 55 are asked; RDN and ResCNN keep 55.8 and 58.9 (`precision.md` of the results).
      self.choice.roundsTransforms = false
      appendSRResNet(network)
    }
    features = result
  }

  /// The value that the last step makes.
  var result: Int { channels.count - 1 }
  /// The encoder's feature map, whatever layers were appended.
  private(set) var features = 0

  /// Floats per voxel of a value.
  func voxelStride(_ value: Int) -> Int {
    value == 0 ? 1 : FeatureLayout.paddedChannels(channels[value])
  }

  /// For each value, how many 3x3x3 layers lie between the image and it, on the longest way.
  var depths: [Int] {
    var depths = [Int](repeating: 0, count: channels.count)
    for step in steps {
      for input in step.inputs {
        depths[step.output] = max(depths[step.output], depths[input] + step.weights.kernel / 2)
      }
      if let summand = step.summand {
        depths[step.output] = max(depths[step.output], depths[summand.value])
      }
    }
    return depths
  }

  /// How the results of layers of `depth` are cut into tiles along axis 0, 1, 2 (i, j, k) of `size`
  /// voxels: along k in the slabs of the wavefront, along j in its bands.
  static func tiles(depth: Int, axis: Int, size: Int) -> TileAxis {
    TileAxis(size: size, phase: axis == 2 ? (4 - depth % 4) % 4 : 0)
  }

  /// For each value, how far behind its making the last layer reads it, in planes and in bands.
  ///
  /// That is the difference of depths and what that layer reaches back. The last value is read one
  /// behind.
  var lags: [Int] {
    let depths = depths
    var lags = [Int](repeating: 0, count: channels.count)
    lags[result] = 1
    for step in steps {
      let depth = depths[step.output]
      for input in step.inputs {
        lags[input] = max(lags[input], depth - depths[input] + step.weights.kernel / 2)
      }
      if let summand = step.summand {
        lags[summand.value] = max(lags[summand.value], depth - depths[summand.value])
      }
    }
    return lags
  }

  /// Whether the published encoder has step `index`: it computes nothing twice, and the layers
  /// behind the feature map are the decoder's, which it applies to every point.
  func isPublished(step index: Int) -> Bool {
    let step = steps[index]
    return step.output <= features
      && !steps[..<index].contains { $0.name == step.name && $0.inputs == step.inputs }
  }

  /// Appends a layer on the concatenation of `inputs` and returns the number of its result.
  mutating func append(
    _ name: String, inputs: [Int], rectified: Bool = false, _ layer: Convolution
  ) -> Int {
    convolve(name, inputs, ConvolutionWeights(layer), rectified: rectified)
  }

  /// Appends a convolution of the concatenation of `inputs` and returns the number of its result.
  private mutating func convolve(
    _ name: String, _ inputs: [Int], _ weights: ConvolutionWeights, rectified: Bool = false,
    adding: Summand? = nil
  ) -> Int {
    // The image has no room for the padding that Winograd's transforms and pairs read.
    let (algorithm, precision, relativeCost) =
      inputs.contains(0)
      ? (.direct, .float32, 1)
      : choice.algorithm(
        kernel: weights.kernel, inputs: inputs.map { channels[$0] }, outputs: weights.outputs)
    channels.append(weights.outputs)
    let output = channels.count - 1
    steps.append(
      Step(
        name: name, weights: weights, inputs: inputs, summand: adding, rectified: rectified,
        output: output, algorithm: algorithm, precision: precision,
        workPerVoxel: Int((relativeCost * Double(weights.operationsPerVoxel)).rounded(.up))))
    return output
  }

  /// The residual dense network of Zhang and others (2018), as ArSSR uses it.
  ///
  /// The global fusion `gff.0` acts on the concatenation of all block results; it is summed block
  /// by block, so that no block result needs to be kept. The first layer, which the last one but
  /// one adds, is computed again there: it costs 0.03 % of the network and would have to be held
  /// over nearly its whole depth.
  private mutating func appendRDN(_ network: RDN) {
    let shallow = convolve("sfe1", [0], ConvolutionWeights(network.shallow1))
    var current = convolve("sfe2", [shallow], ConvolutionWeights(network.shallow2))
    var fused: Int?
    for (index, block) in network.blocks.enumerated() {
      var dense = [current]
      for (number, layer) in block.layers.enumerated() {
        dense.append(
          convolve(
            "rdbs.\(index).layers.\(number)", dense, ConvolutionWeights(layer), rectified: true))
      }
      current = convolve(
        "rdbs.\(index)", dense, ConvolutionWeights(block.fusion),
        adding: Summand(value: current, isBroadcast: false))
      let width = block.fusion.outputs
      let slice = ConvolutionWeights(
        network.globalFusion1, inputs: index * width..<(index + 1) * width, hasBias: index == 0)
      fused = convolve(
        "gff.0", [current], slice, adding: fused.map { Summand(value: $0, isBroadcast: false) })
    }
    let again = convolve("sfe1", [0], ConvolutionWeights(network.shallow1))
    let global = convolve(
      "gff.1", [fused ?? current], ConvolutionWeights(network.globalFusion2),
      adding: Summand(value: again, isBroadcast: false))
    _ = convolve("output", [global], ConvolutionWeights(network.output))
  }

  /// The ResCNN of Du and others (2020), as ArSSR uses it: all feature channels get the image.
  private mutating func appendResCNN(_ network: ResCNN) {
    var current = convolve(
      "conv_start", [0], ConvolutionWeights(network.start), rectified: true)
    for (number, block) in network.blocks.enumerated() {
      var inner = current
      for (index, layer) in block.enumerated() {
        let isLast = index == block.count - 1
        inner = convolve(
          isLast ? "block\(number + 1)" : "block\(number + 1).\(2 * index)", [inner],
          ConvolutionWeights(layer), rectified: true,
          adding: isLast ? Summand(value: current, isBroadcast: false) : nil)
      }
      current = inner
    }
    _ = convolve(
      "conv_end", [current], ConvolutionWeights(network.end),
      adding: Summand(value: 0, isBroadcast: true))
  }

  /// The SRResNet of Ledig and others (2017) without batch normalisation, as ArSSR uses it.
  private mutating func appendSRResNet(_ network: SRResNet) {
    var current = convolve("features.0", [0], ConvolutionWeights(network.start))
    for (index, block) in network.blocks.enumerated() {
      let name = "features.\(index + 1)"
      let inner = convolve(
        "\(name).m.0", [current], ConvolutionWeights(block.first), rectified: true)
      current = convolve(
        name, [inner], ConvolutionWeights(block.second),
        adding: Summand(value: current, isBroadcast: false))
    }
    let last = network.blocks.count + 1
    current = convolve("features.\(last)", [current], ConvolutionWeights(network.middle))
    _ = convolve("features.\(last + 1)", [current], ConvolutionWeights(network.end))
  }
}
