import Networks
import Volumes
import Workers

/// A box in the middle of a volume to validate with: LR voxels around it, and every HR voxel in it.
///
/// The box has 8 LR voxels of context at each side where the volume has them, and its LR voxels come
/// from the whole volume.
public struct ValidationCase: Sendable {
  /// The volume's file.
  public let path: String
  /// Factors along i, j, k.
  public let scale: SIMD3<Double>
  /// How the LR volume came about.
  public let source: DataSettings.Source
  /// LR voxels of the box along i, j, k.
  public let size: SIMD3<Int>
  /// LR voxels as a network gets them, positions of the HR voxels, their values, and the cubic
  /// interpolation of those LR voxels there.
  public let sample: TrainingBatch.Sample
  /// What is known of the LR volume.
  public let traits: InputTraits
  /// The cubic interpolation of the LR volume as it came about.
  public let cubic: [Float]

  /// LR voxels of context.
  static let context = 8

  /// Cuts a box out of a volume.
  ///
  /// - Parameters:
  ///   - volume: To validate with.
  ///   - scale: Factors along i, j, k.
  ///   - source: How the LR volume comes about; a blurred one has a blur of 1, if that is in its range.
  ///   - deconvolution: What divides the blur out of it; nil: nothing.
  ///   - edge: HR voxels of the box along each axis, about.
  ///   - workers: Share the work.
  /// - Throws: If the volume is too small for the scale, or the system refuses memory.
  public init(
    _ volume: TrainingVolume, scale: SIMD3<Double>, source: DataSettings.Source,
    deconvolution: Deconvolution? = nil, edge: Int = 72, workers: WorkerPool
  ) throws(TrainingDataError) {
    let blur = SIMD3(repeating: source.validatedBlur).replacing(with: 0, where: scale .== 1)
    let plain = try DegradedEntry(
      volume, scale: scale, source, blur: blur, hasBase: true, pool: workers)
    var entry = plain
    if let deconvolution {
      entry = try DegradedEntry(
        volume, scale: scale, source, blur: blur, hasBase: true,
        removal: BlurRemoval(deconvolution: deconvolution, widths: blur), pool: workers)
    }
    var low = SIMD3<Int>.zero
    var high = SIMD3<Int>.zero
    var rows: [Range<Int>] = []
    for axis in 0..<3 {
      let count = min(entry.size[axis], max(1, Int(Double(edge) / scale[axis])))
      let first = (entry.size[axis] - count) / 2
      low[axis] = max(0, first - Self.context)
      high[axis] = min(entry.size[axis], first + count + Self.context)
      rows.append(
        entry.indices(
          from: Double(first) - 0.5, to: Double(first + count) - 0.5, axis: axis))
    }
    let positions = rows.enumerated().map { axis, rows in
      rows.map { entry.position($0, axis: axis) }
    }
    var patch: [Float] = []
    for k in low.z..<high.z {
      for j in low.y..<high.y {
        let row = (k * entry.size.y + j) * entry.size.x
        patch.append(contentsOf: entry.voxels[(row + low.x)..<(row + high.x)])
      }
    }
    var truth: [Float] = []
    for k in rows[2] {
      for j in rows[1] { for i in rows[0] { truth.append(entry.target(i, j, k)) } }
    }
    func interpolated(_ entry: DegradedEntry) -> [Float] {
      entry.spline?.values(i: positions[0], j: positions[1], k: positions[2]) ?? []
    }
    let inBox = (0..<3).map { axis in positions[axis].map { $0 - Double(low[axis]) } }
    self.path = volume.path
    self.scale = scale
    self.source = source
    traits = entry.traits
    size = high &- low
    sample = TrainingBatch.Sample(
      patch: patch, points: .grid(i: inBox[0], j: inBox[1], k: inBox[2]), targets: truth,
      base: interpolated(entry), psf: Float(entry.psf))
    cubic = deconvolution == nil ? sample.base : interpolated(plain)
  }
}
