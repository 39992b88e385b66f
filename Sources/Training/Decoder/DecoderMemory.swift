import KernelInterface
import Workers

/// Numbers of many points, `[point][channel]`, channels padded to whole cache lines.
struct PointMap: Sendable {
  let stride: Int
  private let values: AlignedBuffer<Float>

  init(points: Int, channels: Int) throws(WorkersError) {
    stride = FeatureLayout.paddedChannels(channels)
    values = try AlignedBuffer(count: points * stride)
  }

  /// The numbers of a point.
  func row(_ point: Int) -> UnsafeMutablePointer<Float> { values.pointer + point * stride }
}

/// What the decoder keeps of a chunk of points from its forward to its backward pass.
struct DecoderMemory: Sendable {
  /// Points that one worker takes at once: a whole number of register tiles on every instruction
  /// set, and few enough that two layers of 256 and the weights between them stay in L2.
  static let tile = 192

  /// Tiles of a chunk.
  let tiles: Int
  /// Features, coordinates, condition.
  let inputs: PointMap
  /// Results of stage one's layers, after ReLU.
  let stageOne: [PointMap]
  /// Inputs and stage one's result added.
  let skip: PointMap
  /// Results of stage two's layers but the last, after ReLU.
  let stageTwo: [PointMap]
  /// Gradients of what enters the ReLUs of `stageOne` and `stageTwo`.
  let stageOneGradients: [PointMap]
  let stageTwoGradients: [PointMap]
  /// Per point the output, then its gradient.
  let outputs: AlignedBuffer<Float>
  /// Per tile the gradient of the last bias, and what it adds to the loss.
  let sums: AlignedBuffer<TileSums>

  init(_ decoder: DecoderShape, workers: Int) throws(WorkersError) {
    // Chunks of about 16 MiB stay in a last-level cache; more tiles only where workers need them.
    let widths = decoder.layers.map(\.paddedOutputs).reduce(0, +) + decoder.paddedInputs
    let perTile = 8 * widths * Self.tile
    tiles = max(2 * workers, min(64, (16 << 20) / perTile))
    let points = tiles * Self.tile
    inputs = try PointMap(points: points, channels: decoder.inputs)
    skip = try PointMap(points: points, channels: decoder.inputs)
    func maps(_ layers: some Sequence<LayerLayout>) throws(WorkersError) -> [PointMap] {
      var maps: [PointMap] = []
      for layer in layers {
        maps.append(try PointMap(points: points, channels: layer.outputs))
      }
      return maps
    }
    stageOne = try maps(decoder.stageOne)
    stageTwo = try maps(decoder.stageTwo.dropLast())
    stageOneGradients = try maps(decoder.stageOne)
    stageTwoGradients = try maps(decoder.stageTwo.dropLast())
    outputs = try AlignedBuffer(count: points)
    sums = try AlignedBuffer(count: tiles)
  }
}

/// What one tile adds to sums over all points.
struct TileSums: BitwiseCopyable, Sendable {
  var loss = 0.0
  var lossOfZero = 0.0
  var gradient = 0.0
  var positive = 0
}

/// The layers of a decoder.
struct DecoderShape: Sendable {
  let layers: [LayerLayout]
  let features: Int

  init(_ layout: ParameterLayout) {
    layers = Array(layout.layers.dropFirst(layout.encoderLayerCount))
    features = layout.configuration.featureChannels
  }

  var stageOne: ArraySlice<LayerLayout> { layers[..<(layers.count / 2)] }
  var stageTwo: ArraySlice<LayerLayout> { layers[(layers.count / 2)...] }
  /// Features, coordinates, condition.
  var inputs: Int { layers[0].inputs }
  var paddedInputs: Int { FeatureLayout.paddedChannels(inputs) }
}
