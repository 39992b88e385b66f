import KernelInterface

extension PanelTask {
  /// Adds what follows the complete sum: ReLU and the residual of voxels from `voxel` on.
  @inline(__always)
  mutating func finish(
    _ arguments: ConvolutionArguments, plane: Int, row: Int, voxel: Int, channel: Int
  ) {
    rectified = arguments.rectified
    guard let operand = arguments.residual else { return }
    let values =
      operand.voxels + plane * operand.planeStride + row * operand.rowStride
      + voxel * operand.voxelStride
    residual = operand.isBroadcast ? values : values + channel
    residualStride = operand.voxelStride
    residualIsBroadcast = operand.isBroadcast
  }
}
