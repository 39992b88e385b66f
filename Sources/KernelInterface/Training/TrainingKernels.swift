/// What training needs beyond the kernels of inference.
///
/// Gradients of inputs are convolutions with turned weights, and dense layers are 1x1x1 convolutions
/// of rows of points: both use the entries of ``KernelTable``.
public struct TrainingKernels: Sendable {
  /// Adds the gradient of a layer's weights.
  public var addWeightGradient: @Sendable (WeightGradientArguments) -> Void
  /// The same with pairs of voxels in the place of voxels (``PairRowsArguments``): in bfloat16.
  public var addWeightGradientPairs: @Sendable (WeightGradientArguments) -> Void
  /// Rounds rows two by two.
  public var pairRows: @Sendable (PairRowsArguments) -> Void
  /// Gradient through ReLU: `result = activation > 0 ? gradient : 0`, `count` floats, a multiple of
  /// ``FeatureLayout/channelGranule``; the result may be the gradient.
  public var gate:
    @Sendable (
      _ gradient: UnsafePointer<Float>, _ activation: UnsafePointer<Float>,
      _ result: UnsafeMutablePointer<Float>, _ count: Int
    ) -> Void
  /// `result = first + second`, `count` floats, a multiple of ``FeatureLayout/channelGranule``.
  public var add:
    @Sendable (
      _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
      _ result: UnsafeMutablePointer<Float>, _ count: Int
    ) -> Void
  /// Samples vectors.
  public var sample: @Sendable (SamplingArguments) -> Void
  /// The transpose of sampling.
  public var spread: @Sendable (SamplingArguments) -> Void
  /// The last layer forward.
  public var applyOutputRow: @Sendable (OutputRowArguments) -> Void
  /// The last layer backward.
  public var outputRowGradient: @Sendable (OutputRowArguments) -> Void
  /// Filters for Winograd's algorithm.
  public var transformFilters: @Sendable (FilterTransformArguments) -> Void
  /// Inputs of a tile for the gradient of filters, `B^T d`.
  public var transformInputTile: @Sendable (TileTransformArguments) -> Void
  /// Output gradients of a tile for the gradient of filters, `A e`.
  public var transformGradientTile: @Sendable (TileTransformArguments) -> Void
  /// Adds the gradients of taps from those at the points, `G^T`.
  public var filterGradient: @Sendable (FilterGradientArguments) -> Void
  /// Filters for planes: 9 taps of a plane of the kernel at ``WinogradPoints/planar`` points.
  ///
  /// They are `[pair of channels][width]` in bfloat16, the last of an odd number with zeros.
  public var transformPlaneFilters: @Sendable (FilterTransformArguments) -> Void
  /// Inputs of a plane at the points, `B^T d B`.
  public var transformPlaneInputs: @Sendable (PlaneTransformArguments) -> Void
  /// Output gradients of a plane at the points, `A e A^T`.
  public var transformPlaneGradients: @Sendable (PlaneTransformArguments) -> Void
  /// A plane of a convolution whose operands are at the points.
  public var convolvePlane: @Sendable (PlaneConvolutionArguments) -> Void
  /// Adds the gradients of the 9 taps of a plane of the kernel from those at the points.
  public var planeFilterGradient: @Sendable (FilterGradientArguments) -> Void

  /// Makes the entries.
  public init(
    addWeightGradient: @escaping @Sendable (WeightGradientArguments) -> Void,
    addWeightGradientPairs: @escaping @Sendable (WeightGradientArguments) -> Void,
    pairRows: @escaping @Sendable (PairRowsArguments) -> Void,
    gate:
      @escaping @Sendable (
        UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
      ) -> Void,
    add:
      @escaping @Sendable (
        UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
      ) -> Void,
    sample: @escaping @Sendable (SamplingArguments) -> Void,
    spread: @escaping @Sendable (SamplingArguments) -> Void,
    applyOutputRow: @escaping @Sendable (OutputRowArguments) -> Void,
    outputRowGradient: @escaping @Sendable (OutputRowArguments) -> Void,
    transformFilters: @escaping @Sendable (FilterTransformArguments) -> Void,
    transformInputTile: @escaping @Sendable (TileTransformArguments) -> Void,
    transformGradientTile: @escaping @Sendable (TileTransformArguments) -> Void,
    filterGradient: @escaping @Sendable (FilterGradientArguments) -> Void,
    transformPlaneFilters: @escaping @Sendable (FilterTransformArguments) -> Void,
    transformPlaneInputs: @escaping @Sendable (PlaneTransformArguments) -> Void,
    transformPlaneGradients: @escaping @Sendable (PlaneTransformArguments) -> Void,
    convolvePlane: @escaping @Sendable (PlaneConvolutionArguments) -> Void,
    planeFilterGradient: @escaping @Sendable (FilterGradientArguments) -> Void
  ) {
    self.addWeightGradient = addWeightGradient
    self.addWeightGradientPairs = addWeightGradientPairs
    self.pairRows = pairRows
    self.gate = gate
    self.add = add
    self.sample = sample
    self.spread = spread
    self.applyOutputRow = applyOutputRow
    self.outputRowGradient = outputRowGradient
    self.transformFilters = transformFilters
    self.transformInputTile = transformInputTile
    self.transformGradientTile = transformGradientTile
    self.filterGradient = filterGradient
    self.transformPlaneFilters = transformPlaneFilters
    self.transformPlaneInputs = transformPlaneInputs
    self.transformPlaneGradients = transformPlaneGradients
    self.convolvePlane = convolvePlane
    self.planeFilterGradient = planeFilterGradient
  }
}
