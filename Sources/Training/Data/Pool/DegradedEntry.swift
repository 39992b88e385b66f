import Degradation
import Foundation
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
  /// LR voxels, i fastest.
  let voxels: [Float]
  /// The spline of the LR volume, where samples carry a base.
  let spline: SplineVolume?
  /// LR voxel o lies at `factor * o + offset` of the HR volume.
  let factor: SIMD3<Double>
  let offset: SIMD3<Double>
  /// FWHM of the blur over the LR spacing.
  let psf: Double

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
  ///   - kind: How; a blurred volume has a profile of `psf` times the new spacing.
  ///   - psf: FWHM over spacing; 0 for sources that are not blurred.
  ///   - gamma: HR intensities are raised to it first.
  ///   - noise: Added to the LR volume.
  ///   - hasBase: Whether its spline is wanted.
  ///   - pool: Shares the lines.
  /// - Throws: If the volume is too small for the scale, or the system refuses memory.
  init(
    _ source: TrainingVolume, scale: SIMD3<Double>, _ kind: DataSettings.Source, psf: Double,
    gamma: Double = 1, noise: NoiseModel? = nil, hasBase: Bool, pool: WorkerPool
  ) throws(TrainingDataError) {
    var request: DegradationRequest
    switch kind {
    case .plain(let method): request = DegradationRequest(method, .scale(scale))
    case .blurred:
      request = DegradationRequest(.psf, .scale(scale))
      request.fullWidths = scale * psf
    }
    let (plan, result) = try TrainingDataError.ofDegradation { () throws(DegradationError) in
      let plan = try Grid(size: source.size, affine: .identity).degraded(by: request)
      let input = gamma == 1 ? source.voxels : source.voxels.map { Self.raised($0, gamma) }
      return (plan, try plan.run(input, noise: noise, pool: pool).values)
    }
    self.source = source
    self.gamma = gamma
    size = plan.grid.size
    voxels = result
    spline = hasBase ? SplineVolume(result, size: plan.grid.size, pool: pool) : nil
    factor = SIMD3(plan.axes.map(\.factor))
    offset = SIMD3(plan.axes.map(\.offset))
    self.psf = psf
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
    let psf: Double =
      if case .blurred(let widths) = kind { stream.uniform(in: widths) } else { 0 }
    let gamma = exp(stream.uniform(in: -settings.gamma...settings.gamma))
    let sigma = stream.uniform(in: settings.noise)
    let noise =
      sigma > 0
      ? NoiseModel(settings.noiseKind, .sigma(sigma), seed: stream.word()) : nil
    return try DegradedEntry(
      source, scale: scale, kind, psf: psf, gamma: gamma, noise: noise,
      hasBase: settings.hasBase, pool: pool)
  }
}

extension DataSettings {
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
