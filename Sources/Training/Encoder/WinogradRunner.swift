import KernelInterface
import Workers

/// Runs convolutions of maps by Winograd's algorithm: filters for this step, then groups of tiles.
///
/// `@unchecked Sendable`: each worker writes its own scratch, tables and rows.
final class WinogradRunner: @unchecked Sendable {
  private let shape: BatchShape
  private let groups: [TileGroup]
  private let table: KernelTable
  private let pool: WorkerPool
  /// Of one layer at a time.
  private let filters: AlignedBuffer<Float>
  /// Per worker.
  private let scratch: [AlignedBuffer<Float>]
  /// Per worker: rows of outputs, then rows of what is added, `[plane][row]`.
  private let rows: [AlignedBuffer<UnsafeMutablePointer<Float>>]
  /// Per group, for rows between samples, which are computed but belong to nothing.
  private let discarded: [AlignedBuffer<Float>]
  private let rowsPerTable: Int

  /// Makes room for layers.
  ///
  /// - Parameters:
  ///   - shape: The batch.
  ///   - filterCount: Floats of the transformed filters of the largest layer.
  ///   - scratchCount: Floats of the kernel's scratch for the layer that needs most.
  ///   - widest: Padded channels of the widest result.
  ///   - table: The kernels.
  ///   - pool: The workers.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    _ shape: BatchShape, filterCount: Int, scratchCount: Int, widest: Int, _ table: KernelTable,
    _ pool: WorkerPool
  ) throws(WorkersError) {
    self.shape = shape
    self.table = table
    self.pool = pool
    groups = TileGroup.all(shape)
    filters = try AlignedBuffer(count: filterCount)
    var scratch: [AlignedBuffer<Float>] = []
    var rows: [AlignedBuffer<UnsafeMutablePointer<Float>>] = []
    rowsPerTable = 4 * (groups.map { $0.rows(shape).count }.max() ?? 0)
    for _ in 0..<pool.workerCount {
      scratch.append(
        try AlignedBuffer(count: max(scratchCount, FilterTransformArguments.scratchFloats)))
      rows.append(try AlignedBuffer(count: 2 * rowsPerTable))
    }
    self.scratch = scratch
    self.rows = rows
    var discarded: [AlignedBuffer<Float>] = []
    for _ in groups {
      discarded.append(try AlignedBuffer(count: filterCount > 0 ? shape.size.x * widest : 0))
    }
    self.discarded = discarded
  }

  /// Computes all voxels; then calls `finish` with every row, on the worker that has made it.
  func run(
    _ convolution: MapConvolution, finish: (_ sample: Int, _ k: Int, _ j: Int) -> Void
  ) {
    transformFilters(convolution)
    pool.run(groups.count) { item, worker in
      let group = groups[item]
      compute(convolution, group, discarded: discarded[item].pointer, worker: worker)
      for k in group.tileK.lower..<group.tileK.upper {
        for row in group.rows(shape) {
          if let place = group.place(ofRow: row, shape) { finish(place.sample, k, place.j) }
        }
      }
    }
  }

  private func transformFilters(_ convolution: MapConvolution) {
    let (inputs, outputs) = (convolution.inputChannels, convolution.paddedOutputs)
    let parts = convolution.filterParts(table.layout)
    pool.run(parts.count) { item, worker in
      let part = parts[item]
      table.training.transformFilters(
        FilterTransformArguments(
          taps: convolution.weights + part.panel * 27 * inputs
            + 27 * part.firstChannel * part.width,
          channels: part.channels, width: part.width,
          filters: filters.pointer + part.panel * inputs + part.firstChannel * part.width,
          frequencyStride: inputs * outputs, scratch: scratch[worker].pointer))
    }
  }

  private func compute(
    _ convolution: MapConvolution, _ group: TileGroup, discarded: UnsafeMutablePointer<Float>,
    worker: Int
  ) {
    let axisI = TileAxis(size: shape.size.x, phase: 0)
    let axisJ = TileGroup.axisJ(shape)
    let first = group.sample ?? 0
    let firstRead = axisJ.tile(group.tiles.lowerBound).start - 1
    let operands = convolution.inputs.map {
      ConvolutionInput(
        table: $0.table(sample: first, k: group.tileK.start - 1, j: firstRead),
        channels: $0.channels)
    }
    let outputs = rows[worker].pointer
    let additions = outputs + rowsPerTable
    fill(outputs, convolution.output, group, between: discarded)
    if let addition = convolution.addition {
      // Rows between samples are read from the zeros of the map's own table.
      fill(additions, addition, group, between: nil)
    }
    operands.withUnsafeBufferPointer { operands in
      guard let operand = operands.baseAddress else { return }
      table.convolveWinograd(
        WinogradArguments(
          inputs: operand, inputCount: operands.count, filters: filters.pointer,
          bias: convolution.bias,
          output: ConvolutionOutput(
            rows: outputs, voxelStride: convolution.output.stride,
            channels: convolution.paddedOutputs),
          residual: convolution.addition.map {
            ConvolutionResidual(
              table: RowTable(
                rows: UnsafeRawPointer(additions).assumingMemoryBound(
                  to: UnsafePointer<Float>.self),
                rowsPerPlane: group.rows(shape).count, voxelStride: $0.stride),
              isBroadcast: convolution.additionIsBroadcast)
          },
          rectified: convolution.isRectified, axes: (axisI, axisJ), tilesI: 0..<axisI.count,
          tilesJ: group.tiles, tileK: group.tileK, scratch: scratch[worker].pointer))
    }
  }

  /// Lists the rows of a group, `[plane][row]`.
  private func fill(
    _ rows: UnsafeMutablePointer<UnsafeMutablePointer<Float>>, _ map: FeatureMap,
    _ group: TileGroup, between: UnsafeMutablePointer<Float>?
  ) {
    let range = group.rows(shape)
    for k in group.tileK.lower..<group.tileK.upper {
      for row in range {
        let entry = (k - group.tileK.lower) * range.count + row - range.lowerBound
        let place = group.place(ofRow: row, shape)
        let known = map.row(sample: group.sample ?? 0, k: k, j: row)
        rows[entry] = place == nil ? between ?? known : known
      }
    }
  }
}

/// A part of a layer's filters: some channels of an operand for one panel of outputs.
private struct FilterPart {
  /// First output and outputs of the panel.
  var panel: Int
  var width: Int
  /// First channel among all inputs.
  var firstChannel: Int
  var channels: Int
}

extension MapConvolution {
  /// The filters operand by operand: within one the taps are `channels` rows apart.
  fileprivate func filterParts(_ layout: PackedLayout) -> [FilterPart] {
    var parts: [FilterPart] = []
    var panel = 0
    while panel < paddedOutputs {
      let width = layout.width(ofPanelAt: panel, channels: paddedOutputs)
      var firstChannel = 0
      for input in inputs {
        parts.append(
          FilterPart(
            panel: panel, width: width, firstChannel: firstChannel, channels: input.channels))
        firstChannel += input.channels
      }
      panel += width
    }
    return parts
  }
}
