/// What is known of a volume before a network sees it.
public struct InputTraits: Sendable, Hashable {
  /// Edges of a voxel along i, j, k in millimetres.
  public var spacing: SIMD3<Double>
  /// The largest blur along an axis that becomes finer, FWHM over the spacing; 0: point samples.
  public var blur: Double

  /// Pairs the two.
  public init(spacing: SIMD3<Double>, blur: Double) {
    self.spacing = spacing
    self.blur = blur
  }
}
