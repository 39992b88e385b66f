import KernelInterface
import Workers

/// Decodes the rows of an output grid that is parallel to the LR grid, block by block.
///
/// Per pair of neighbouring LR planes the first layers of both stages are applied once at LR
/// resolution; two such planes roll through the block. Every output row then blends four LR rows
/// and runs the rest of the decoder tile by tile in cache: the dense HR feature grid never exists.
final class RowDecoder: Sendable {
  let weights: DecoderWeights
  private let kernels: KernelTable
  private let pool: WorkerPool

  /// Rows of an LR plane that one item of the first layers computes.
  private static let rowsPerItem = 8

  init(weights: DecoderWeights, kernels: KernelTable, pool: WorkerPool) {
    self.weights = weights
    self.kernels = kernels
    self.pool = pool
  }

  /// Floats of scratch that each worker needs for LR rows of `rowLength` voxels.
  func scratch(rowLength: Int, tile: Int) -> Int {
    max(
      kernels.convolutionScratch(rowLength, 2 * weights.hidden),
      kernels.rowDecoderScratch(rowLength, weights.hidden, weights.widest, tile))
  }

  /// Floats of a plane of pre-activations.
  func planeFloats(needed: SIMD3<Int>) -> Int { needed.x * needed.y * 2 * weights.hidden }

  /// A block of the volume and everything that its rows have in common.
  struct Job: Sendable {
    var block: Block
    var features: FeatureMap
    /// Channels of the feature map that are multiplied.
    var channels: Int
    /// Tables along i, j, k for the whole output grid.
    var axes: [AxisTable]
    /// Output indices along i, j, k that the block makes.
    var outputs: [Range<Int>]
    /// Taps along i of `outputs[0]`, from the block's first needed voxel.
    var taps: RelativeTaps
    /// `2 * hidden` values from ``DecoderWeights/constants(condition:)``.
    var constants: AlignedBuffer<Float>
    var tile: Int
    var scratch: [WorkerScratch]
    var planes: PreactivationPlanes
    var monitor: UpsampleMonitor
  }

  /// Decodes the output planes `planes` (indices along k) of a job.
  ///
  /// - Parameters:
  ///   - job: The block and what its rows have in common.
  ///   - planes: Some of `job.outputs[2]`.
  ///   - isWanted: Whether the row with these indices along j and k has to be decoded.
  ///   - finish: Receives the decoded values of `outputs[0]`, in normalised units (anything for a
  ///     row that is not wanted), with the row's indices along j and k and the worker that made it
  ///     and now calls.
  func decode(
    _ job: Job, planes: Range<Int>, isWanted: (_ j: Int, _ k: Int) -> Bool,
    finish: (UnsafeMutablePointer<Float>, _ j: Int, _ k: Int, _ worker: Int) -> Void
  ) {
    for group in job.axes[2].groups(planes) {
      let lower = Int(job.axes[2].tap0.pointer[group.lowerBound])
      let upper = Int(job.axes[2].tap1.pointer[group.lowerBound])
      for plane in Set([lower, upper]).sorted() where !job.planes.holds(plane) {
        fill(plane, keeping: plane == lower ? upper : lower, job)
      }
      let rows = job.outputs[1].count
      pool.run(group.count * rows) { item, worker in
        guard !job.monitor.isCancelled else { return }
        let k = group.lowerBound + item / rows
        let j = job.outputs[1].lowerBound + item % rows
        let row = job.scratch[worker].row.pointer
        if isWanted(j, k) { decodeRow(job, j: j, k: k, worker: worker, into: row) }
        finish(row, j, k, worker)
        job.monitor.add(weights.operationsPerPoint * job.outputs[0].count)
      }
    }
  }

  /// Applies the first layers of both stages to one LR plane.
  private func fill(_ plane: Int, keeping kept: Int, _ job: Job) {
    let target = job.planes.replace(plane, keeping: kept)
    let needed = job.block.neededSize
    let offset = job.block.neededOffset
    let hidden = weights.hidden
    var input = job.features.input(channels: job.channels)
    input.voxels +=
      (offset.z + plane - job.block.needed[2].lowerBound) * input.planeStride
      + offset.y * input.rowStride + offset.x * input.voxelStride
    let output = ConvolutionOutput(
      voxels: target, voxelStride: 2 * hidden, rowStride: needed.x * 2 * hidden,
      planeStride: needed.y * needed.x * 2 * hidden, channels: 2 * hidden)
    let chunks = (needed.y + Self.rowsPerItem - 1) / Self.rowsPerItem
    withUnsafePointer(to: input) { input in
      pool.run(chunks) { item, worker in
        guard !job.monitor.isCancelled else { return }
        let first = item * Self.rowsPerItem
        let rows = first..<min(first + Self.rowsPerItem, needed.y)
        let node = pool.node(ofWorker: worker)
        kernels.convolve1x1x1(
          ConvolutionArguments(
            inputs: input, inputCount: 1, weights: weights.first.weights(node: node),
            bias: weights.first.bias(node: node), output: output, residual: nil, rectified: false,
            width: needed.x, rows: rows, planes: 0..<1,
            scratch: job.scratch[worker].kernel.pointer))
        job.monitor.add(weights.operationsPerVoxel * rows.count * needed.x)
      }
    }
  }

  private func decodeRow(
    _ job: Job, j: Int, k: Int, worker: Int, into output: UnsafeMutablePointer<Float>
  ) {
    let (axisI, axisJ, axisK) = (job.axes[0], job.axes[1], job.axes[2])
    let node = pool.node(ofWorker: worker)
    let scratch = job.scratch[worker]
    let constants = scratch.constants.pointer
    let coordinateK = axisK.coordinate.pointer[k]
    let coordinateJ = axisJ.coordinate.pointer[j]
    for index in 0..<2 * weights.hidden {
      constants[index] =
        job.constants.pointer[index] + weights.columnK.pointer[index] * coordinateK
        + weights.columnJ.pointer[index] * coordinateJ
    }
    let rowFloats = job.block.needed[0].count * 2 * weights.hidden
    func lrRow(_ tapJ: Int32, _ tapK: Int32) -> UnsafePointer<Float> {
      job.planes.plane(Int(tapK)) + (Int(tapJ) - job.block.needed[1].lowerBound) * rowFloats
    }
    let (j0, j1) = (axisJ.tap0.pointer[j], axisJ.tap1.pointer[j])
    let (k0, k1) = (axisK.tap0.pointer[k], axisK.tap1.pointer[k])
    let (weightJ0, weightJ1) = (axisJ.weight0.pointer[j], axisJ.weight1.pointer[j])
    let (weightK0, weightK1) = (axisK.weight0.pointer[k], axisK.weight1.pointer[k])
    let first = job.outputs[0].lowerBound
    let layers = weights.layers(node: node)
    kernels.decodeRow(
      RowDecoderArguments(
        rows: (lrRow(j0, k0), lrRow(j1, k0), lrRow(j0, k1), lrRow(j1, k1)),
        rowWeights: (
          weightK0 * weightJ0, weightK0 * weightJ1, weightK1 * weightJ0, weightK1 * weightJ1
        ),
        rowLength: job.block.needed[0].count, hidden: weights.hidden, constants: constants,
        coordinateColumn: weights.columnI.pointer,
        coordinates: axisI.coordinate.pointer + first, tap0: job.taps.lower.pointer,
        tap1: job.taps.upper.pointer, weight0: axisI.weight0.pointer + first,
        weight1: axisI.weight1.pointer + first, count: job.outputs[0].count,
        layers: layers.pointer, layerCount: layers.count, skipLayer: weights.skipLayer,
        outputLayer: weights.outputLayer(node: node), output: output, tile: job.tile,
        scratch: scratch.kernel.pointer))
  }
}
