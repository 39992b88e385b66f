import KernelInterface
import Workers

/// Values per voxel of a box of the LR volume, `[k][j][i][c]`, with a halo of one voxel of zeros.
///
/// Nothing ever writes the halo, so a map can be reused for another layer of the same width
/// without clearing: the halo is the zero padding of every 3x3x3 convolution.
final class FeatureMap: Sendable {
  /// Voxels along i, j, k, without the halo.
  let size: SIMD3<Int>
  /// Floats from a voxel to the next along i: channels with their padding, or 1 for an image.
  let voxelStride: Int
  private let buffer: AlignedBuffer<Float>

  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(size: SIMD3<Int>, voxelStride: Int) throws(WorkersError) {
    self.size = size
    self.voxelStride = voxelStride
    buffer = try AlignedBuffer(count: Self.floats(size: size, voxelStride: voxelStride))
  }

  /// The floats that a map of this size occupies.
  static func floats(size: SIMD3<Int>, voxelStride: Int) -> Int {
    (size.x + 2) * (size.y + 2) * (size.z + 2) * voxelStride
  }

  var rowStride: Int { (size.x + 2) * voxelStride }
  var planeStride: Int { (size.y + 2) * rowStride }

  /// Channel 0 of voxel (0, 0, 0).
  var origin: UnsafeMutablePointer<Float> {
    buffer.pointer + planeStride + rowStride + voxelStride
  }

  /// This map as an operand of which `channels` channels are multiplied.
  func input(channels: Int) -> ConvolutionInput {
    ConvolutionInput(
      voxels: UnsafePointer(origin), voxelStride: voxelStride, rowStride: rowStride,
      planeStride: planeStride, channels: channels)
  }

  /// This map as the summand of a layer's result.
  func residual(isBroadcast: Bool) -> ConvolutionResidual {
    ConvolutionResidual(
      voxels: UnsafePointer(origin), voxelStride: voxelStride, rowStride: rowStride,
      planeStride: planeStride, isBroadcast: isBroadcast)
  }

  /// This map as the place of a layer's result.
  var output: ConvolutionOutput {
    ConvolutionOutput(
      voxels: origin, voxelStride: voxelStride, rowStride: rowStride, planeStride: planeStride,
      channels: voxelStride)
  }
}
