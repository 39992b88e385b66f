import FusedInference
import KernelInterface

/// A convolution from maps to a map, forward or of gradients.
struct MapConvolution {
  var inputs: [FeatureMap]
  /// 1 or 3.
  var extent: Int
  /// Packed for the direct algorithm.
  var weights: UnsafePointer<Float>
  var bias: UnsafePointer<Float>
  var isRectified = false
  /// Added to the result after ReLU.
  var addition: FeatureMap?
  /// The addition has one channel, for all.
  var additionIsBroadcast = false
  var output: FeatureMap
  /// Channels of the result; `output` may have room for more.
  var outputs: Int
  var algorithm: ConvolutionAlgorithm

  var paddedOutputs: Int { FeatureLayout.paddedChannels(outputs) }
  /// Channels of all inputs.
  var inputChannels: Int { inputs.reduce(0) { $0 + $1.channels } }

  /// Computes one plane of a sample by the direct algorithm.
  func run(
    sample: Int, k: Int, table: KernelTable, scratch: UnsafeMutablePointer<Float>
  ) {
    let halo = extent / 2
    let operands = inputs.map {
      ConvolutionInput(
        table: $0.table(sample: sample, k: k - halo, j: -halo), channels: $0.channels)
    }
    let shape = output.shape
    operands.withUnsafeBufferPointer { operands in
      guard let first = operands.baseAddress else { return }
      let arguments = ConvolutionArguments(
        inputs: first, inputCount: operands.count, weights: weights, bias: bias,
        output: ConvolutionOutput(
          rows: output.rows.pointer + shape.entry(sample: sample, k: k, j: 0),
          voxelStride: output.stride, channels: paddedOutputs),
        residual: addition.map {
          ConvolutionResidual(
            table: $0.table(sample: sample, k: k, j: 0), isBroadcast: additionIsBroadcast)
        },
        rectified: isRectified, width: shape.size.x, rowCount: shape.size.y, scratch: scratch)
      if extent == 3 { table.convolve3x3x3(arguments) } else { table.convolve1x1x1(arguments) }
    }
  }
}
