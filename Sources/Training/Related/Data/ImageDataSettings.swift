import Networks

/// What pairs of images a related network is trained on.
public struct ImageDataSettings: Sendable, Equatable {
  /// How the LR image of a pair comes about.
  public enum Pairs: Sendable, Equatable {
    /// Blurred by a Gaussian (standard deviation in HR voxels; 0: not), cut to whole multiples of the
    /// scale, sampled by a cubic spline between the outer voxel centres, and brought back to the HR
    /// grid by another: the network works there.
    case corner(sigma: Double)
    /// The same with the Gaussian's full width at half maximum in millimetres, whatever the voxels.
    case cornerOfWidth(Double)
    /// Every r-th voxel; the network works on the LR grid.
    case origin
  }

  /// Where patches come from.
  public enum Drawing: Sendable, Equatable {
    /// Every so many voxels from the low ends, in an order drawn once; then from the beginning again.
    case regular(stride: Int)
    /// Anywhere, drawn anew for every step.
    case random
  }

  /// How LR images come about.
  public var pairs: Pairs
  /// Whole factors; each volume is there at every one of them.
  public var scales: [Int]
  /// Voxels of an input patch along each axis.
  public var patch: Int
  /// Voxels that a target has less on every side, for networks that do not pad.
  public var margin = 0
  /// Where patches come from.
  public var drawing: Drawing
  /// At most so many patches of those that are drawn regularly; nil: all.
  public var most: Int?
  /// Patches of a step.
  public var batch: Int

  /// Settings without a margin.
  public init(
    pairs: Pairs, scales: [Int], patch: Int, drawing: Drawing, batch: Int
  ) {
    self.pairs = pairs
    self.scales = scales
    self.patch = patch
    self.drawing = drawing
    self.batch = batch
  }

  /// As published; that of ArSSR's comparison for DCSRN and ResCNN, whose LR images have no blur.
  ///
  /// Patches of SRReCNN3D have 21 voxels, of SRCNN3D 33, both every 10 voxels, of 3D-ESPCN 16 LR voxels,
  /// the others 40; batches 64, 256, 5 and 10.
  public static func published(_ network: RelatedNetwork) -> ImageDataSettings {
    switch network.layers {
    case .srrecnn3d:
      return ImageDataSettings(
        pairs: .corner(sigma: 1), scales: [2], patch: 21, drawing: .regular(stride: 10), batch: 64)
    case .srcnn3d(let layers):
      var settings = ImageDataSettings(
        pairs: .corner(sigma: 1), scales: [2], patch: 33, drawing: .regular(stride: 10),
        batch: 256)
      settings.margin = layers.padding
      return settings
    case .espcn3d(let layers):
      return ImageDataSettings(
        pairs: .origin, scales: [layers.factor], patch: 16, drawing: .random, batch: 5)
    case .dcsrn, .resCNN:
      return ImageDataSettings(
        pairs: .corner(sigma: 0), scales: [2], patch: 40, drawing: .random, batch: 10)
    }
  }
}
