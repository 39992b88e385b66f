import KernelInterface
import Workers

/// The memory of one worker for slices of one size, and the way of their features through a network.
///
/// `@unchecked Sendable`: one thread at a time may use it; each worker has its own.
final class SliceNetwork: @unchecked Sendable {
  private let layers: [PlaneLayer]
  private let heads: [[Float]]
  private let images: Int
  private let rows: Int
  private let columns: Int
  private let image: AlignedBuffer<Float>
  private let maps: [AlignedBuffer<Float>]
  private let zeros: AlignedBuffer<Float>
  private let spare: AlignedBuffer<Float>
  private let scratch: AlignedBuffer<Float>

  /// Makes room for `images` slices of `rows` by `columns` pixels at a time.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  init(
    _ layers: [PlaneLayer], heads: [[Float]], images: Int, rows: Int, columns: Int
  ) throws(WorkersError) {
    self.layers = layers
    self.heads = heads
    self.images = images
    self.rows = rows
    self.columns = columns
    let room = Room(layers, images: images, rows: rows, columns: columns)
    image = try AlignedBuffer(count: room.image)
    maps = [try AlignedBuffer(count: room.map), try AlignedBuffer(count: room.map)]
    zeros = try AlignedBuffer(count: room.row)
    spare = try AlignedBuffer(count: room.row)
    scratch = try AlignedBuffer(count: room.scratch)
  }

  /// Floats of each buffer.
  struct Room {
    private(set) var image = 0
    private(set) var map = 0
    private(set) var row = 0
    private(set) var scratch = 0

    init(_ layers: [PlaneLayer], images: Int, rows: Int, columns: Int) {
      image = FeatureStack.floats(images: images, rows: rows, columns: columns, channels: 2)
      row = FeatureStack.rowFloats(columns: columns, channels: 2)
      var (rows, columns) = (rows, columns)
      for layer in layers {
        let pool = layer.layer.pool
        let pooled = (
          PerceptualNetwork.Layer.pooledLength(rows, extent: pool),
          PerceptualNetwork.Layer.pooledLength(columns, extent: pool)
        )
        include(images, pooled.0, pooled.1, layer.inputs)
        rows = layer.layer.outputLength(rows)
        columns = layer.layer.outputLength(columns)
        include(images, rows, columns, layer.layer.outputs)
        scratch = max(scratch, layer.scratchFloats(columns: columns))
      }
    }

    private mutating func include(_ images: Int, _ rows: Int, _ columns: Int, _ channels: Int) {
      row = max(row, FeatureStack.rowFloats(columns: columns, channels: channels))
      map = max(
        map,
        FeatureStack.floats(images: images, rows: rows, columns: columns, channels: channels))
    }

    /// Bytes of all buffers.
    var bytes: Int { (image + 2 * map + 2 * row + scratch) * MemoryLayout<Float>.size }
  }

  /// The distances of a slice of all volumes but the first from the first.
  func distances(_ view: SliceView, slice: Int) -> [Double] {
    var stack = FeatureStack(
      images: images, rows: rows, columns: columns, channels: 2, pointer: image.pointer)
    for number in 0..<images {
      for line in 0..<rows {
        let target = stack.row(number, line)
        view.load(number, slice: slice, row: line, into: target)
        for column in 0..<columns { target[2 * column + 1] = 1 }
      }
    }
    stack.clearEnds()
    var totals = [Double](repeating: 0, count: images - 1)
    var tap = 0
    var next = 0
    func target(_ rows: Int, _ columns: Int, _ channels: Int) -> FeatureStack {
      next = 1 - next
      return FeatureStack(
        images: images, rows: rows, columns: columns, channels: channels,
        pointer: maps[next].pointer)
    }
    for layer in layers {
      let (rows, columns) = (stack.rows, stack.columns)
      if let extent = layer.layer.pool {
        let pooled = target(
          PerceptualNetwork.Layer.pooledLength(rows, extent: extent),
          PerceptualNetwork.Layer.pooledLength(columns, extent: extent), stack.channels)
        stack.pool(extent: extent, into: pooled)
        stack = pooled
      }
      let output = target(
        layer.layer.outputLength(rows), layer.layer.outputLength(columns), layer.layer.outputs)
      layer.run(
        stack, into: output,
        zeros: zeros.pointer + FeatureStack.pixelsBefore * stack.channels,
        spare: spare.pointer, scratch: scratch.pointer)
      stack = output
      if layer.layer.isTap {
        for (index, distance) in stack.distances(weights: heads[tap]).enumerated() {
          totals[index] += distance
        }
        tap += 1
      }
    }
    return totals
  }
}
