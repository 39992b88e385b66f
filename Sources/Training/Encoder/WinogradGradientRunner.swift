import KernelInterface
import Workers

/// Weight gradients of 3x3x3 layers by Winograd's algorithm: both maps at the points, tile by tile, one
/// product of matrices per point, and the sums back to the taps.
///
/// Tiles are taken in chunks whose numbers at the points stay in a last-level cache. Chunks follow from
/// the layer and the batch, so the order of all sums does.
///
/// `@unchecked Sendable`: each worker writes its own scratch, its own tiles or its own points.
final class WinogradGradientRunner: @unchecked Sendable {
  /// The first voxel of a tile.
  private struct Tile {
    var sample: Int
    var i: Int
    var j: Int
    var k: Int
  }

  private let shape: BatchShape
  private let tiles: [Tile]
  private let table: KernelTable
  private let pool: WorkerPool
  /// A chunk's inputs, then its output gradients, `[point][tile][channel]`.
  private let values: AlignedBuffer<Float>
  /// `[point][input][output]`.
  private let sums: AlignedBuffer<Float>
  /// Per worker.
  private let scratch: [AlignedBuffer<Float>]
  private let rows: [AlignedBuffer<UnsafePointer<Float>>]

  /// Floats of a chunk: 8 MiB.
  private static let chunkFloats = 2 << 20
  /// Points of an item: one alone is less work than claiming it where channels are few.
  private static let pointsAtOnce = 6
  /// Floats between the numbers of two points, so that they do not share cache sets.
  private static let gap = 16

  init(
    _ shape: BatchShape, _ layers: [SpatialSize], _ table: KernelTable, _ pool: WorkerPool
  ) throws(WorkersError) {
    self.shape = shape
    self.table = table
    self.pool = pool
    tiles = (0..<shape.samples).flatMap { sample in
      stride(from: 0, to: shape.size.z, by: 4).flatMap { k in
        stride(from: 0, to: shape.size.y, by: 4).flatMap { j in
          stride(from: 0, to: shape.size.x, by: 4).map { i in
            Tile(sample: sample, i: i, j: j, k: k)
          }
        }
      }
    }
    let points = WinogradPoints.frequencies
    let count = tiles.count
    values = try AlignedBuffer(
      count: layers.map { size in
        points * (Self.chunk(size, count) * (size.paddedInputs + size.paddedOutputs) + 2 * Self.gap)
      }.max() ?? 0)
    sums = try AlignedBuffer(
      count: layers.map { points * $0.inputs.reduce(0, +) * $0.paddedOutputs }.max() ?? 0)
    var scratch: [AlignedBuffer<Float>] = []
    var rows: [AlignedBuffer<UnsafePointer<Float>>] = []
    for _ in 0..<pool.workerCount {
      scratch.append(try AlignedBuffer(count: TileTransformArguments.scratchFloats))
      rows.append(try AlignedBuffer(count: 36))
    }
    self.scratch = scratch
    self.rows = rows
  }

  /// Whether the algorithm pays for a layer: multiply-adds per voxel against those of the definition.
  ///
  /// Transforms of a voxel's channel, in and out, take as long as about 47 multiply-adds, and tiles
  /// that reach beyond the patch are computed whole. The plain loops define the truth.
  static func pays(_ size: SpatialSize, _ shape: BatchShape, _ set: InstructionSet) -> Bool {
    guard set != .generic, size.inputs.allSatisfy({ $0 >= 12 }), size.outputs >= 12 else {
      return false
    }
    let voxels = shape.size.x * shape.size.y * shape.size.z
    let tiles = [shape.size.x, shape.size.y, shape.size.z].reduce(1) { $0 * (($1 + 3) / 4) }
    let products = Double(size.inputs.reduce(0, +) * size.paddedOutputs)
    let transforms = 47 * Double(size.paddedInputs + size.paddedOutputs)
    return Double(64 * tiles) / Double(voxels) * (27.0 / 8 * products / 0.8 + transforms)
      < 27 * products / 0.9
  }

  private static func chunk(_ size: SpatialSize, _ tiles: Int) -> Int {
    let perTile = WinogradPoints.frequencies * (size.paddedInputs + size.paddedOutputs)
    return min(tiles, max(16, chunkFloats / perTile))
  }

  /// Adds the gradient of a layer's weights.
  func run(
    _ inputs: [FeatureMap], _ gradient: FeatureMap, into weights: UnsafeMutablePointer<Float>
  ) {
    let size = SpatialSize(inputs: inputs.map(\.channels), outputs: gradient.channels)
    let chunk = Self.chunk(size, tiles.count)
    let channels = size.paddedInputs
    let inputStride = chunk * channels + Self.gap
    let gradientStride = chunk * gradient.stride + Self.gap
    let slopes = values.pointer + WinogradPoints.frequencies * inputStride
    for first in stride(from: 0, to: tiles.count, by: chunk) {
      let count = min(chunk, tiles.count - first)
      pool.run(count) { index, worker in
        var target = values.pointer + index * channels
        for input in inputs {
          transform(
            input, tiles[first + index], before: 1, side: 6, into: target, stride: inputStride,
            worker: worker, table.training.transformInputTile)
          target += input.stride
        }
        transform(
          gradient, tiles[first + index], before: 0, side: 4,
          into: slopes + index * gradient.stride, stride: gradientStride, worker: worker,
          table.training.transformGradientTile)
      }
      pool.run(WinogradPoints.frequencies / Self.pointsAtOnce) { item, _ in
        for point in item * Self.pointsAtOnce..<(item + 1) * Self.pointsAtOnce {
          multiply(
            inputs, values.pointer + point * inputStride, channels: channels,
            slopes + point * gradientStride, outputs: gradient.stride, tiles: count,
            point: point, isFirst: first == 0)
        }
      }
    }
    addTaps(size, into: weights)
  }

  private func transform(
    _ map: FeatureMap, _ tile: Tile, before: Int, side: Int,
    into target: UnsafeMutablePointer<Float>, stride: Int, worker: Int,
    _ kernel: (TileTransformArguments) -> Void
  ) {
    let rows = rows[worker].pointer
    for k in 0..<side {
      for j in 0..<side {
        rows[k * side + j] = map.rowOrZeros(
          sample: tile.sample, k: tile.k - before + k, j: tile.j - before + j)
      }
    }
    kernel(
      TileTransformArguments(
        rows: rows, voxelStride: map.stride, column: tile.i - before, width: shape.size.x,
        channels: map.stride, values: target, frequencyStride: stride,
        scratch: scratch[worker].pointer))
  }

  /// The products of a chunk's tiles at one point.
  private func multiply(
    _ inputs: [FeatureMap], _ values: UnsafePointer<Float>, channels: Int,
    _ slopes: UnsafePointer<Float>, outputs: Int, tiles: Int, point: Int, isFirst: Bool
  ) {
    let count = inputs.reduce(0) { $0 + $1.channels } * outputs
    var target = sums.pointer + point * count
    if isFirst { target.update(repeating: 0, count: count) }
    var offset = 0
    withUnsafePointer(to: values) { values in
      withUnsafePointer(to: slopes) { slopes in
        for input in inputs {
          table.training.addWeightGradient(
            WeightGradientArguments(
              inputs: values, inputOffset: offset, inputStride: channels,
              inputCount: input.channels, gradients: slopes, gradientStride: outputs,
              gradientCount: outputs, rowCount: 1, width: tiles, sums: target,
              sumStride: outputs))
          offset += input.stride
          target += input.channels * outputs
        }
      }
    }
  }

  /// From the sums at the points to the taps of every input channel.
  private func addTaps(_ size: SpatialSize, into weights: UnsafeMutablePointer<Float>) {
    let outputs = size.paddedOutputs
    let inputs = size.inputs.reduce(0, +)
    pool.run(inputs) { input, worker in
      let place = size.place(ofInput: input)
      table.training.filterGradient(
        FilterGradientArguments(
          values: sums.pointer + input * outputs, frequencyStride: inputs * outputs,
          outputs: outputs,
          gradient: weights + (27 * place.firstChannel + input - place.firstChannel) * outputs,
          tapStride: place.channels * outputs, scratch: scratch[worker].pointer))
    }
  }
}

extension SpatialSize {
  /// The operand to which a channel of the concatenation belongs.
  fileprivate func place(ofInput input: Int) -> (firstChannel: Int, channels: Int) {
    var firstChannel = 0
    for channels in inputs {
      if input < firstChannel + channels { return (firstChannel, channels) }
      firstChannel += channels
    }
    preconditionFailure("channel \(input) of \(inputs)")
  }
}
