import Files
import Workers

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
  /// A file of weights lacks a tensor, or has it with other sizes (nil: it lacks it).
  case weights(tensor: String, found: [Int]?, wanted: [Int], purpose: String)
  /// The system refuses memory.
  case memory(WorkersError)

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .unlikeCounts, .unlikeSizes, .unlikePlaces: "volume.overlap"
    case .volumeTooSmall: "volume.dim"
    case .weights: "model.mismatch"
    case .memory: "memory.system"
    }
  }

  /// The option or file concerned.
  public var subject: String? { nil }

  /// How far voxels may lie from those that they are compared with.
  static let allowedMillimetres = 1e-3

  private static func sizes(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: " x ")
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .unlikeCounts(let image, let reference):
      "\(image) voxels cannot be compared with \(reference)"
    case .unlikeSizes(let image, let reference, let millimetres):
      "\(image.x) x \(image.y) x \(image.z) voxels cannot be compared with "
        + "\(reference.x) x \(reference.y) x \(reference.z) ("
        + (millimetres > Self.allowedMillimetres
          ? "their fields of view lie up to \(Float(millimetres)) mm apart)"
          : "over the same field of view)")
    case .unlikePlaces(let millimetres):
      "its voxels lie up to \(Float(millimetres)) mm from those of the reference "
        + "(\(Self.allowedMillimetres) allowed), so "
        + "they cannot be compared one by one"
    case .volumeTooSmall(let axis, let size, let window):
      "axis \(["i", "j", "k"][axis]) has \(size) voxels and the window of SSIM \(window)"
    case .weights(let tensor, let found, let wanted, let purpose):
      found.map { "\(tensor) is \(Self.sizes($0)); \(purpose) has \(Self.sizes(wanted))" }
        ?? "no tensor \(tensor) (\(Self.sizes(wanted))), which \(purpose) has"
    case .memory(let error): "the system refused memory (\(error))"
    }
  }
}
