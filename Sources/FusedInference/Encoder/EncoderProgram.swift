import KernelInterface
import Networks

/// A network as a list of layers over numbered values, without buffers or threads.
///
/// Concatenations are lists of operands and sums are residuals, so nothing is ever copied. Value 0
/// is the normalised image; the last step makes the result, to which layers may be appended.
struct EncoderProgram {
  /// What is added to a step's result after bias and ReLU.
  struct Summand {
    var value: Int
    /// A one-channel value that is added to every channel.
    var isBroadcast: Bool
  }

  /// What a step computes.
  enum Operation {
    /// A convolution to whole granules of channels.
    case convolution(ConvolutionWeights)
    /// A convolution to one channel, stored without padding.
    case toOne(ConvolutionWeights)
    /// A scale and a shift per channel of the only input, then an exponential linear unit.
    case exponentialUnits(ScaleAndShift)
  }

  /// One layer.
  struct Step {
    /// The part of the network whose result this is, by its tensors' name: `sfe1`, `rdbs.0`, ...
    var name: String
    var operation: Operation
    var inputs: [Int]
    /// A value as far behind the image as this one shall be made, though its inputs are there earlier:
    /// what is made late is held for a shorter time.
    var after: Int?
    var summand: Summand?
    var rectified: Bool
    var output: Int
    var algorithm: ConvolutionAlgorithm
    /// How what is multiplied is stored.
    var precision: Precision
    /// Multiply-accumulates of the direct algorithm that take as long, per voxel.
    var workPerVoxel: Int

    /// The weights of a convolution of either kind.
    var weights: ConvolutionWeights? {
      switch operation {
      case .convolution(let weights), .toOne(let weights): weights
      case .exponentialUnits: nil
      }
    }

    /// Edge of the kernel, 1 for a layer that sees its own voxel only.
    var kernel: Int { weights?.kernel ?? 1 }

    /// Voxels that it reads to each side.
    var reach: Int { kernel / 2 }

    /// Multiply-accumulates per voxel as the definition counts them.
    var operationsPerVoxel: Int { weights?.operationsPerVoxel ?? 0 }

    /// Multiply-accumulates per voxel that are executed; of Winograd's algorithm the products of
    /// whole F(4) tiles, 216 for 64 voxels instead of 27 for one.
    var productsPerVoxel: Int {
      algorithm == .winograd ? operationsPerVoxel / 8 : operationsPerVoxel
    }
  }

  /// Channels of each value; value 0 is the image.
  private(set) var channels: [Int]
  /// Floats per voxel of each value.
  private var strides: [Int]
  private(set) var steps: [Step] = []
  var choice: ConvolutionChoice

  /// A program without steps on a volume of some images, `[voxel][image]`.
  init(images: Int, choice: ConvolutionChoice) {
    self.choice = choice
    channels = [images]
    strides = [images]
  }

  /// The value that the last step makes.
  var result: Int { channels.count - 1 }
  /// The encoder's feature map, whatever layers were appended.
  var features = 0

  /// Floats per voxel of a value.
  func voxelStride(_ value: Int) -> Int { strides[value] }

  /// For each value, how far its layers lag behind the image: the sum of all reaches, the number of
  /// 3x3x3 layers, on the longest way.
  var depths: [Int] {
    var depths = [Int](repeating: 0, count: channels.count)
    for step in steps {
      for input in step.inputs {
        depths[step.output] = max(depths[step.output], depths[input] + step.reach)
      }
      if let after = step.after { depths[step.output] = max(depths[step.output], depths[after]) }
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
        lags[input] = max(lags[input], depth - depths[input] + step.reach)
      }
      if let summand = step.summand {
        lags[summand.value] = max(lags[summand.value], depth - depths[summand.value])
      }
    }
    return lags
  }

  /// For each value, how many voxels of zeros its readers need before and behind a row; at least one.
  var margins: [Int] {
    var margins = [Int](repeating: 1, count: channels.count)
    for step in steps {
      for input in step.inputs { margins[input] = max(margins[input], step.reach) }
    }
    return margins
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
  mutating func convolve(
    _ name: String, _ inputs: [Int], _ weights: ConvolutionWeights, rectified: Bool = false,
    adding: Summand? = nil
  ) -> Int {
    // The image has no room for the padding that Winograd's transforms and pairs read.
    let (algorithm, precision, relativeCost) =
      inputs.contains(0)
      ? (.direct, .float32, 1)
      : choice.algorithm(
        kernel: weights.kernel, inputs: inputs.map { channels[$0] }, outputs: weights.outputs)
    return add(
      Step(
        name: name, operation: .convolution(weights), inputs: inputs, summand: adding,
        rectified: rectified, output: channels.count, algorithm: algorithm, precision: precision,
        workPerVoxel: Int((relativeCost * Double(weights.operationsPerVoxel)).rounded(.up))),
      channels: weights.outputs, stride: FeatureLayout.paddedChannels(weights.outputs))
  }

  /// Appends a convolution to one channel, direct whatever the choice, and returns the number of its
  /// result.
  mutating func convolveToOne(
    _ name: String, _ inputs: [Int], _ weights: ConvolutionWeights, adding: Summand? = nil
  ) -> Int {
    precondition(
      weights.outputs == 1 && !inputs.contains(0), "\(name): \(weights.outputs) outputs")
    return add(
      Step(
        name: name, operation: .toOne(weights), inputs: inputs, summand: adding, rectified: false,
        output: channels.count, algorithm: .direct, precision: .float32,
        workPerVoxel: weights.operationsPerVoxel),
      channels: 1, stride: 1)
  }

  /// Appends exponential linear units on a value and returns the number of their result, which is made
  /// when the value `after` is.
  mutating func activate(
    _ name: String, _ input: Int, after: Int, _ units: ScaleAndShift
  ) -> Int {
    precondition(channels[input] == units.channels, "\(name): \(units.channels) channels")
    return add(
      Step(
        name: name, operation: .exponentialUnits(units), inputs: [input], after: after,
        summand: nil, rectified: false, output: channels.count, algorithm: .direct,
        precision: .float32,
        workPerVoxel: Self.workPerUnit * units.channels),
      channels: channels[input], stride: strides[input])
  }

  /// Multiply-adds that take as long as an exponential.
  private static let workPerUnit = 20

  private mutating func add(_ step: Step, channels count: Int, stride: Int) -> Int {
    channels.append(count)
    strides.append(stride)
    steps.append(step)
    return step.output
  }
}
