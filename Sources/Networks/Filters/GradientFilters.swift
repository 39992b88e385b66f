import Checkpoints
import Files

/// Filters learned for the gradients that surround a voxel: one filter for every bucket of voxels with
/// alike surroundings.
///
///     result[v] = sum over the P^3 voxels around v of filter[bucket(v)] * image
///
/// The image is the LR volume, interpolated on the HR grid and divided by its largest intensity. Bucket
/// and numbering: see ``Features`` and ``bucketCount``.
///
/// Source: the filter learning project for 3D MR images (Park and others, J. Korea Multimedia Soc.
/// 24(2), 2021), after Romano, Isidoro and Milanfar (RAISR, IEEE Trans. Comput. Imaging 3(1), 2017).
public struct GradientFilters: Sendable, Equatable {
  /// What of the structure tensor's eigenvalues tells edges apart.
  public enum Features: String, Sendable, CaseIterable {
    /// l1, and (s1 - s2 - s3) / (s1 + s2 + s3) with s = sqrt(l).
    case largestRoots = "lambda1_coh2"
    /// l1, and the fractional anisotropy.
    case largestAnisotropy = "lambda1_fa"
    /// l1 + l2 + l3, and the coherence of the roots.
    case traceRoots = "trace_coh2"
    /// l1 + l2 + l3, and the fractional anisotropy.
    case traceAnisotropy = "trace_fa"

    /// Whether the strength is the sum of the eigenvalues.
    public var usesTrace: Bool { self == .traceRoots || self == .traceAnisotropy }
    /// Whether the coherence is the fractional anisotropy.
    public var usesAnisotropy: Bool { self == .largestAnisotropy || self == .traceAnisotropy }
  }

  /// How the LR volumes were made that the filters were learned on.
  public enum Source: String, Sendable, CaseIterable {
    /// Quadratic spline without prefilter between the outer voxel centres, down and up again.
    case interpolation
    /// The magnitude of the central frequencies, zeros around them.
    case kspace
  }

  /// What becomes of voxels whose patches leave the volume.
  public enum Faces: String, Sendable, CaseIterable {
    /// They keep the interpolated value, as published.
    case kept
    /// They are filtered as all others; the volume goes on mirrored about its outer voxel centres, as the
    /// splines of ``Source/interpolation`` continue it.
    case mirrored
  }

  /// Bins of each feature.
  public struct Bins: Sendable, Equatable {
    /// Of the azimuth of the leading direction, over half a turn.
    public var azimuth: Int
    /// Of its polar angle, over half a turn.
    public var polar: Int
    /// Of the strength.
    public var strength: Int
    /// Of the coherence.
    public var coherence: Int

    /// The published numbers.
    public static let published = Bins(azimuth: 8, polar: 8, strength: 3, coherence: 3)
    /// Bins that one feature may have.
    public static let range = 1...64

    /// Takes the numbers.
    public init(azimuth: Int, polar: Int, strength: Int, coherence: Int) {
      self.azimuth = azimuth
      self.polar = polar
      self.strength = strength
      self.coherence = coherence
    }

    /// All buckets.
    public var count: Int { azimuth * polar * strength * coherence }

    /// Reads `azimuth,polar,strength,coherence`; nil for anything else.
    public init?(_ text: String) {
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Int($0) }
      guard numbers.count == 4, parts.count == 4, numbers.allSatisfy(Self.range.contains) else {
        return nil
      }
      self.init(
        azimuth: numbers[0], polar: numbers[1], strength: numbers[2], coherence: numbers[3])
    }

    /// The text that ``init(_:)`` reads.
    public var text: String { "\(azimuth),\(polar),\(strength),\(coherence)" }
  }

  /// What a bucket is found by.
  public struct Hashing: Sendable, Equatable {
    /// G, voxels of the gradient window along each axis; odd, at most the patch.
    public var window: Int
    /// Standard deviation of the window in voxels.
    public var sigma: Double
    /// Bins of each feature.
    public var bins: Bins
    /// Strength and coherence.
    public var features: Features
    /// Rising borders between the bins of the strength.
    public var strengthBorders: [Double]
    /// Rising borders between the bins of the coherence.
    public var coherenceBorders: [Double]

    /// The published standard deviation, whatever the window.
    public static let publishedSigma = 0.85

    /// Takes the parts.
    public init(
      window: Int, sigma: Double = publishedSigma, bins: Bins, features: Features = .largestRoots,
      strengthBorders: [Double], coherenceBorders: [Double]
    ) {
      self.window = window
      self.sigma = sigma
      self.bins = bins
      self.features = features
      self.strengthBorders = strengthBorders
      self.coherenceBorders = coherenceBorders
    }
  }

  /// R, the factor along all axes.
  public var factor: Int
  /// P, voxels of a patch along each axis; odd.
  public var patch: Int
  /// What a bucket is found by.
  public var hashing: Hashing
  /// How LR volumes were made.
  public var source: Source
  /// What becomes of voxels whose patches leave the volume.
  public var faces: Faces
  /// The taps, `[bucket][i][j][k]`, k fastest, as the project has them.
  ///
  /// A filter of zeros is none. See ``appliedFilters``.
  public var filters: [Float]
  /// Samples that each filter was learned from; nil where nobody says.
  public var counts: [Float]?
  /// Samples that the mean filter of a bucket's like counts for beside its own (``appliedFilters``); nil:
  /// filters are applied as they are.
  public var pool: Double?
  /// Census blending: a voxel whose neighbourhood the filter turned over in more than so many of its 26
  /// comparisons keeps the interpolated value; nil: none.
  public var blendThreshold: Int?
  /// How the low resolution volumes were made that they were learned from, in the words of the file or
  /// else of the publication; nil where nobody says.
  public var degradation: String?
  /// What the user should know of the checkpoint.
  public var notices: [Notice] = []

  /// Taps that a patch may have along an axis.
  public static let patchRange = 3...31
  /// Factors.
  public static let factorRange = 2...16

  /// Takes the parts.
  public init(
    factor: Int, patch: Int, hashing: Hashing, source: Source = .interpolation,
    faces: Faces = .kept, filters: [Float], counts: [Float]? = nil, pool: Double? = nil,
    blendThreshold: Int? = nil
  ) {
    precondition(
      filters.count == hashing.bins.count * patch * patch * patch, "\(filters.count) taps")
    self.factor = factor
    self.patch = patch
    self.hashing = hashing
    self.source = source
    self.faces = faces
    self.filters = filters
    self.counts = counts
    self.pool = pool
    self.blendThreshold = blendThreshold
    degradation = Self.degradation(source, factor: factor)
  }

  /// Taps of a filter.
  public var tapCount: Int { patch * patch * patch }

  /// Buckets; number `((azimuth * polar bins + polar) * strength bins + strength) * coherence bins +
  /// coherence`.
  public var bucketCount: Int { hashing.bins.count }

  /// How intensities are brought to the range of the strengths: 0 and nearly the largest become 0 and 1.
  public static let normalisation = "percentile:0,99.9"

  /// Multiply-accumulates per voxel of the result: the filter, and the window's passes for six products.
  public var operationsPerVoxel: Int { tapCount + 18 * hashing.window }

  /// Voxels to each side that change a result.
  public var reach: Int { patch / 2 }

  /// Whether a bucket has a filter of its own.
  public func hasFilter(_ bucket: Int) -> Bool {
    filters[taps(of: bucket)].contains { $0 != 0 }
  }

  /// Where the taps of a bucket lie in ``filters``.
  public func taps(of bucket: Int) -> Range<Int> {
    (bucket * tapCount)..<((bucket + 1) * tapCount)
  }
}
