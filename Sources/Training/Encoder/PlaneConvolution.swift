import KernelInterface

/// One plane of a convolution, in terms of feature maps.
struct PlaneConvolution {
  var inputs: [FeatureMap]
  /// 1 or 3.
  var extent: Int
  var weights: UnsafePointer<Float>
  var bias: UnsafePointer<Float>
  /// Channels of the result.
  var outputs: Int
  var isRectified = false

  /// What is added, and from which of its planes.
  struct Addition {
    var map: FeatureMap
    var sample: Int
    var k: Int
    var isBroadcast = false
  }

  /// Computes plane `k` of a sample into plane `outputPlane` of `output`.
  func run(
    sample: Int, k: Int, into output: FeatureMap, outputSample: Int, outputK: Int,
    adding addition: Addition?, table: KernelTable, scratch: UnsafeMutablePointer<Float>
  ) {
    let halo = extent / 2
    let operands = inputs.map {
      ConvolutionInput(
        table: $0.table(sample: sample, k: k - halo, j: -halo), channels: $0.channels)
    }
    let rows = output.rows.pointer
      + output.shape.entry(sample: outputSample, k: outputK, j: 0)
    operands.withUnsafeBufferPointer { operands in
      guard let first = operands.baseAddress else { return }
      let arguments = ConvolutionArguments(
        inputs: first, inputCount: operands.count, weights: weights, bias: bias,
        output: ConvolutionOutput(
          rows: rows, voxelStride: output.stride,
          channels: FeatureLayout.paddedChannels(outputs)),
        residual: addition.map {
          ConvolutionResidual(
            table: $0.map.table(sample: $0.sample, k: $0.k, j: 0), isBroadcast: $0.isBroadcast)
        },
        rectified: isRectified, width: output.shape.size.x, rowCount: output.shape.size.y,
        scratch: scratch)
      if extent == 3 { table.convolve3x3x3(arguments) } else { table.convolve1x1x1(arguments) }
    }
  }
}
