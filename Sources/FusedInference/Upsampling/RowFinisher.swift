import Networks
import Volumes
import Workers

/// Turns decoded values into output voxels: adds the interpolated base, undoes the normalisation,
/// writes the background, clips, applies the mask.
struct RowFinisher: Sendable {
  /// A volume that is interpolated and added to.
  struct Base {
    var method: InterpolationMethod
    /// Where the output voxels lie in it.
    var sampling: Sampling
    /// Voxels along i, j, k.
    var size: SIMD3<Int>
    /// In input units.
    var voxels: [Float]
  }

  /// The interpolated volume that values are added to, in normalised units.
  private let base: Interpolator?
  private let intensity: IntensityMap
  private let clip: IntensityRange?
  private let mask: SampledMask?
  /// Linear interpolation of the input, in input units, where it stands outside the mask.
  private let outside: Interpolator?
  private let kept: KeptOutputs?
  /// Values below this one, in input units, become it.
  private let floor: Float?

  /// Prepares the interpolators of one volume.
  ///
  /// - Parameters:
  ///   - base: What values are added to; nil: nothing.
  ///   - sampling: Where the output voxels lie in the input.
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - voxels: The input, in input units.
  ///   - intensity: The map from input units to normalised ones.
  ///   - settings: Mask and clipping.
  ///   - kept: Which voxels are computed; nil: all.
  ///   - floor: Values below this one, in input units, become it; nil: none do.
  ///   - pool: Filters the base.
  init(
    base: Base?, sampling: Sampling, inputSize: SIMD3<Int>, voxels: [Float],
    intensity: IntensityMap, settings: OutputSettings, kept: KeptOutputs?, floor: Float? = nil,
    pool: WorkerPool
  ) {
    func interpolator(_ base: Base, _ voxels: consuming [Float]) -> Interpolator {
      Interpolator(
        voxels: voxels,
        sampling: PreparedSampling(base.sampling, inputSize: base.size, method: base.method),
        pool: pool)
    }
    self.base = base.map { interpolator($0, intensity.normalise($0.voxels)) }
    self.intensity = intensity
    self.kept = kept
    self.floor = floor
    clip = settings.clip
    mask = settings.mask.map { SampledMask($0, sampling: sampling, inputSize: inputSize) }
    let linear = Base(method: .linear, sampling: sampling, size: inputSize, voxels: voxels)
    outside =
      settings.mask != nil && settings.outside == .linear ? interpolator(linear, voxels) : nil
  }

  /// Whether any voxel of a part of row (j, k) is inside the mask.
  func isWanted(_ range: Range<Int>, j: Int, k: Int) -> Bool {
    mask?.meets(row: range, j: j, k: k) ?? true
  }

  /// Finishes a part of a row in place.
  ///
  /// - Parameters:
  ///   - row: Values in normalised units.
  ///   - first: The index of its first value along the row.
  ///   - j: Index of the row along j of the sampling's row box.
  ///   - k: Index of the row along k of it.
  ///   - scratch: Room for a whole row of the sampling.
  func finish(
    _ row: UnsafeMutableBufferPointer<Float>, first: Int, j: Int, k: Int,
    scratch: UnsafeMutableBufferPointer<Float>
  ) {
    if let base {
      base.row(j: j, k: k, into: scratch)
      for index in row.indices { row[index] += scratch[first + index] }
    }
    intensity.denormalise(row)
    if let floor {
      for index in row.indices where row[index] < floor { row[index] = floor }
    }
    kept?.fill(row, first: first, j: j, k: k)
    guard let mask else {
      clip?.clamp(row)
      return
    }
    if let outside {
      outside.row(j: j, k: k, into: scratch)
      for index in row.indices where !mask.contains(first + index, j, k) {
        row[index] = scratch[first + index]
      }
      clip?.clamp(row)
    } else {
      clip?.clamp(row)
      // Nothing was computed there: the 0 that says so is not limited to a range that may lack it.
      for index in row.indices where !mask.contains(first + index, j, k) { row[index] = 0 }
    }
  }
}
