import Files

/// Why two images cannot be compared voxel by voxel.
public enum ComparisonError: ReportableError, Equatable {
  /// The arrays, or an array and its mask, are not of one length.
  case unlikeCounts(image: Int, reference: Int)
  /// The volumes are not of one size; corners of their fields of view lie up to so far apart.
  case unlikeSizes(image: SIMD3<Int>, reference: SIMD3<Int>, millimetres: Double)
  /// The volumes lie at different places.
  case unlikePlaces(millimetres: Double)
  /// An axis has fewer voxels than the window of a metric.
  case volumeTooSmall(axis: Int, size: Int, window: Int)

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .unlikeCounts, .unlikeSizes, .unlikePlaces: "volume.overlap"
    case .volumeTooSmall: "volume.dim"
    }
  }

  /// The option or file concerned.
  public var subject: String? { nil }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .unlikeCounts(let image, let reference):
      "\(image) voxels cannot be compared with \(reference)"
    case .unlikeSizes(let image, let reference, let millimetres):
      "\(image.x) x \(image.y) x \(image.z) voxels cannot be compared with "
        + "\(reference.x) x \(reference.y) x \(reference.z) (their fields of view lie up to "
        + "\(Float(millimetres)) mm apart)"
    case .unlikePlaces(let millimetres):
      "its voxels lie up to \(Float(millimetres)) mm from those of the reference (0.001 allowed), so "
        + "they cannot be compared one by one"
    case .volumeTooSmall(let axis, let size, let window):
      "axis \(["i", "j", "k"][axis]) has \(size) voxels and the window of SSIM \(window)"
    }
  }
}
