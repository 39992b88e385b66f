import KernelInterface

/// Voxels (whole rows of one plane) that share one pass over the weights.
@inline(__always) private var voxelsPerBlock: Int { 768 }

/// Direct 3x3x3 convolution, stride 1.
///
/// 1. Formula, layouts, order of the sums: `ConvolutionArguments`.
/// 2. No alignment is needed (weights on a cache line are a little faster). Rows are read one voxel
///    beyond both ends; prefetches name addresses beyond that.
/// 3. A block of rows walks through the weights panel by panel, pass by pass: the
///    weights of a pass stay in L2, the block's sums are parked in the output between passes.
///    Row remainders are register tiles of their own size; voxels are never computed twice.
/// 4. Tests `sumsRunInTheDocumentedOrder`, `anySplitOfALayerGivesTheSameBytes`; bound: ``RegisterTile``.
/// 5. One core of a 2-core virtual machine (AMD family 26, 48 KiB L1d, 1 MiB L2), shared with other
///    work, rows of 94 voxels: see the table in the module's README; `kernel-benchmark`.
func convolve3x3x3(_ arguments: ConvolutionArguments) { convolveCube(arguments, edge: 3) }

/// Direct convolution with a cube of any odd edge; as ``convolve3x3x3(_:)``, rows are read `edge / 2`
/// voxels beyond both ends.
func convolveCube(_ arguments: ConvolutionArguments, edge: Int) {
  arguments.checkContract()
  assert(!arguments.isInPlace)
  guard arguments.width > 0 else { return }
  let rowsPerBlock = max(1, voxelsPerBlock / arguments.width)
  var row = 0
  while row < arguments.rowCount {
    let end = min(row + rowsPerBlock, arguments.rowCount)
    convolveBlock(arguments, rows: row..<end, edge: edge)
    row = end
  }
}

private func convolveBlock(_ arguments: ConvolutionArguments, rows: Range<Int>, edge: Int) {
  let reduction = Reduction(
    extent: edge, inputs: arguments.inputs, inputCount: arguments.inputCount)
  let steps = reduction.steps
  let table = segmentTable(in: arguments.scratch)
  let output = arguments.output
  var channel = 0
  while channel < output.channels {
    let width = Tiling.layout.width(ofPanelAt: channel, channels: output.channels)
    var weights = arguments.weights + channel * steps
    var position = Reduction.Position()
    var isFirst = true
    while !reduction.isEnd(position) {
      var pass = Reduction.Pass()
      for row in rows {
        pass = reduction.list(
          from: position, limit: Tiling.stepsPerPass(width: width), row: row, into: table)
        let destination = output.rows[row] + channel
        var task = PanelTask(
          segments: table, segmentCount: pass.segmentCount, weights: weights,
          start: isFirst ? arguments.bias + channel : UnsafePointer(destination),
          startStride: isFirst ? 0 : output.voxelStride,
          destination: destination, destinationStride: output.voxelStride,
          rowCount: arguments.width)
        if reduction.isEnd(pass.end) {
          task.finish(arguments, row: row, voxel: 0, channel: channel)
        }
        Tiling.run(task, vectors: width / lanes)
      }
      weights += pass.steps * width
      position = pass.end
      isFirst = false
    }
    channel += width
  }
}
