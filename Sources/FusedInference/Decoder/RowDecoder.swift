import KernelInterface
import Workers

/// Decodes the rows of an output grid that is parallel to the LR grid, block by block.
///
/// The first layers of both stages are applied once at LR resolution, as the last step of the
/// wavefront. Every output row then blends four LR rows and runs the rest of the decoder tile by
/// tile in cache: the dense HR feature grid never exists.
final class RowDecoder: Sendable {
  let weights: DecoderWeights
  private let kernels: KernelTable
  private let pool: WorkerPool

  init(weights: DecoderWeights, kernels: KernelTable, pool: WorkerPool) {
    self.weights = weights
    self.kernels = kernels
    self.pool = pool
  }

  /// Floats of scratch that each worker needs for LR rows of `rowLength` voxels.
  func scratch(rowLength: Int, tile: Int) -> Int {
    kernels.rowDecoderScratch(rowLength, weights.hidden, weights.widest, tile)
  }

  /// A block of the volume and everything that its rows have in common.
  struct Job: Sendable {
    /// Where the pre-activations are, as value ``preactivations``.
    var maps: ValueMaps
    var preactivations: Int
    /// LR voxels along i whose pre-activations are needed.
    var columns: Range<Int>
    /// Tables along i, j, k for the whole output grid.
    var axes: [AxisTable]
    /// Output indices along i that the block makes.
    var outputs: Range<Int>
    /// Taps along i of `outputs`, from the first of `columns`.
    var taps: RelativeTaps
    /// `2 * hidden` values from ``DecoderWeights/constants(condition:)``.
    var constants: AlignedBuffer<Float>
    var tile: Int
    var scratch: [WorkerScratch]
    var monitor: UpsampleMonitor
  }

  /// Decodes some output rows of a job, between LR rows whose pre-activations are held.
  ///
  /// - Parameters:
  ///   - job: The block and what its rows have in common.
  ///   - planes: Output indices along k.
  ///   - rows: Output indices along j.
  ///   - isWanted: Whether the row with these indices along j and k has to be decoded.
  ///   - finish: Receives the decoded values of `outputs`, in normalised units (anything for a
  ///     row that is not wanted), with the row's indices along j and k and the worker that made it
  ///     and now calls.
  func decode(
    _ job: Job, planes: Range<Int>, rows: Range<Int>, isWanted: (_ j: Int, _ k: Int) -> Bool,
    finish: (UnsafeMutablePointer<Float>, _ j: Int, _ k: Int, _ worker: Int) -> Void
  ) {
    pool.run(planes.count * rows.count) { item, worker in
      guard !job.monitor.isCancelled else { return }
      let k = planes.lowerBound + item / rows.count
      let j = rows.lowerBound + item % rows.count
      let row = job.scratch[worker].row.pointer
      if isWanted(j, k) { decodeRow(job, j: j, k: k, worker: worker, into: row) }
      finish(row, j, k, worker)
      job.monitor.add(weights.operationsPerPoint * job.outputs.count)
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
    func lrRow(_ tapJ: Int32, _ tapK: Int32) -> UnsafePointer<Float> {
      UnsafePointer(
        job.maps.voxel(
          job.preactivations, plane: Int(tapK), row: Int(tapJ), column: job.columns.lowerBound))
    }
    let (j0, j1) = (axisJ.tap0.pointer[j], axisJ.tap1.pointer[j])
    let (k0, k1) = (axisK.tap0.pointer[k], axisK.tap1.pointer[k])
    let (weightJ0, weightJ1) = (axisJ.weight0.pointer[j], axisJ.weight1.pointer[j])
    let (weightK0, weightK1) = (axisK.weight0.pointer[k], axisK.weight1.pointer[k])
    let first = job.outputs.lowerBound
    let layers = weights.layers(node: node)
    kernels.decodeRow(
      RowDecoderArguments(
        rows: (lrRow(j0, k0), lrRow(j1, k0), lrRow(j0, k1), lrRow(j1, k1)),
        rowWeights: (
          weightK0 * weightJ0, weightK0 * weightJ1, weightK1 * weightJ0, weightK1 * weightJ1
        ),
        rowLength: job.columns.count, hidden: weights.hidden, constants: constants,
        coordinateColumn: weights.columnI.pointer,
        coordinates: axisI.coordinate.pointer + first, tap0: job.taps.lower.pointer,
        tap1: job.taps.upper.pointer, weight0: axisI.weight0.pointer + first,
        weight1: axisI.weight1.pointer + first, count: job.outputs.count,
        layers: layers.pointer, layerCount: layers.count, skipLayer: weights.skipLayer,
        outputLayer: weights.outputLayer(node: node), output: output, tile: job.tile,
        scratch: scratch.kernel.pointer))
  }
}
