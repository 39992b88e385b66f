import KernelInterface
import Workers

/// A map `[k][j][i][c]` over the region of ``KernelShapes`` with a halo of one voxel.
struct BenchmarkMap {
  let channels: Int
  private let origin: UnsafeMutablePointer<Float>
  private let rowStride: Int
  private let planeStride: Int

  init(channels: Int, isRandom: Bool, _ memory: WorkloadMemory) throws(WorkersError) {
    self.channels = channels
    rowStride = (KernelShapes.width + 2) * channels
    planeStride = (KernelShapes.rows + 2) * rowStride
    let count = (KernelShapes.planes + 2) * planeStride
    let start = isRandom ? try memory.random(count) : try memory.zeros(count)
    origin = start + planeStride + rowStride + channels
  }

  /// Channel 0 of the first voxel of a row.
  func row(_ row: Int, plane: Int) -> UnsafeMutablePointer<Float> {
    origin + plane * planeStride + row * rowStride
  }

  /// The rows that a layer reads of every operand to make all rows of some planes.
  static func inputs(
    _ shape: ConvolutionShape, _ maps: [BenchmarkMap], planes: Range<Int>,
    _ memory: WorkloadMemory
  ) throws(WorkersError) -> [ConvolutionInput] {
    let reach = shape.extent / 2
    var inputs: [ConvolutionInput] = []
    for (channels, map) in zip(shape.inputs, maps) {
      let rows = (planes.lowerBound - reach..<planes.upperBound + reach).flatMap { plane in
        (-reach..<KernelShapes.rows + reach).map { UnsafePointer(map.row($0, plane: plane)) }
      }
      inputs.append(
        ConvolutionInput(
          table: RowTable(
            rows: try memory.elements(rows), rowsPerPlane: KernelShapes.rows + 2 * reach,
            voxelStride: map.channels),
          channels: channels))
    }
    return inputs
  }
}
