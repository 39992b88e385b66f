/// The functions that one instruction set offers, picked once, high up.
///
/// Names in logs and benchmarks follow `operation.algorithm.tile.set`, e.g.
/// `conv3d.direct.4x6.avx512`. Fast paths are entries of their own, chosen by the plan,
/// never by a kernel.
public struct KernelTable: Sendable {
  /// The set that the functions need.
  public var instructionSet: InstructionSet
  /// How weights of convolutions and dense layers are packed for this set.
  public var layout: PackedLayout

  /// 3x3x3 convolution, stride 1, direct.
  public var convolve3x3x3: @Sendable (ConvolutionArguments) -> Void
  /// 1x1x1 convolution.
  public var convolve1x1x1: @Sendable (ConvolutionArguments) -> Void
  /// Floats of scratch for either convolution: row width (voxels), output channels.
  public var convolutionScratch: @Sendable (_ width: Int, _ outputChannels: Int) -> Int
  /// 1x1x1 convolution in bfloat16; inputs are padded to whole granules.
  public var convolve1x1x1Pairs: @Sendable (ConvolutionArguments) -> Void
  /// Floats of scratch for it: row width (voxels), pairs of channels of all inputs, output channels.
  public var pairConvolutionScratch:
    @Sendable (_ width: Int, _ pairs: Int, _ outputChannels: Int) -> Int

  /// 3x3x3 convolution by Winograd's algorithm.
  public var convolveWinograd: @Sendable (WinogradArguments) -> Void
  /// Floats of scratch for it: channels of the operands, each padded by itself, and of the output.
  public var winogradScratch: @Sendable (_ inputChannels: Int, _ outputChannels: Int) -> Int
  /// The same in bfloat16.
  public var convolveWinogradPairs: @Sendable (WinogradArguments) -> Void
  /// Floats of scratch for it.
  public var pairWinogradScratch: @Sendable (_ inputChannels: Int, _ outputChannels: Int) -> Int

  /// 3x3 convolution of images by Winograd's algorithm.
  public var convolvePlaneWinograd: @Sendable (PlaneWinogradArguments) -> Void
  /// Fourier transforms of the columns of an image.
  public var transformColumns: @Sendable (FourierArguments) -> Void
  /// A plane of the map of structural similarity.
  public var similarityPlane: @Sendable (SimilarityArguments) -> Void

  /// The fused decoder on a group of rows of points.
  public var decodeRows: @Sendable (RowDecoderArguments) -> Void
  /// Floats of scratch: rows of the group, hidden width, widest layer, points per tile.
  public var rowDecoderScratch:
    @Sendable (_ rowCount: Int, _ hidden: Int, _ widest: Int, _ tile: Int) -> Int
  /// The decoder on scattered points.
  public var decodePoints: @Sendable (PointDecoderArguments) -> Void
  /// Floats of scratch: features, other inputs, widest layer, points per tile.
  public var pointDecoderScratch:
    @Sendable (_ channels: Int, _ coordinateCount: Int, _ widest: Int, _ tile: Int) -> Int

  /// What the related networks need besides.
  public var related: RelatedKernels
  /// What training needs besides.
  public var training: TrainingKernels
  /// What gradient filters need.
  public var filters: FilterKernels

  /// Multiply-adds without memory traffic: what a core can do at most.
  ///
  /// Runs `iterations` rounds, reads and writes 64 floats of `buffer`, and returns the floating-point
  /// operations done (1 FMA = 2).
  public var peak: @Sendable (_ iterations: Int, _ buffer: UnsafeMutablePointer<Float>) -> Int
  /// The same of multiply-adds on pairs of bfloat16 numbers.
  public var peakOfPairs:
    @Sendable (_ iterations: Int, _ buffer: UnsafeMutablePointer<Float>) -> Int

  /// Makes a table from its entries.
  public init(
    instructionSet: InstructionSet, layout: PackedLayout,
    convolve3x3x3: @escaping @Sendable (ConvolutionArguments) -> Void,
    convolve1x1x1: @escaping @Sendable (ConvolutionArguments) -> Void,
    convolutionScratch: @escaping @Sendable (Int, Int) -> Int,
    convolve1x1x1Pairs: @escaping @Sendable (ConvolutionArguments) -> Void,
    pairConvolutionScratch: @escaping @Sendable (Int, Int, Int) -> Int,
    convolveWinograd: @escaping @Sendable (WinogradArguments) -> Void,
    winogradScratch: @escaping @Sendable (Int, Int) -> Int,
    convolveWinogradPairs: @escaping @Sendable (WinogradArguments) -> Void,
    pairWinogradScratch: @escaping @Sendable (Int, Int) -> Int,
    convolvePlaneWinograd: @escaping @Sendable (PlaneWinogradArguments) -> Void,
    transformColumns: @escaping @Sendable (FourierArguments) -> Void,
    similarityPlane: @escaping @Sendable (SimilarityArguments) -> Void,
    decodeRows: @escaping @Sendable (RowDecoderArguments) -> Void,
    rowDecoderScratch: @escaping @Sendable (Int, Int, Int, Int) -> Int,
    decodePoints: @escaping @Sendable (PointDecoderArguments) -> Void,
    pointDecoderScratch: @escaping @Sendable (Int, Int, Int, Int) -> Int,
    related: RelatedKernels, training: TrainingKernels, filters: FilterKernels,
    peak: @escaping @Sendable (Int, UnsafeMutablePointer<Float>) -> Int,
    peakOfPairs: @escaping @Sendable (Int, UnsafeMutablePointer<Float>) -> Int
  ) {
    self.instructionSet = instructionSet
    self.layout = layout
    self.convolve3x3x3 = convolve3x3x3
    self.convolve1x1x1 = convolve1x1x1
    self.convolutionScratch = convolutionScratch
    self.convolve1x1x1Pairs = convolve1x1x1Pairs
    self.pairConvolutionScratch = pairConvolutionScratch
    self.convolveWinograd = convolveWinograd
    self.winogradScratch = winogradScratch
    self.convolveWinogradPairs = convolveWinogradPairs
    self.pairWinogradScratch = pairWinogradScratch
    self.convolvePlaneWinograd = convolvePlaneWinograd
    self.transformColumns = transformColumns
    self.similarityPlane = similarityPlane
    self.decodeRows = decodeRows
    self.rowDecoderScratch = rowDecoderScratch
    self.decodePoints = decodePoints
    self.pointDecoderScratch = pointDecoderScratch
    self.related = related
    self.training = training
    self.filters = filters
    self.peak = peak
    self.peakOfPairs = peakOfPairs
  }
}
