import KernelInterface
import Workers

/// Decodes the rows of an output grid that is parallel to the LR grid, block by block.
///
/// The first layers of both stages are applied once at LR resolution, as the last step of the
/// wavefront. Output rows then blend four LR rows and run the rest of the decoder tile by tile in
/// cache, those between the same LR rows as one group: the dense HR feature grid never exists.
final class RowDecoder: Sendable {
  let weights: DecoderWeights
  private let kernels: KernelTable
  private let pool: WorkerPool

  init(weights: DecoderWeights, kernels: KernelTable, pool: WorkerPool) {
    self.weights = weights
    self.kernels = kernels
    self.pool = pool
  }

  /// Output rows that one item decodes together at most.
  static let mostRows = 16

  /// Floats of scratch that each worker needs.
  func scratch(tile: Int) -> Int {
    (1...Self.mostRows).reduce(0) {
      max($0, kernels.rowDecoderScratch($1, weights.hidden, weights.widest, tile))
    }
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
    /// Which output voxels are computed; nil: all.
    var kept: KeptOutputs?
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
    let groups = RowGroup.groups(
      rows: job.axes[1].groups(rows), planes: job.axes[2].groups(planes),
      mostRows: Self.mostRows, workers: pool.workerCount)
    let cost = cost(job, groups)
    job.monitor.step(.decode, "rows", cost) {
      pool.run(groups.count) { item, worker in
        guard !job.monitor.isCancelled else { return }
        let group = groups[item]
        decode(group, job, worker: worker, isWanted: isWanted)
        for (index, (j, k)) in group.places.enumerated() {
          finish(job.scratch[worker].rows.pointer + index * job.outputs.count, j, k, worker)
        }
        let computed = runs(of: group, job).reduce(0) { $0 + $1.count }
        job.monitor.add(weights.operationsPerPoint * computed * group.count)
      }
    }
  }

  /// Output rows, of which each reads four LR rows; the weights stay in cache.
  private func cost(_ job: Job, _ groups: [RowGroup]) -> StepCost {
    guard job.monitor.recorder != nil else { return StepCost() }
    let rows = groups.reduce(0) { $0 + $1.count }
    let points = job.outputs.count * rows
    let computed = groups.reduce(0) { sum, group in
      sum + group.count * runs(of: group, job).reduce(0) { $0 + $1.count }
    }
    let floats = 4 * job.columns.count * 2 * weights.hidden * rows + points
    return StepCost(
      operations: weights.operationsPerPoint * computed,
      directOperations: weights.directOperationsPerPoint * points,
      bytes: floats * MemoryLayout<Float>.size)
  }

  /// The output indices along i that are computed of a group, whose rows lie in the same cells.
  private func runs(of group: RowGroup, _ job: Job) -> [Range<Int>] {
    guard let kept = job.kept else { return [job.outputs] }
    return kept.runs(j: group.rows.lowerBound, k: group.planes.lowerBound, within: job.outputs)
  }

  /// Decodes the wanted rows of a group into the worker's rows, one after the other.
  private func decode(
    _ group: RowGroup, _ job: Job, worker: Int, isWanted: (_ j: Int, _ k: Int) -> Bool
  ) {
    let runs = runs(of: group, job)
    guard !runs.isEmpty else { return }
    let node = pool.node(ofWorker: worker)
    let scratch = job.scratch[worker]
    let axisI = job.axes[0]
    let count = job.outputs.count
    withUnsafeTemporaryAllocation(of: DecodedRow.self, capacity: group.count) { rows in
      guard let pointer = rows.baseAddress else { return }
      var rowCount = 0
      for (index, (j, k)) in group.places.enumerated() where isWanted(j, k) {
        let row = decodedRow(
          job, j: j, k: k, constants: scratch.constants.pointer + index * 2 * weights.hidden,
          output: scratch.rows.pointer + index * count)
        rows.initializeElement(at: rowCount, to: row)
        rowCount += 1
      }
      guard rowCount > 0 else { return }
      let stack = weights.stack(node: node, unitCounts: scratch.unitCounts.pointer)
      var done = job.outputs.lowerBound
      for run in runs {
        // The rows' outputs begin where the run does.
        for row in 0..<rowCount { pointer[row].output += run.lowerBound - done }
        done = run.lowerBound
        let index = run.lowerBound - job.outputs.lowerBound
        kernels.decodeRows(
          RowDecoderArguments(
            rows: pointer, rowCount: rowCount, rowLength: job.columns.count,
            hidden: weights.hidden, coordinateColumn: weights.columnI.pointer,
            coordinates: axisI.coordinate.pointer + run.lowerBound,
            tap0: job.taps.lower.pointer + index, tap1: job.taps.upper.pointer + index,
            weight0: axisI.weight0.pointer + run.lowerBound,
            weight1: axisI.weight1.pointer + run.lowerBound, count: run.count, stack: stack,
            tile: job.tile, scratch: scratch.kernel.pointer))
      }
    }
  }

  /// Fills the constants of output row (j, k) and finds its four LR rows.
  private func decodedRow(
    _ job: Job, j: Int, k: Int, constants: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) -> DecodedRow {
    let (axisJ, axisK) = (job.axes[1], job.axes[2])
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
    return DecodedRow(
      sources: (lrRow(j0, k0), lrRow(j1, k0), lrRow(j0, k1), lrRow(j1, k1)),
      sourceWeights: (
        weightK0 * weightJ0, weightK0 * weightJ1, weightK1 * weightJ0, weightK1 * weightJ1
      ),
      constants: constants, output: output)
  }
}
