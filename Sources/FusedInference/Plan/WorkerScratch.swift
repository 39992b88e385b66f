import KernelInterface
import Workers

/// What one worker needs for itself; touched first, and only, by that worker.
struct WorkerScratch: Sendable {
  /// For the kernels.
  let kernel: AlignedBuffer<Float>
  /// Constants of the rows that are being decoded.
  let constants: AlignedBuffer<Float>
  /// Values of the rows that are being made, and of the interpolated row that is added to each.
  let rows: AlignedBuffer<Float>
  let base: AlignedBuffer<Float>
  /// What the decoder's layers used, per layer.
  let unitCounts: AlignedBuffer<UnitCount>

  /// `rowCount` rows are made at once, with `constants` values each, by `layers` layers.
  init(
    kernelFloats: Int, constants: Int, rowCount: Int, rowLength: Int, layers: Int
  ) throws(WorkersError) {
    kernel = try AlignedBuffer(count: max(kernelFloats, 1))
    self.constants = try AlignedBuffer(count: max(rowCount * constants, 1))
    rows = try AlignedBuffer(count: max(rowCount * rowLength, 1))
    base = try AlignedBuffer(count: max(rowLength, 1))
    unitCounts = try AlignedBuffer(count: max(layers, 1))
  }

  /// One for each worker of a pool.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  static func forAll(
    _ pool: WorkerPool, kernelFloats: Int, constants: Int, rowCount: Int, rowLength: Int,
    layers: Int
  ) throws(WorkersError) -> [WorkerScratch] {
    var scratch: [WorkerScratch] = []
    for _ in 0..<pool.workerCount {
      scratch.append(
        try WorkerScratch(
          kernelFloats: kernelFloats, constants: constants, rowCount: rowCount,
          rowLength: rowLength, layers: layers))
    }
    return scratch
  }
}
