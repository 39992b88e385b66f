import KernelInterface

extension ConvolutionArguments {
  /// Asserts what the caller has checked.
  @inline(__always)
  func checkContract() {
    assert(inputCount > 0)
    assert(output.channels > 0)
    assert(output.channels % FeatureLayout.channelGranule == 0)
    assert(output.voxelStride >= output.channels)
    assert(UInt(bitPattern: scratch) % 64 == 0)
  }

  /// Whether storing an output channel could overwrite an operand of the same voxel.
  @inline(__always)
  var isInPlace: Bool {
    for index in 0..<inputCount {
      if overlapsOutput(inputs[index].voxels, channels: inputs[index].channels) { return true }
    }
    guard let residual else { return false }
    return overlapsOutput(
      residual.voxels, channels: residual.isBroadcast ? 1 : output.channels)
  }

  @inline(__always)
  private func overlapsOutput(_ operand: UnsafePointer<Float>, channels: Int) -> Bool {
    let first = UnsafePointer(output.voxels)
    return operand + channels > first && first + output.channels > operand
  }
}
