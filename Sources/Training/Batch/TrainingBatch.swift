import Networks

/// What one training step reads: LR patches, query points in them, and the answers wanted.
///
/// Plain buffers and what is known of their volume, so that whoever draws patches needs no network.
public struct TrainingBatch: Sendable, Equatable {
  /// One patch with its points.
  public struct Sample: Sendable, Equatable {
    /// Normalised LR voxels `[k][j][i]`, as many as ``TrainingBatch/size`` says.
    public var patch: [Float]
    /// Where the decoder is asked.
    public var points: QueryPoints
    /// The HR intensity at every point, normalised as the patch is.
    public var targets: [Float]
    /// The interpolated LR volume at every point, where the network adds a base; else empty.
    ///
    /// Taken from the whole volume, not from the patch, whose edges would change it.
    public var base: [Float]
    /// How the LR volume was blurred, FWHM over spacing; 0 for networks without this input.
    public var psf: Float

    /// Makes a sample; counts are checked when it becomes part of a batch.
    public init(
      patch: [Float], points: QueryPoints, targets: [Float], base: [Float] = [], psf: Float = 0
    ) {
      self.patch = patch
      self.points = points
      self.targets = targets
      self.base = base
      self.psf = psf
    }
  }

  /// Voxels of every patch along i, j, k.
  public let size: SIMD3<Int>
  /// At least one; all have the same number of voxels.
  public let samples: [Sample]
  /// What is known of the volume that the samples come from, where they come from one.
  public let traits: InputTraits

  /// Makes a batch of samples whose counts fit.
  ///
  /// - Parameters:
  ///   - size: Voxels of every patch along i, j, k.
  ///   - samples: Patches with as many voxels, targets and base values with one value per point.
  ///   - traits: What is known of their volumes.
  public init(
    size: SIMD3<Int>, samples: [Sample],
    traits: InputTraits = InputTraits(spacing: SIMD3(repeating: 1), blur: 0)
  ) {
    precondition(!samples.isEmpty && size.min() >= 1, "\(samples.count) samples of \(size) voxels")
    for sample in samples {
      let points = sample.points.count
      precondition(
        sample.patch.count == size.x * size.y * size.z, "\(sample.patch.count) voxels, not \(size)")
      precondition(sample.targets.count == points, "\(sample.targets.count) targets of \(points)")
      precondition(
        sample.base.isEmpty || sample.base.count == points,
        "\(sample.base.count) base values of \(points)")
    }
    self.size = size
    self.samples = samples
    self.traits = traits
  }

  /// Points of all samples.
  public var pointCount: Int { samples.reduce(0) { $0 + $1.points.count } }
}
