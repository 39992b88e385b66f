/// The decoder's last layer, many numbers to one, and its gradient.
///
/// Forward: `values[p] = bias + sum of activation * weight`; partial sum `l` of 16 takes the
/// activations `l`, `l + 16`, ... in order; the partial sums are added 8, 4, 2 and 1 apart.
/// Backward: `gradient[p][c] = values[p] * weights[c]` where the activation is positive, else 0.
public struct OutputRowArguments {
  /// `[count][length]`.
  public var activations: UnsafePointer<Float>
  /// Floats from a point to the next, of activations and gradients.
  public var stride: Int
  /// Numbers per point, a multiple of ``FeatureLayout/channelGranule``.
  public var length: Int
  /// Points.
  public var count: Int
  /// `length` values, zero for padding.
  public var weights: UnsafePointer<Float>
  /// Added forward.
  public var bias: Float
  /// One per point: written forward, read backward.
  public var values: UnsafeMutablePointer<Float>
  /// Written backward.
  public var gradients: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    activations: UnsafePointer<Float>, stride: Int, length: Int, count: Int,
    weights: UnsafePointer<Float>, bias: Float, values: UnsafeMutablePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    self.activations = activations
    self.stride = stride
    self.length = length
    self.count = count
    self.weights = weights
    self.bias = bias
    self.values = values
    self.gradients = gradients
  }
}
