import Volumes

/// A volume to train on: normalised, and cut to what is not background.
public struct TrainingVolume: Sendable, Equatable {
  /// Voxels that stay on every side of what is not background.
  static let margin = 6
  /// A normalised value above this counts as foreground.
  static let foreground: Float = 0.05

  /// The file.
  public let path: String
  /// Voxels along i, j, k.
  public let size: SIMD3<Int>
  /// How the file's voxel axes run through the scanner, in millimetres.
  public let affine: Affine
  /// Normalised values, i fastest.
  public let voxels: [Float]
  /// Normalised values of another contrast at the same voxels; empty where there is none.
  public let guide: [Float]

  /// Bytes of all values.
  package var byteCount: Int { (voxels.count + guide.count) * MemoryLayout<Float>.size }

  /// Takes normalised values.
  public init(
    path: String, size: SIMD3<Int>, affine: Affine, voxels: [Float], guide: [Float] = []
  ) {
    precondition(voxels.count == size.x * size.y * size.z, "\(voxels.count) voxels of \(size)")
    precondition(guide.isEmpty || guide.count == voxels.count, "\(guide.count) of the guide")
    self.guide = guide
    self.path = path
    self.size = size
    self.affine = affine
    self.voxels = voxels
  }

  /// Reads a volume, normalises it as a whole, and cuts it to the box of all voxels above the
  /// intensity that becomes 0, with 6 voxels around it.
  ///
  /// - Parameters:
  ///   - path: A NIfTI file with one volume.
  ///   - normalisation: Measured on all of its voxels; nothing is clipped.
  ///   - guide: A file of another contrast on the same grid, to a twentieth of a voxel, cut to the same
  ///     box.
  /// - Throws: If a file cannot be used.
  public init(
    path: String, normalisation: Normalisation = .percentile(0.1, 99.9), guide: String? = nil
  ) throws(TrainingDataError) {
    let volume = try Self.read(path)
    let map = IntensityMap.measured(normalisation, voxels: volume.voxels)
    let (low, high) = Self.box(of: volume, above: Float(map.low))
    var guideVoxels: [Float] = []
    if let guide {
      let other = try Self.read(guide)
      guard other.grid.size == volume.grid.size else {
        throw .unlikeGuide(path: guide, size: other.grid.size, needed: volume.grid.size)
      }
      guard volume.grid.coincides(with: other.grid) else {
        throw .guideElsewhere(
          path: guide, millimetres: volume.grid.fieldOfViewDistance(to: other.grid))
      }
      let map = IntensityMap.measured(normalisation, voxels: other.voxels)
      guideVoxels = Self.normalised(other, map, low, high)
    }
    self.init(
      path: path, size: high &- low, affine: volume.grid.affine,
      voxels: Self.normalised(volume, map, low, high), guide: guideVoxels)
    let share = foregroundShare
    guard share >= 0.01 else { throw .noForeground(path: path, share: share) }
  }

  private static func read(_ path: String) throws(TrainingDataError) -> Volume {
    let (frames, volume) = try TrainingDataError.ofVolume { () throws(VolumeError) in
      let reader = try VolumeReader(path: path)
      guard reader.header.frames == 1 else { return (reader.header.frames, nil as Volume?) }
      let volume = try reader.readFrame(0, nonFinite: .refuse)
      try reader.finish()
      return (1, volume)
    }
    guard let volume else { throw .series(path: path, frames: frames) }
    return volume
  }

  /// The normalised values of a box.
  private static func normalised(
    _ volume: Volume, _ map: IntensityMap, _ low: SIMD3<Int>, _ high: SIMD3<Int>
  ) -> [Float] {
    let size = high &- low
    var voxels: [Float] = []
    voxels.reserveCapacity(max(0, size.x * size.y * size.z))
    for k in low.z..<high.z {
      for j in low.y..<high.y {
        let row = (k * volume.grid.size.y + j) * volume.grid.size.x
        for i in low.x..<high.x { voxels.append(map.normalise(volume.voxels[row + i])) }
      }
    }
    return voxels
  }

  /// Spacing in millimetres.
  public var spacing: SIMD3<Double> { affine.columnNorms }

  /// Share of the voxels that count as foreground.
  public var foregroundShare: Double {
    Double(voxels.count { $0 > Self.foreground }) / Double(max(1, voxels.count))
  }

  /// The box of all voxels above a value, and the margin around it; everything where none is.
  private static func box(
    of volume: Volume, above limit: Float
  ) -> (low: SIMD3<Int>, high: SIMD3<Int>) {
    let size = volume.grid.size
    var low = size
    var high = SIMD3<Int>.zero
    for k in 0..<size.z {
      for j in 0..<size.y {
        let row = (k * size.y + j) * size.x
        let inside = volume.voxels[row..<(row + size.x)]
        guard let first = inside.firstIndex(where: { $0 > limit }),
          let last = inside.lastIndex(where: { $0 > limit })
        else { continue }
        low = pointwiseMin(low, SIMD3(first - row, j, k))
        high = pointwiseMax(high, SIMD3(last - row + 1, j + 1, k + 1))
      }
    }
    guard high.min() > 0 else { return (.zero, size) }
    let margin = SIMD3(repeating: margin)
    return (pointwiseMax(low &- margin, .zero), pointwiseMin(high &+ margin, size))
  }
}
