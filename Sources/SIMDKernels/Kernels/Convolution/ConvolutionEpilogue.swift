import KernelInterface

extension PanelTask {
  /// Adds what follows the complete sum: ReLU and the residual of voxels from `voxel` on.
  @inline(__always)
  mutating func finish(
    _ arguments: ConvolutionArguments, row: Int, voxel: Int, channel: Int
  ) {
    rectified = arguments.rectified
    guard let operand = arguments.residual else { return }
    let stride = operand.table.voxelStride
    let values = operand.table.row(plane: 0, row: row) + voxel * stride
    residual = operand.isBroadcast ? values : values + channel
    residualStride = stride
    residualIsBroadcast = operand.isBroadcast
  }
}
