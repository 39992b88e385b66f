import Degradation
import Glibc
import Networks
import Volumes
import Workers

/// One LR volume of the pool, with what is needed to draw patches from it.
struct DegradedEntry: Sendable {
  /// The HR volume.
  let source: TrainingVolume
  /// HR intensities were raised to this.
  let gamma: Double
  /// LR voxels along i, j, k.
  let size: SIMD3<Int>
  /// LR voxels, i fastest, as the network gets them.
  let voxels: [Float]
  /// The spline of the LR volume, where samples carry a base.
  let spline: SplineVolume?
  /// LR voxel o lies at `factor * o + offset` of the HR volume.
  let factor: SIMD3<Double>
  let offset: SIMD3<Double>
  /// The largest blur along an axis, FWHM over the LR spacing, that the network is told.
  let psf: Double

  /// What is known of it.
  var traits: InputTraits { InputTraits(spacing: source.spacing * factor, blur: psf) }

  /// The position in LR voxels of an HR voxel along an axis.
  func position(_ index: Int, axis: Int) -> Double {
    (Double(index) - offset[axis]) / factor[axis]
  }

  /// The HR voxels along an axis whose positions lie in `low ..< high` (LR voxels).
  func indices(from low: Double, to high: Double, axis: Int) -> Range<Int> {
    let first = (low * factor[axis] + offset[axis]).rounded(.up)
    let end = (high * factor[axis] + offset[axis]).rounded(.up)
    let lower = min(max(Int(first), 0), source.size[axis])
    return lower..<min(max(Int(end), lower), source.size[axis])
  }

  /// The HR intensity of a voxel, as the LR volume was made from it.
  func target(_ i: Int, _ j: Int, _ k: Int) -> Float {
    Self.raised(source.voxels[(k * source.size.y + j) * source.size.x + i], gamma)
  }

  /// A value to a power, its sign kept; the background lies around 0.
  fileprivate static func raised(_ value: Float, _ gamma: Double) -> Float {
    if gamma == 1 { return value }
    return value < 0 ? -pow(-value, Float(gamma)) : pow(value, Float(gamma))
  }
}

extension DegradedEntry {
  /// Makes a volume coarser.
  ///
  /// - Parameters:
  ///   - source: The HR volume.
  ///   - scale: Factor per axis.
  ///   - kind: How.
  ///   - blur: Of blurred sources, FWHM over the new spacing per axis; axes of factor 1 are not blurred.
  ///   - gamma: HR intensities are raised to it first.
  ///   - noise: Added to the LR volume.
  ///   - hasBase: Whether its spline is wanted.
  ///   - removal: What divides the blur out.
  ///   - pool: Shares the lines.
  /// - Throws: If the volume is too small for the scale, or the system refuses memory.
  init(
    _ source: TrainingVolume, scale: SIMD3<Double>, _ kind: DataSettings.Source,
    blur: SIMD3<Double> = .zero, gamma: Double = 1, noise: NoiseModel? = nil, hasBase: Bool,
    removal: BlurRemoval? = nil, pool: WorkerPool
  ) throws(TrainingDataError) {
    var request: DegradationRequest
    switch kind {
    case .plain(let method): request = DegradationRequest(method, .scale(scale))
    case .blurred:
      request = DegradationRequest(.psf, .scale(scale))
      request.fullWidths = scale * blur
    }
    let (plan, result) = try TrainingDataError.ofDegradation { () throws(DegradationError) in
      let plan = try Grid(size: source.size, affine: .identity).degraded(by: request)
      let input = gamma == 1 ? source.voxels : source.voxels.map { Self.raised($0, gamma) }
      return (plan, try plan.run(input, noise: noise, pool: pool).values)
    }
    self.source = source
    self.gamma = gamma
    size = plan.grid.size
    var voxels = result
    removal?.deconvolution.apply(
      to: &voxels, size: size, widths: removal?.widths ?? .zero, pool: pool)
    self.voxels = voxels
    psf = (removal?.widths ?? blur).max()
    spline = hasBase ? SplineVolume(voxels, size: size, pool: pool) : nil
    factor = SIMD3(plan.axes.map(\.factor))
    offset = SIMD3(plan.axes.map(\.offset))
  }

  /// Draws entry `number` of a run: volume, scale, source, gamma and noise.
  static func drawn(
    _ number: Int, from volumes: TrainingVolumes, _ settings: DataSettings, seed: UInt64,
    pool: WorkerPool
  ) throws(TrainingDataError) -> DegradedEntry {
    var stream = RandomStream(seed: seed, .entry, number)
    let source = volumes.all[stream.integer(below: volumes.all.count)]
    let scale = settings.scales(&stream, of: source)
    let kind = settings.source(&stream)
    let blur = settings.blur(&stream, of: kind, scale: scale)
    let gamma = exp(stream.uniform(in: -settings.gamma...settings.gamma))
    let removal = settings.removal(&stream, of: blur)
    // Equal noise before the division would drown everything behind that of wide blurs.
    var sigma = stream.uniform(in: settings.noise) / (removal?.noiseGain ?? 1)
    if settings.noisyShare < 1, stream.uniform() >= settings.noisyShare { sigma = 0 }
    let noise =
      sigma > 0
      ? NoiseModel(settings.noiseKind, .sigma(sigma), seed: stream.word()) : nil
    return try DegradedEntry(
      source, scale: scale, kind, blur: blur, gamma: gamma, noise: noise,
      hasBase: settings.hasBase, removal: removal, pool: pool)
  }
}

/// A blur and what divides it out.
struct BlurRemoval {
  let deconvolution: Deconvolution
  /// FWHM over the LR spacing along i, j, k.
  let widths: SIMD3<Double>

  /// By how much it amplifies white noise.
  var noiseGain: Double {
    (0..<3).reduce(1) { $0 * deconvolution.noiseGain(width: widths[$1]) }
  }
}

extension DataSettings {
  /// FWHM over the new spacing, along the axes that become coarser; the same on all or not.
  fileprivate func blur(
    _ stream: inout RandomStream, of source: Source, scale: SIMD3<Double>
  ) -> SIMD3<Double> {
    guard case .blurred(let widths) = source else { return .zero }
    var blur = SIMD3(repeating: stream.uniform(in: widths))
    if perAxisBlurShare > 0, stream.uniform() < perAxisBlurShare {
      for axis in 1..<3 { blur[axis] = stream.uniform(in: widths) }
    }
    return blur.replacing(with: 0, where: scale .== 1)
  }

  /// What a blur is divided out by, known a little wrongly; nil where it stays.
  fileprivate func removal(
    _ stream: inout RandomStream, of blur: SIMD3<Double>
  ) -> BlurRemoval? {
    guard let deconvolution else { return nil }
    var widths = blur
    for axis in 0..<3 where blur[axis] > 0 {
      widths[axis] = max(0, blur[axis] + stream.uniform(in: -blurError...blurError))
    }
    return BlurRemoval(deconvolution: deconvolution, widths: widths)
  }

  /// Factors for a volume whose LR axes shall not be smaller than a patch.
  fileprivate func scales(
    _ stream: inout RandomStream, of volume: TrainingVolume
  ) -> SIMD3<Double> {
    // Half a voxel more than the patch, because sizes are rounded.
    let limits = SIMD3<Double>(volume.size) / (Double(patch) + 0.5)
    let choice = stream.uniform()
    if choice < oneAxisShare {
      let axis = stream.integer(below: 3)
      var scale = SIMD3<Double>(repeating: 1)
      scale[axis] = self.scale(&stream, limit: limits[axis])
      return scale
    }
    if choice < oneAxisShare + perAxisShare {
      return SIMD3(
        scale(&stream, limit: limits.x), scale(&stream, limit: limits.y),
        scale(&stream, limit: limits.z))
    }
    return SIMD3(repeating: scale(&stream, limit: limits.min()))
  }

  fileprivate func source(_ stream: inout RandomStream) -> Source {
    let total = sources.reduce(0) { $0 + $1.weight }
    var rest = stream.uniform() * total
    for candidate in sources {
      rest -= candidate.weight
      if rest < 0 { return candidate.source }
    }
    return sources[sources.count - 1].source
  }
}
