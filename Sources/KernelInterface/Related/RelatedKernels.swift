/// What the related networks need beside the convolutions of ArSSR.
public struct RelatedKernels: Sendable {
  /// Convolution with a cube of any odd edge from 3 on, stride 1, direct.
  ///
  /// Its arguments are those of `KernelTable.convolve3x3x3` with `edge` planes of `edge` rows in the place of three, and rows that
  /// may be read `edge / 2` voxels beyond both ends. Scratch as for the others.
  public var convolveCube: @Sendable (_ arguments: ConvolutionArguments, _ edge: Int) -> Void
  /// Convolution to one channel.
  public var convolveToOne: @Sendable (OneChannelArguments) -> Void
  /// Exponential linear units behind a scale and a shift per channel.
  public var exponentialUnits: @Sendable (ExponentialUnitArguments) -> Void

  /// Makes the entries.
  public init(
    convolveCube: @escaping @Sendable (ConvolutionArguments, Int) -> Void,
    convolveToOne: @escaping @Sendable (OneChannelArguments) -> Void,
    exponentialUnits: @escaping @Sendable (ExponentialUnitArguments) -> Void
  ) {
    self.convolveCube = convolveCube
    self.convolveToOne = convolveToOne
    self.exponentialUnits = exponentialUnits
  }
}
