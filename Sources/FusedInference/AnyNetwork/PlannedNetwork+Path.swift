import KernelInterface

extension PlannedNetwork {
  /// How a volume is worked through.
  public struct Division: Sendable {
    /// Parts along i, j, k.
    public let blocks: SIMD3<Int>
    /// Voxels around each part that its result depends on.
    public let halo: Int
    /// Rows that every layer makes at a time; nil: whole planes.
    public let rows: Int?
  }

  /// nil for gradient filters, which work plane by plane.
  public var division: Division? {
    switch self {
    case .arssr(_, let plan):
      Division(blocks: plan.blockCounts, halo: plan.halo, rows: plan.rowsPerStep)
    case .related(_, let plan):
      Division(blocks: plan.blockCounts, halo: plan.halo, rows: plan.rowsPerStep)
    case .filters: nil
    }
  }

  /// What decides about the last bits of a result.
  public struct Path: Sendable {
    /// Whether every sum runs in its one documented order, in float32.
    public let isExact: Bool
    /// The algorithm of the layers that need not be direct.
    public let convolution: ConvolutionAlgorithm
    /// What layers may store what they multiply in.
    public let precision: Precision
    /// How far a result may be from that of the exact path, as a fraction of the normalised range.
    public let errorBound: Double
  }

  /// The path of this network.
  public var path: Path {
    switch self {
    case .arssr(let upsampler, _):
      Path(
        isExact: upsampler.isExact, convolution: upsampler.convolution,
        precision: upsampler.precision, errorBound: upsampler.errorBound)
    case .related(let upsampler, _):
      Path(
        isExact: upsampler.isExact, convolution: upsampler.convolution, precision: .float32,
        errorBound: upsampler.errorBound)
    case .filters: Path(isExact: true, convolution: .direct, precision: .float32, errorBound: 0)
    }
  }
}
