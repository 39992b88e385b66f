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

/// What a worker keeps of a chunk of points from its forward to its backward pass and the gradients of
/// the weights.
struct DecoderMemory: Sendable {
  /// Points that pass a layer at once: a whole number of register tiles on every instruction
  /// set, and few enough that two layers of 256 and the weights between them stay in L2.
  static let tile = 192

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
  /// The gradient of `skip`, of one tile.
  let skipGradient: PointMap
  /// Per point the output, then its gradient.
  let outputs: AlignedBuffer<Float>
  /// Pairs of a tile's points: inputs of a layer, and gradients of its results.
  let pairs: [AlignedBuffer<Float>]
  /// For the kernels.
  let scratch: AlignedBuffer<Float>

  init(_ decoder: DecoderShape, _ precision: Precision, _ table: KernelTable) throws(WorkersError) {
    let points = decoder.tilesOfChunk * Self.tile
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
    skipGradient = try PointMap(points: Self.tile, channels: decoder.inputs)
    outputs = try AlignedBuffer(count: points)
    let widest = decoder.widest
    let pairFloats = precision == .bfloat16 ? (Self.tile + 1) / 2 * widest : 0
    pairs = [try AlignedBuffer(count: pairFloats), try AlignedBuffer(count: pairFloats)]
    scratch = try AlignedBuffer(
      count: max(
        table.convolutionScratch(Self.tile, widest),
        table.pairConvolutionScratch(Self.tile, (widest + 1) / 2, widest)))
  }
}

/// What some points add to sums over all of them.
struct PointSums: BitwiseCopyable, Sendable {
  var loss = 0.0
  var lossOfZero = 0.0
  /// Of the last layer's bias.
  var gradient = 0.0
  var positive = 0

  static func += (sum: inout PointSums, other: PointSums) {
    sum.loss += other.loss
    sum.lossOfZero += other.lossOfZero
    sum.gradient += other.gradient
    sum.positive += other.positive
  }
}
