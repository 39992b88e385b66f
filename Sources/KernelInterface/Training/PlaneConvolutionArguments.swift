/// A plane of one operand at Winograd's points: what ``PlaneTransformArguments`` has made.
public struct PlaneOperand: BitwiseCopyable {
  /// Point 0 of the first tile.
  public var values: UnsafePointer<Float>
  /// Floats from a point to the next.
  public var pointStride: Int
  /// Floats from a tile to the next.
  public var tileStride: Int
  /// Pairs of channels that are multiplied; of an odd number the one behind the last is finite.
  public var steps: Int

  /// Makes the value from its parts.
  public init(values: UnsafePointer<Float>, pointStride: Int, tileStride: Int, steps: Int) {
    self.values = values
    self.pointStride = pointStride
    self.tileStride = tileStride
    self.steps = steps
  }
}

/// Memory that is used soon, and is fetched into L2 beside other work.
public struct UpcomingMemory: BitwiseCopyable {
  /// Its first float.
  public var first: UnsafePointer<Float>
  /// How many there are.
  public var floats: Int

  /// Makes the value from its parts.
  public init(first: UnsafePointer<Float>, floats: Int) {
    self.first = first
    self.floats = floats
  }
}

/// One plane of a 3x3x3 convolution whose operands are at Winograd's points along i and j.
///
///     out = gate(post(bias + A^T (sum over planes k - 1, k, k + 1, operands, channels of
///                                 value at the point * filter at the point) A) + residual)
///
/// `post` is ReLU where `rectified`; `gate` is 0 where the activation is not positive. Sums run from
/// zero in the order of the operands, each step a pair of channels as in
/// `KernelTable.convolve1x1x1Pairs`.
public struct PlaneConvolutionArguments {
  /// `[plane][operand]`, only planes inside the patch.
  public var operands: UnsafePointer<PlaneOperand>
  /// How many there are.
  public var operandCount: Int
  /// `[point]` every `steps * output.channels` floats: by panel `[step][width]`, where the steps run
  /// through all three planes, operands and pairs of channels.
  public var filters: UnsafePointer<Float>
  /// Steps of all three planes.
  public var steps: Int
  /// Steps before those of the first operand: of planes outside the patch.
  public var firstStep: Int
  /// `output.channels` values; zero for padding channels.
  public var bias: UnsafePointer<Float>
  /// The rows of the plane.
  public var output: ConvolutionOutput
  /// What is added to the result.
  public var residual: ConvolutionResidual?
  /// Whether ReLU is applied before the addition.
  public var rectified: Bool
  /// Rows of activations, `output.voxelStride` floats from a voxel to the next, whose sign decides what
  /// of the result stays.
  public var activations: UnsafePointer<UnsafePointer<Float>>?
  /// Voxels of a row.
  public var width: Int
  /// Rows of the plane.
  public var height: Int
  /// What is read or written after this plane.
  public var upcoming: UnsafePointer<UpcomingMemory>
  /// How many pieces there are.
  public var upcomingCount: Int
  /// At least ``scratchFloats(operands:width:outputs:)`` floats, 64-byte aligned, owned by the calling
  /// worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Tiles whose products stay in L2.
  public static var tilesAtOnce: Int { 32 }

  /// Tiles of whole rows that are computed together.
  public static func tiles(width: Int) -> Int {
    let tilesI = (width + 3) / 4
    return max(1, tilesAtOnce / tilesI) * tilesI
  }

  /// Floats of scratch: a table of operands, tiles at the points, and one between its transforms.
  public static func scratchFloats(operands: Int, width: Int, outputs: Int) -> Int {
    16 * operands + 24 * FeatureLayout.channelGranule + outputs
      + WinogradPoints.planar * (tiles(width: width) * outputs + 16)
  }

  /// Makes the value from its parts.
  public init(
    operands: UnsafePointer<PlaneOperand>, operandCount: Int,
    filters: UnsafePointer<Float>, steps: Int, firstStep: Int, bias: UnsafePointer<Float>,
    output: ConvolutionOutput, residual: ConvolutionResidual?, rectified: Bool,
    activations: UnsafePointer<UnsafePointer<Float>>?, width: Int, height: Int,
    upcoming: UnsafePointer<UpcomingMemory>, upcomingCount: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.operands = operands
    self.operandCount = operandCount
    self.filters = filters
    self.steps = steps
    self.firstStep = firstStep
    self.bias = bias
    self.output = output
    self.residual = residual
    self.rectified = rectified
    self.activations = activations
    self.width = width
    self.height = height
    self.upcoming = upcoming
    self.upcomingCount = upcomingCount
    self.scratch = scratch
  }
}
