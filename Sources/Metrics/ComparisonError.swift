import Files

/// Why two images cannot be compared voxel by voxel.
public enum ComparisonError: ReportableError, Equatable {
  /// The arrays, or an array and its mask, are not of one length.
  case unlikeCounts(image: Int, reference: Int)
  /// The volumes are not of one size.
  case unlikeSizes(image: SIMD3<Int>, reference: SIMD3<Int>)
  /// The volumes lie at different places.
  case unlikePlaces(millimetres: Double)

  /// The stable identifier of the cause.
  public var code: String { "volume.overlap" }

  /// The option or file concerned.
  public var subject: String? { nil }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .unlikeCounts(let image, let reference):
      "\(image) voxels cannot be compared with \(reference)"
    case .unlikeSizes(let image, let reference):
      "\(image.x) x \(image.y) x \(image.z) voxels cannot be compared with "
        + "\(reference.x) x \(reference.y) x \(reference.z)"
    case .unlikePlaces(let millimetres):
      "the volumes lie \(millimetres) mm apart, so they cannot be compared voxel by voxel"
    }
  }
}
