import KernelInterface

/// Voxels of a row that share one pass over the weights; also what an in-place layer holds back.
@inline(__always) private var voxelsPerRun: Int { 192 }

/// 1x1x1 convolution.
///
/// 1. Formula, layouts, order of the sums: `ConvolutionArguments`.
/// 2. As ``convolve3x3x3(_:)``; scratch is aligned to 64 bytes. Where the output is one of the inputs
///    (or the residual), a run of voxels is finished in scratch memory before any of it is stored,
///    unless one panel and one pass do all: then a register tile has read all that it overwrites.
/// 3. A run of voxels of one row walks through the weights panel by panel, pass by pass.
/// 4. Tests as for ``convolve3x3x3(_:)`` and `aPointwiseLayerMayOverwriteItsInput`.
/// 5. Bound by memory unless channels are many: see the module's README; `kernel-benchmark`.
func convolve1x1x1(_ arguments: ConvolutionArguments) {
  arguments.checkContract()
  let reduction = Reduction(
    extent: 1, inputs: arguments.inputs, inputCount: arguments.inputCount)
  let steps = reduction.steps
  let isHeldBack = arguments.isInPlace && !isDoneAtOnce(arguments, steps: steps)
  for row in 0..<arguments.rowCount {
    var voxel = 0
    while voxel < arguments.width {
      let count = min(voxelsPerRun, arguments.width - voxel)
      convolveRun(
        arguments, reduction, row: row, voxel: voxel, count: count, steps: steps,
        isHeldBack: isHeldBack)
      voxel += count
    }
  }
}

/// Floats of scratch for either convolution: the table of segments and the voxels held back.
func convolutionScratch(width: Int, outputChannels: Int) -> Int {
  Reduction.tableFloats + min(width, voxelsPerRun) * outputChannels
}

private func convolveRun(
  _ arguments: ConvolutionArguments, _ reduction: Reduction, row: Int, voxel: Int, count: Int,
  steps: Int, isHeldBack: Bool
) {
  let table = segmentTable(in: arguments.scratch)
  let output = arguments.output
  let final = output.rows[row] + voxel * output.voxelStride
  let results = isHeldBack ? arguments.scratch + Reduction.tableFloats : final
  let resultStride = isHeldBack ? output.channels : output.voxelStride
  var channel = 0
  while channel < output.channels {
    let width = Tiling.layout.width(ofPanelAt: channel, channels: output.channels)
    var weights = arguments.weights + channel * steps
    var position = Reduction.Position()
    var isFirst = true
    while !reduction.isEnd(position) {
      let pass = reduction.list(
        from: position, limit: Tiling.stepsPerPass(width: width), row: row, into: table)
      for index in 0..<pass.segmentCount { table[index].values += voxel * table[index].stride }
      var task = PanelTask(
        segments: table, segmentCount: pass.segmentCount, weights: weights,
        start: isFirst ? arguments.bias + channel : UnsafePointer(results + channel),
        startStride: isFirst ? 0 : resultStride,
        destination: results + channel, destinationStride: resultStride,
        rowCount: count)
      if reduction.isEnd(pass.end) {
        task.finish(arguments, row: row, voxel: voxel, channel: channel)
      }
      Tiling.run(task, vectors: width / lanes)
      weights += pass.steps * width
      position = pass.end
      isFirst = false
    }
    channel += width
  }
  guard isHeldBack else { return }
  for index in 0..<count {
    copy(
      results + index * resultStride, to: final + index * output.voxelStride,
      count: output.channels)
  }
}

/// Copies `count` floats, a multiple of the lanes.
@inline(__always)
private func copy(
  _ source: UnsafeMutablePointer<Float>, to destination: UnsafeMutablePointer<Float>, count: Int
) {
  var index = 0
  while index < count {
    store(load(source + index), to: destination + index)
    index += lanes
  }
}

/// Whether one panel and one pass do the whole layer.
@inline(__always)
private func isDoneAtOnce(_ arguments: ConvolutionArguments, steps: Int) -> Bool {
  let channels = arguments.output.channels
  let width = Tiling.layout.width(ofPanelAt: 0, channels: channels)
  return width == channels && steps <= Tiling.stepsPerPass(width: width)
    && arguments.inputCount <= Reduction.segmentCapacity
}
