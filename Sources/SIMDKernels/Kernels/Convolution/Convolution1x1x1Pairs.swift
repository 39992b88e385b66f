import KernelInterface

/// Voxels of a row that are rounded together and share one pass over the weights.
@inline(__always) private var voxelsPerRun: Int { 96 }

/// 1x1x1 convolution in bfloat16.
///
/// 1. Formula, layouts, order of the sums: `ConvolutionArguments`.
/// 2. As ``convolve1x1x1(_:)``. Inputs are read up to a whole granule of channels; of an odd number the
///    value behind the last counts as zero.
/// 3. A run of voxels is rounded into scratch, the pairs of all inputs one after the other, and walks
///    through the weights panel by panel. So every reduction is a single segment, and the output may be
///    an input: nothing of a run is read again after it was rounded.
/// 4. Sums of rounded operands in float32: bound as ``RegisterTile``, one more rounding per pair; tests
///    `PairConvolutionTests`.
/// 5. See the table in the module's README; `kernel-benchmark`.
func convolve1x1x1Pairs(_ arguments: ConvolutionArguments) {
  arguments.checkContract()
  let run = RoundedRun(arguments)
  for row in 0..<arguments.rowCount {
    var voxel = 0
    while voxel < arguments.width {
      let count = min(voxelsPerRun, arguments.width - voxel)
      run.round(arguments, row: row, voxel: voxel, count: count)
      run.multiply(arguments, row: row, voxel: voxel, count: count)
      voxel += count
    }
  }
}

/// Floats of scratch for ``convolve1x1x1Pairs(_:)``.
func pairConvolutionScratch(width: Int, pairs: Int, outputChannels: Int) -> Int {
  Reduction.tableFloats + min(width, voxelsPerRun) * RoundedRun.stride(pairs: pairs)
}

/// Some voxels of a row in bfloat16: `[voxel][pair]`.
private struct RoundedRun {
  let values: UnsafeMutablePointer<Float>
  /// Pairs of a voxel.
  let pairs: Int
  /// Floats from a voxel to the next.
  let stride: Int

  /// Whole vectors of pairs are stored, over what comes next.
  @inline(__always)
  static func stride(pairs: Int) -> Int {
    FeatureLayout.paddedChannels(pairs + FeatureLayout.channelGranule / 2)
  }

  @inline(__always)
  init(_ arguments: ConvolutionArguments) {
    var pairs = 0
    for index in 0..<arguments.inputCount {
      assert(arguments.inputs[index].table.voxelStride % FeatureLayout.channelGranule == 0)
      pairs += (arguments.inputs[index].channels + 1) / 2
    }
    self.pairs = pairs
    stride = RoundedRun.stride(pairs: pairs)
    values = arguments.scratch + Reduction.tableFloats
  }

  @inline(__always)
  func round(_ arguments: ConvolutionArguments, row: Int, voxel: Int, count: Int) {
    var first = 0
    for index in 0..<arguments.inputCount {
      let input = arguments.inputs[index]
      let source =
        input.table.row(plane: 0, row: row) + voxel * input.table.voxelStride
      for voxel in 0..<count {
        round(
          source + voxel * input.table.voxelStride, channels: input.channels,
          into: values + voxel * stride + first)
      }
      first += (input.channels + 1) / 2
    }
  }

  @inline(__always)
  private func round(
    _ source: UnsafePointer<Float>, channels: Int, into target: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < channels {
      storePairs(load(source + channel), to: target + channel / 2)
      channel += lanes
    }
    if channels % 2 == 1 {
      let last = target + channels / 2
      last.pointee = Float(bitPattern: last.pointee.bitPattern & 0xFFFF)
    }
  }

  @inline(__always)
  func multiply(_ arguments: ConvolutionArguments, row: Int, voxel: Int, count: Int) {
    let table = segmentTable(in: arguments.scratch)
    table.initialize(to: Segment(values: UnsafePointer(values), stride: stride, length: pairs))
    let output = arguments.output
    let results = output.rows[row] + voxel * output.voxelStride
    var channel = 0
    while channel < output.channels {
      let width = Tiling.layout.width(ofPanelAt: channel, channels: output.channels)
      var task = PanelTask(
        segments: UnsafePointer(table), segmentCount: 1,
        weights: arguments.weights + channel * pairs, start: arguments.bias + channel,
        startStride: 0, destination: results + channel, destinationStride: output.voxelStride,
        rowCount: count)
      task.readsPairs = true
      task.finish(arguments, row: row, voxel: voxel, channel: channel)
      Tiling.run(task, vectors: width / lanes)
      channel += width
    }
  }
}
