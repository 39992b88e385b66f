import KernelInterface
import Workers

/// Runs convolutions at Winograd's points plane by plane, and brings maps there.
///
/// `@unchecked Sendable`: each worker writes its own scratch and tables, and the planes that it is given.
final class PlaneRunner: @unchecked Sendable {
  let tiles: PlaneTiles
  private let table: KernelTable
  /// Per worker, for the kernels.
  private let scratch: [AlignedBuffer<Float>]
  /// Per worker: the rows that the tiles of a plane read.
  private let rows: [AlignedBuffer<UnsafePointer<Float>>]
  /// Per worker: the operands of a convolution.
  private let operands: [AlignedBuffer<PlaneOperand>]

  /// Per worker: what it will write and read next.
  private let upcoming: [AlignedBuffer<UpcomingMemory>]

  /// Makes room for convolutions of at most so many operands and outputs.
  init(
    _ tiles: PlaneTiles, operands: Int, outputs: Int, _ table: KernelTable, workers: Int
  ) throws(WorkersError) {
    self.tiles = tiles
    self.table = table
    let floats = max(
      PlaneTransformArguments.scratchFloats,
      PlaneConvolutionArguments.scratchFloats(
        operands: 3 * operands, width: tiles.shape.size.x, outputs: outputs))
    var scratch: [AlignedBuffer<Float>] = []
    var rows: [AlignedBuffer<UnsafePointer<Float>>] = []
    var tables: [AlignedBuffer<PlaneOperand>] = []
    var upcoming: [AlignedBuffer<UpcomingMemory>] = []
    for _ in 0..<workers {
      scratch.append(try AlignedBuffer(count: floats))
      rows.append(try AlignedBuffer(count: 4 * tiles.rows + 2))
      tables.append(try AlignedBuffer(count: 3 * operands))
      upcoming.append(try AlignedBuffer(count: 2 + operands))
    }
    self.scratch = scratch
    self.rows = rows
    self.operands = tables
    self.upcoming = upcoming
  }

  /// Brings a plane of a value to the points.
  func transform(value map: FeatureMap, _ form: PlaneForm, sample: Int, k: Int, worker: Int) {
    guard form.multiplied != nil else { return }
    run(
      map, before: 1, form.multiplied, pairs: form.summed, sample, k, worker,
      table.training.transformPlaneInputs)
  }

  /// Brings a plane of a gradient to the points.
  func transform(gradient map: FeatureMap, _ form: PlaneForm, sample: Int, k: Int, worker: Int) {
    if form.multiplied != nil {
      run(
        map, before: 1, form.multiplied, pairs: nil, sample, k, worker,
        table.training.transformPlaneInputs)
    }
    if form.summed != nil {
      run(
        map, before: 0, nil, pairs: form.summed, sample, k, worker,
        table.training.transformPlaneGradients)
    }
  }

  private func run(
    _ map: FeatureMap, before: Int, _ values: TileMap?, pairs: TileMap?, _ sample: Int, _ k: Int,
    _ worker: Int, _ kernel: (PlaneTransformArguments) -> Void
  ) {
    var list = map.table(sample: sample, k: k, j: -before).rows
    // The last tiles of a sample would reach the rows of the next one.
    if tiles.shape.size.y % 4 == 1 {
      for row in 0..<4 * tiles.rows + 2 * before {
        rows[worker].pointer[row] = map.rowOrZeros(sample: sample, k: k, j: row - before)
      }
      list = UnsafePointer(rows[worker].pointer)
    }
    kernel(
      PlaneTransformArguments(
        rows: list, voxelStride: map.stride, width: tiles.shape.size.x, tileRows: tiles.rows,
        channels: map.stride, values: values?.plane(sample: sample, k: k),
        pointStride: values?.pointStride ?? 0,
        tilePairs: pairs?.plane(sample: sample, k: k), tilePairStride: pairs?.pointStride ?? 0,
        scratch: scratch[worker].pointer))
  }

  /// Computes one plane of a sample, of which tiles will be written to `form`.
  func run(
    _ convolution: PlaneConvolution, into form: PlaneForm, sample: Int, k: Int, worker: Int
  ) {
    let shape = tiles.shape
    let list = operands[worker].pointer
    let steps = convolution.filters.steps
    let planes = max(0, k - 1)...min(shape.size.z - 1, k + 1)
    var count = 0
    for plane in planes {
      for (input, channels) in zip(convolution.inputs, convolution.channels) {
        list[count] = PlaneOperand(
          values: input.plane(sample: sample, k: plane), pointStride: input.pointStride,
          tileStride: input.rowStride, steps: PlaneTiles.steps(channels))
        count += 1
      }
    }
    let output = convolution.output
    table.training.convolvePlane(
      PlaneConvolutionArguments(
        operands: list, operandCount: count, filters: convolution.filters.values.pointer,
        steps: steps,
        firstStep: (planes.lowerBound - k + 1) * steps / 3, bias: convolution.bias,
        output: ConvolutionOutput(
          rows: output.rows.pointer + shape.entry(sample: sample, k: k, j: 0),
          voxelStride: output.stride, channels: output.stride),
        residual: convolution.addition.map {
          ConvolutionResidual(
            table: $0.table(sample: sample, k: k, j: 0),
            isBroadcast: convolution.additionIsBroadcast)
        },
        rectified: convolution.isRectified,
        activations: convolution.activations?.table(sample: sample, k: k, j: 0).rows,
        width: shape.size.x, height: shape.size.y, upcoming: upcoming[worker].pointer,
        upcomingCount: listUpcoming(
          convolution.inputs, form, sample: sample, k: k, into: upcoming[worker].pointer),
        scratch: scratch[worker].pointer))
  }

  /// The tiles that will be made of the result, and the plane that the next one reads first.
  private func listUpcoming(
    _ inputs: [TileMap], _ form: PlaneForm, sample: Int, k: Int,
    into list: UnsafeMutablePointer<UpcomingMemory>
  ) -> Int {
    var count = 0
    func append(_ map: TileMap, _ plane: Int) {
      list[count] = UpcomingMemory(
        first: map.plane(sample: sample, k: plane), floats: map.planeStride)
      count += 1
    }
    if let multiplied = form.multiplied { append(multiplied, k) }
    if let summed = form.summed { append(summed, k) }
    if k + 2 < tiles.shape.size.z {
      for input in inputs { append(input, k + 2) }
    }
    return count
  }
}
