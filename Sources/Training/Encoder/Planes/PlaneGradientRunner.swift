import KernelInterface
import Workers

/// Weight gradients at Winograd's points in the plane: per point a product of matrices over all tiles,
/// then the sums back to the taps.
///
/// Both are items of jobs that compute something else (``Chores``): the next layer's sums are written
/// elsewhere.
///
/// `@unchecked Sendable`: each worker writes its own tables and its own points or inputs.
final class PlaneGradientRunner: @unchecked Sendable {
  private let tiles: PlaneTiles
  private let table: KernelTable
  /// `[plane of the kernel][point][input][output]`, for one layer after the other in turns.
  private let sums: [AlignedBuffer<Float>]
  /// Per worker: rows of inputs, then of gradients.
  private let rows: [AlignedBuffer<UnsafePointer<Float>>]
  private let scratch: [AlignedBuffer<Float>]
  private var turn = 0

  /// Points of an item: few enough that workers end together, enough to be worth claiming.
  private static let pointsAtOnce = 3

  init(
    _ tiles: PlaneTiles, _ layers: [SpatialSize], _ table: KernelTable, workers: Int
  ) throws(WorkersError) {
    self.tiles = tiles
    self.table = table
    let count = layers.map { $0.inputs.reduce(0, +) * $0.paddedOutputs }.max() ?? 0
    sums = [
      try AlignedBuffer(count: 3 * WinogradPoints.planar * count),
      try AlignedBuffer(count: 3 * WinogradPoints.planar * count),
    ]
    var rows: [AlignedBuffer<UnsafePointer<Float>>] = []
    var scratch: [AlignedBuffer<Float>] = []
    for _ in 0..<workers {
      rows.append(try AlignedBuffer(count: 2 * tiles.shape.samples * tiles.shape.size.z))
      scratch.append(try AlignedBuffer(count: TileTransformArguments.scratchFloats))
    }
    self.rows = rows
    self.scratch = scratch
  }

  /// What adds the gradient of a layer's weights.
  ///
  /// - Parameters:
  ///   - inputs: The layer's operands.
  ///   - channels: Their channels.
  ///   - gradient: The gradient of its result.
  ///   - outputs: Channels of the result, padded.
  ///   - weights: Where to add.
  /// - Returns: Items for the next jobs.
  func chore(
    _ inputs: [TileMap], channels: [Int], _ gradient: TileMap, outputs: Int,
    into weights: UnsafeMutablePointer<Float>
  ) -> Chore {
    turn = 1 - turn
    let sums = sums[turn].pointer
    let count = channels.reduce(0, +)
    let taps = Chore(count: channels.count) { [self] operand, worker in
      let first = channels[..<operand].reduce(0, +)
      addTaps(
        first..<first + channels[operand], of: count, outputs: outputs, sums,
        into: weights + 27 * first * outputs, worker: worker)
    }
    return Chore(count: WinogradPoints.planar / Self.pointsAtOnce, next: [taps]) {
      [self] item, worker in
      for point in item * Self.pointsAtOnce..<(item + 1) * Self.pointsAtOnce {
        for plane in 0..<3 {
          multiply(
            inputs, channels, gradient, point: point, plane: plane, outputs: outputs,
            into: sums + (plane * WinogradPoints.planar + point) * count * outputs, worker: worker)
        }
      }
    }
  }

  /// The products over all tiles at one point, for one plane of the kernel.
  private func multiply(
    _ inputs: [TileMap], _ channels: [Int], _ gradient: TileMap, point: Int, plane: Int,
    outputs: Int, into sums: UnsafeMutablePointer<Float>, worker: Int
  ) {
    let shape = tiles.shape
    let inputRows = rows[worker].pointer
    let gradientRows = inputRows + shape.samples * shape.size.z
    sums.update(repeating: 0, count: channels.reduce(0, +) * outputs)
    var target = sums
    let gradientStride = gradient.planeStride
    for (input, channels) in zip(inputs, channels) {
      var count = 0
      let inputStride = input.planeStride
      for sample in 0..<shape.samples {
        let k = max(0, 1 - plane)
        var value = input.plane(sample: sample, k: k + plane - 1) + point * input.pointStride
        var slope = gradient.plane(sample: sample, k: k) + point * gradient.pointStride
        for _ in k..<min(shape.size.z, shape.size.z + 1 - plane) {
          inputRows[count] = UnsafePointer(value)
          gradientRows[count] = UnsafePointer(slope)
          value += inputStride
          slope += gradientStride
          count += 1
        }
      }
      table.training.addWeightGradientPairs(
        WeightGradientArguments(
          inputs: inputRows, inputOffset: 0, inputStride: input.rowStride, inputCount: channels,
          gradients: gradientRows, gradientStride: gradient.rowStride, gradientCount: outputs,
          rowCount: count, width: tiles.pairs, sums: target, sumStride: outputs))
      target += channels * outputs
    }
  }

  /// From the sums at the points to the taps of some inputs, those of one operand.
  private func addTaps(
    _ range: Range<Int>, of inputs: Int, outputs: Int, _ sums: UnsafeMutablePointer<Float>,
    into weights: UnsafeMutablePointer<Float>, worker: Int
  ) {
    for plane in 0..<3 {
      for input in range {
        table.training.planeFilterGradient(
          FilterGradientArguments(
            values: sums + (plane * WinogradPoints.planar * inputs + input) * outputs,
            frequencyStride: inputs * outputs, outputs: outputs,
            gradient: weights + (9 * plane * range.count + input - range.lowerBound) * outputs,
            tapStride: range.count * outputs, scratch: scratch[worker].pointer))
      }
    }
  }
}
