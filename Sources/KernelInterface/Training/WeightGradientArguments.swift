/// The gradient of a layer's weights over some rows of voxels or points.
///
///     sums[x][y] += sum over rows and voxels of input[x] * gradient[y]
///
/// The sum of a call begins at zero, runs row by row and voxel by voxel, each step one fused
/// multiply-add (multiply and add where the set has none), and is added to `sums` at the end. So the
/// caller decides by its calls how a long sum is grouped.
///
/// A bias is a weight whose input is 1: `inputStride` 0 and one input that is 1.
public struct WeightGradientArguments {
  /// Per row the address of its first voxel among the inputs.
  public var inputs: UnsafePointer<UnsafePointer<Float>>
  /// Floats from there to the first input, negative for a tap before the voxel.
  public var inputOffset: Int
  /// Floats from a voxel to the next among the inputs.
  public var inputStride: Int
  /// Neighbouring inputs: rows of `sums`.
  ///
  /// They may exceed a voxel's channels where voxels lie without a gap: then the taps along i are one
  /// run of inputs, in the order of the kernel.
  public var inputCount: Int
  /// Per row the address of the first gradient of its first voxel.
  public var gradients: UnsafePointer<UnsafePointer<Float>>
  /// Floats from a voxel to the next among the gradients.
  public var gradientStride: Int
  /// Gradients per voxel, a multiple of ``FeatureLayout/channelGranule``.
  public var gradientCount: Int
  /// Rows.
  public var rowCount: Int
  /// Voxels of each row.
  public var width: Int
  /// `inputCount` rows of `gradientCount` floats.
  public var sums: UnsafeMutablePointer<Float>
  /// Floats from a row of `sums` to the next.
  public var sumStride: Int

  /// Makes the value from its parts.
  public init(
    inputs: UnsafePointer<UnsafePointer<Float>>, inputOffset: Int, inputStride: Int,
    inputCount: Int, gradients: UnsafePointer<UnsafePointer<Float>>, gradientStride: Int,
    gradientCount: Int, rowCount: Int, width: Int, sums: UnsafeMutablePointer<Float>, sumStride: Int
  ) {
    self.inputs = inputs
    self.inputOffset = inputOffset
    self.inputStride = inputStride
    self.inputCount = inputCount
    self.gradients = gradients
    self.gradientStride = gradientStride
    self.gradientCount = gradientCount
    self.rowCount = rowCount
    self.width = width
    self.sums = sums
    self.sumStride = sumStride
  }
}
