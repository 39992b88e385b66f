import FusedInference
import Volumes

/// How a result is made; by default as the command makes it without options.
public struct UpsampleSettings: Sendable {
  /// Limits of the result.
  public enum Clip: Sendable, Equatable {
    /// None.
    case none
    /// The range of the input.
    case input
    /// From the first to the second value, in the input's units.
    case range(Double, Double)
  }

  /// In how many ways the input is computed; the result is their mean.
  public enum Ensemble: Sendable, Equatable {
    /// As it is.
    case none
    /// In its 8 mirrorings.
    case mirrorings
    /// In these, and with axes exchanged that look alike to the network: in up to 48 ways.
    case permutations
  }

  /// Intensity map before the network, undone after it; nil: as the model's card says.
  public var normalisation: Normalisation?
  /// How the input is blurred; nil: the model's default.
  ///
  /// An error for models that are not told.
  public var blur: InputBlur?
  /// Limits of the result.
  public var clip: Clip
  /// Where to compute: anything but 0, over the input's field of view, of any size; nil: everywhere.
  public var mask: Volume?
  /// The value where the mask is 0.
  public var outside: OutputSettings.Outside
  /// What is computed of a constant background; nil: it is kept, and computed by the exact path.
  public var background: OutputSettings.BackgroundPolicy?
  /// An image of another contrast, for models that take one.
  public var guide: Volume?
  /// Whether the guide is interpolated by its affine where it does not lie on the result's grid.
  public var resamplesGuide: Bool
  /// In how many ways the input is computed; not with a mask.
  public var ensemble: Ensemble
  /// What to do with voxels that are NaN, infinite or beyond `Volume.largestMagnitude`.
  public var nonFinite: VolumeReader.NonFinitePolicy

  /// Collects the settings.
  public init(
    normalisation: Normalisation? = nil, blur: InputBlur? = nil, clip: Clip = .none,
    mask: Volume? = nil, outside: OutputSettings.Outside = .zero,
    background: OutputSettings.BackgroundPolicy? = nil, guide: Volume? = nil,
    resamplesGuide: Bool = false, ensemble: Ensemble = .none,
    nonFinite: VolumeReader.NonFinitePolicy = .refuse
  ) {
    self.normalisation = normalisation
    self.blur = blur
    self.clip = clip
    self.mask = mask
    self.outside = outside
    self.background = background
    self.guide = guide
    self.resamplesGuide = resamplesGuide
    self.ensemble = ensemble
    self.nonFinite = nonFinite
  }

  /// What not all networks take.
  var networkOptions: NetworkOptions {
    var options = NetworkOptions()
    options.hasGuide = guide != nil
    options.hasBlur = blur != nil
    options.ensembleOption = ensemble == .none ? nil : "--self-ensemble"
    return options
  }

  /// - Throws: If settings exclude each other.
  func check() throws(SuperResolutionError) {
    if mask != nil, ensemble != .none {
      throw .conflict(
        names: ["mask", "ensemble"],
        reason: "an ensemble computes everything; leave one of the two out")
    }
  }

  /// What becomes of values, for an input.
  func output(
    for volume: Volume, isExact: Bool
  ) throws(SuperResolutionError) -> OutputSettings {
    let range: IntensityRange? =
      switch clip {
      case .none: nil
      case .input: IntensityRange(ofFinite: volume.voxels)
      case .range(let low, let high): IntensityRange(low: Float(low), high: Float(high))
      }
    return OutputSettings(
      clip: range, mask: try region(over: volume.grid), outside: outside,
      background: background ?? (isExact ? .compute : .keep))
  }

  /// The mask, which has to have the field of view of `grid`: along each axis to within a voxel of
  /// the coarser one.
  private func region(over grid: Grid) throws(SuperResolutionError) -> RegionMask? {
    guard let mask else { return nil }
    guard grid.coversAlike(mask.grid) else {
      throw .maskElsewhere(millimetres: grid.fieldOfViewDistance(to: mask.grid))
    }
    return RegionMask(voxels: mask.voxels, size: mask.grid.size)
  }

  /// The volume with voxels that can be used.
  func usable(_ volume: Volume) throws(SuperResolutionError) -> Volume {
    if case .keep = nonFinite { return volume }
    let count = volume.unusableCount
    guard count > 0 else { return volume }
    guard case .zero = nonFinite else {
      throw .notFinite(count: count, of: volume.voxels.count)
    }
    return Volume(grid: volume.grid, voxels: volume.voxels.map { Volume.isUsable($0) ? $0 : 0 })
  }
}

extension Volume {
  /// Voxels that are NaN, infinite or too large to be worked with.
  var unusableCount: Int { voxels.count { !Self.isUsable($0) } }
}
