import Degradation
import Networks
import Volumes

/// What is drawn from the volumes for a training step.
public struct DataSettings: Sendable, Equatable {
  /// How an LR volume comes about.
  public enum Source: Sendable, Equatable {
    /// Point samples or another operator that the network is not told of: psf 0.
    case plain(DegradationOperator)
    /// A Gaussian slice profile; its FWHM over the new spacing, drawn from the range, is the psf.
    case blurred(ClosedRange<Double>)

    /// The blurs that are drawn.
    var widths: ClosedRange<Double> {
      if case .blurred(let widths) = self { widths } else { 0...0 }
    }

    /// The blur that a network is validated at: as wide as the new voxels where that is in the range.
    var validatedBlur: Double { min(max(1, widths.lowerBound), widths.upperBound) }
  }

  /// A source and how often it is drawn, relative to the others.
  public struct WeightedSource: Sendable, Equatable {
    /// How LR volumes come about.
    public var source: Source
    /// Relative to the other sources' weights, above 0.
    public var weight: Double
    /// Whether a network is validated with it.
    public var isValidated: Bool

    /// Pairs a source with a weight.
    public init(_ source: Source, weight: Double = 1, isValidated: Bool = true) {
      self.source = source
      self.weight = weight
      self.isValidated = isValidated
    }
  }

  /// Where the decoder is asked.
  public enum Points: Sendable, Equatable {
    /// All combinations of this many voxel positions along each axis.
    case grid(rows: Int)
    /// This many voxel positions.
    case scattered(Int)
  }

  /// Where LR patches come from.
  public enum Drawing: Sendable, Equatable {
    /// LR volumes of a pool: so many, one of them drawn anew every so many steps.
    case pool(count: Int, refresh: Int)
    /// An HR patch, made coarser by itself between its outer voxels, as the publication does.
    ///
    /// The coordinates are the published ones, as if both patches had the same field of view, which
    /// they do not: their outer voxel centres coincide, not their faces.
    case published
  }

  /// LR voxels of a patch along each axis.
  public var patch = 16
  /// LR voxels at each side of a patch that have no points, only context.
  public var margin = 2
  /// Whether all samples of a batch come from one LR volume, whose traits are those of the batch.
  public var sharesVolume = false
  /// Where the decoder is asked.
  public var points = Points.grid(rows: 20)
  /// Samples of a batch.
  public var batch = 2
  /// Where LR patches come from.
  ///
  /// An LR volume of a head takes 0.02 s of one core, so every 20 steps costs about 2 % of their time.
  public var drawing = Drawing.pool(count: 20, refresh: 20)
  /// The scales; a volume's own limit is where an LR axis would be smaller than a patch.
  public var scales: ClosedRange<Double> = 1.5...4
  /// Only scales of this distance from the smallest; nil: any.
  public var scaleStep: Double?
  /// Share of LR volumes that are coarser along one axis only.
  public var oneAxisShare = 0.2
  /// Share of LR volumes with a scale of its own along each axis.
  public var perAxisShare = 0.0
  /// How LR volumes come about.
  public var sources = [WeightedSource(.plain(.exact)), WeightedSource(.blurred(1...1))]
  /// Share of the blurred LR volumes that have a blur of their own along each axis.
  public var perAxisBlurShare = 0.0
  /// What divides the blur out of LR volumes; nil: the network sees them as they are.
  public var deconvolution: Deconvolution?
  /// How far the blur that is divided out may be from the true one along each axis.
  public var blurError = 0.0
  /// Share of the LR volumes that have noise.
  public var noisyShare = 1.0
  /// The standard deviation of noise as the network meets it, behind the division by the blur, as a
  /// share of the normalised range.
  public var noise: ClosedRange<Double> = 0...0
  /// The kind of noise.
  public var noiseKind = NoiseModel.Kind.rician
  /// Samples are multiplied by exp(u), u within this of 0.
  public var brightness = 0.25
  /// Volumes are raised to exp(u), u within this of 0.
  public var gamma = 0.0
  /// Whether axes are mirrored and exchanged.
  public var mirrors = true
  /// Share of a patch's voxels that must be foreground.
  public var foregroundShare = 0.3
  /// Whether samples carry the cubic interpolation of the LR volume at their points.
  public var hasBase = true

  /// For networks that are told whether their input is blurred to its voxel size: point samples or that.
  public static let told = DataSettings()

  /// For networks whose input's blur is divided out: any blur up to one and a half voxels, a little
  /// wrongly known, and a little noise, which the division amplifies.
  public static func deconvolved(_ deconvolution: Deconvolution) -> DataSettings {
    var settings = DataSettings()
    settings.sources = [
      WeightedSource(.plain(.exact), weight: 3),
      WeightedSource(.plain(.kspace), isValidated: false),
      WeightedSource(.blurred(0...1.5), weight: 4),
    ]
    settings.oneAxisShare = 0.3
    settings.perAxisBlurShare = 0.5
    settings.deconvolution = deconvolution
    settings.blurError = 0.05
    settings.noisyShare = 0.5
    settings.noise = 0...0.01
    settings.noiseKind = .gaussian
    settings.foregroundShare = 0.15
    return settings
  }

  /// The publication's: 15 patches of 10^3 voxels, 8,000 points, scales 2 to 4 in tenths.
  public static let paper: DataSettings = {
    var settings = DataSettings()
    settings.patch = 10
    settings.margin = 0
    settings.points = .scattered(8000)
    settings.batch = 15
    settings.drawing = .published
    settings.scales = 2...4
    settings.scaleStep = 0.1
    settings.oneAxisShare = 0
    settings.sources = [WeightedSource(.plain(.corner))]
    settings.brightness = 0
    settings.mirrors = false
    settings.hasBase = false
    return settings
  }()

  /// Takes ``told``.
  public init() {}

  /// A scale within the range and at most `limit`.
  func scale(_ stream: inout RandomStream, limit: Double) -> Double {
    let low = scales.lowerBound
    let high = max(low, min(scales.upperBound, limit))
    guard let step = scaleStep else { return stream.uniform(in: low...high) }
    let steps = Int(((high - low) / step + 1e-9).rounded(.down))
    return low + Double(stream.integer(below: steps + 1)) * step
  }

  /// The sets of weights that inputs of these kinds are served by: two voxel sizes, or one where the
  /// scales are nearly the same, and point samples and a blur of one voxel, as far as they are drawn.
  ///
  /// The smaller size lies a third above the smallest scale, where few inputs are smaller.
  ///
  /// - Parameter edge: The longest edge of HR voxels in millimetres.
  /// - Returns: The rule by which the sets are blended.
  public func blend(edge: Double) -> WeightBlend {
    let (low, high) = (scales.lowerBound * 4 / 3, scales.upperBound)
    let widths = sources.map(\.source.widths)
    let sharpest = widths.map(\.lowerBound).min() ?? 0
    let widest = min(1, widths.map(\.upperBound).max() ?? 0)
    return WeightBlend(
      spacings: (low < 0.8 * high ? [low, high] : [high]).map { $0 * edge },
      blurs: sharpest < widest ? [sharpest, widest] : [sharpest])
  }

  /// Checks what no volume is needed for.
  func checkInvariants() {
    precondition(patch > 2 * margin && margin >= 0 && batch > 0, "patch \(patch), batch \(batch)")
    precondition(scales.lowerBound >= 1, "scales: \(scales)")
    precondition(!sources.isEmpty && sources.allSatisfy { $0.weight > 0 }, "sources: \(sources)")
    if case .pool(let count, let refresh) = drawing {
      precondition(count > 0 && refresh > 0, "pool \(count), refresh \(refresh)")
    }
  }
}
