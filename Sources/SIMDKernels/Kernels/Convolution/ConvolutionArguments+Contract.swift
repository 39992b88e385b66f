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
    guard rowCount > 0 else { return false }
    for index in 0..<inputCount {
      let input = inputs[index]
      if overlapsOutput(input.table.row(plane: 0, row: 0), channels: input.channels) {
        return true
      }
    }
    guard let residual else { return false }
    return overlapsOutput(
      residual.table.row(plane: 0, row: 0), channels: residual.isBroadcast ? 1 : output.channels)
  }

  @inline(__always)
  private func overlapsOutput(_ operand: UnsafePointer<Float>, channels: Int) -> Bool {
    let first = UnsafePointer(output.rows[0])
    return operand + channels > first && first + output.channels > operand
  }
}
