import Networks

/// How gradient filters are learned.
public struct FilterLearningSettings: Sendable, Equatable {
  /// Which of the voxels are samples.
  public enum Sampling: Sendable, Equatable {
    /// Each with the probability 1 / rate, by the seed.
    case random(rate: Double)
    /// Every n-th of those whose patches lie in the volume, axis i counted slowest.
    case every(Int)
  }

  /// How a filter follows from the sums of its samples.
  public enum Solver: Sendable, Equatable {
    /// (Q + lambda trace(Q) / n I) h = V by Cholesky's method.
    case ridge(lambda: Double)
    /// Q h = V by conjugate gradients from 0 until the residual is below `tolerance` times |V|, as
    /// published. The early end regularises; the filters depend on the order of samples.
    case conjugateGradients(tolerance: Double)

    /// What the publication stops at.
    public static let publishedTolerance = 1e-5
    /// The lambda that was best in a trial on heads.
    public static let usualLambda = 1e-5
  }

  /// What products of samples are formed in, before they are added in float64.
  public enum Precision: String, Sendable, CaseIterable {
    /// As published, twice as fast; what it rounds lies far below what the ridge adds.
    case single = "float32"
    /// Everything in float64.
    case double = "float64"
  }

  /// The frequencies that LR volumes keep, where they are made in k-space.
  public enum Band: Sendable, Equatable {
    /// One part in R along each axis.
    case factor
    /// A third along each axis, whatever the factor, as published.
    case published
  }

  /// R, the factor along all axes.
  public var factor = 4
  /// P, voxels of a patch along each axis.
  public var patch = 11
  /// G, voxels of the gradient window.
  public var window = 9
  /// Bins of each feature.
  public var bins = GradientFilters.Bins.published
  /// Strength and coherence.
  public var features = GradientFilters.Features.largestRoots
  /// How LR volumes are made.
  public var source = GradientFilters.Source.interpolation
  /// What they keep, where that is in k-space.
  public var band = Band.factor
  /// Whether LR volumes become 0 where the HR volume is, and samples are where that is not, as
  /// published: something that no real LR volume knows.
  public var masksInput = false
  /// Which voxels are samples.
  public var sampling = Sampling.random(rate: 3)
  /// What products of samples are formed in.
  public var precision = Precision.single
  /// How filters follow.
  public var solver = Solver.ridge(lambda: Solver.usualLambda)
  /// Buckets with fewer samples get no filter; nil: a quarter of the taps.
  public var fewestSamples: Int?
  /// Whether the HR volumes are sharpened first.
  public var sharpens = false
  /// What the filters say of the mean filter of a bucket's like: samples that it counts for.
  public var pool = usualPool
  /// What the filters say of voxels whose patches leave the volume.
  public var faces = GradientFilters.Faces.mirrored
  /// What the filters say of census blending.
  public var blendThreshold: Int?
  /// Decides about everything random.
  public var seed: UInt64 = 0

  /// Among the best in trials on heads, for filters of 5^3 to 11^3 taps.
  public static let usualPool = 3000.0

  /// The published form, but for masks and solver.
  public init() {}

  /// Taps of a filter.
  public var tapCount: Int { patch * patch * patch }

  /// The least samples of a filter.
  public var neededSamples: Int {
    if let fewestSamples { return max(1, fewestSamples) }
    return switch solver {
    case .ridge: max(1, tapCount / 4)
    case .conjugateGradients: 1
    }
  }

  /// Everything that decides about the result, in words.
  public var description: String {
    var parts = [
      "factor \(factor)", "patch \(patch)", "window \(window)", "bins \(bins.text)",
      "features \(features.rawValue)", "lr \(source.rawValue)", "seed \(seed)",
      "at least \(neededSamples) samples", "products in \(precision.rawValue)",
      "faces \(faces.rawValue)", "pool \(pool)",
    ]
    if source == .kspace { parts.append(band == .factor ? "band 1/factor" : "band 1/3") }
    if masksInput { parts.append("masked by the HR volume") }
    switch sampling {
    case .random(let rate): parts.append("one voxel in \(rate)")
    case .every(let step): parts.append("every \(step)th voxel")
    }
    switch solver {
    case .ridge(let lambda): parts.append("ridge \(lambda)")
    case .conjugateGradients(let tolerance): parts.append("conjugate gradients to \(tolerance)")
    }
    if sharpens { parts.append("sharpened") }
    if let blendThreshold { parts.append("blend \(blendThreshold)") }
    return parts.joined(separator: ", ")
  }
}
