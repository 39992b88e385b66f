import Files
import Glibc

/// What can be wrong with a request for a target grid.
///
/// Axes count from 0: i, j, k.
public enum GridError: ReportableError, Equatable {
  /// A factor, spacing or size is not a positive finite number.
  case notPositive(option: TargetOption, axis: Int, value: Double)
  /// The target has fewer voxels, or a wider spacing, than the input along an axis.
  case coarser(option: TargetOption, axis: Int, requested: Double, input: Double)
  /// An axis would have more than ``Grid/largestAxis`` voxels, or the volume would not be countable.
  case tooLarge(option: TargetOption, size: SIMD3<Double>)
  /// The input's affine cannot be inverted, so no position in it can be found.
  case notInvertible
  /// No voxel of the reference grid lies in the input's field of view.
  case noOverlap
  /// The published header is defined for factors only.
  case publishedHeaderOfReference
  /// The network makes this many voxels of each along every axis, and no other number.
  case fixedFactor(Int, asked: TargetOption)
  /// A grid of the right size lies this far, in millimetres, from the only one that can be made.
  case elsewhere(Double, keeps: KeptPlace)

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .notPositive, .tooLarge: "usage.value"
    case .coarser, .fixedFactor: "usage.target"
    case .notInvertible: "volume.affine"
    case .noOverlap, .elsewhere: "volume.overlap"
    case .publishedHeaderOfReference: "usage.conflict"
    }
  }

  /// The option or file concerned.
  public var subject: String? {
    switch self {
    case .notPositive(let option, _, _), .coarser(let option, _, _, _), .tooLarge(let option, _):
      option.rawValue
    case .notInvertible, .noOverlap, .elsewhere, .fixedFactor(_, asked: .like): nil
    case .fixedFactor(_, let option): option.rawValue
    case .publishedHeaderOfReference: "--header-compat"
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .notPositive(let option, let axis, let value):
      "\(option.noun) of axis \(Self.letter(axis)) is \(Self.text(value)), must be above 0"
    case .coarser(.scale, let axis, let requested, _):
      "factor of axis \(Self.letter(axis)) is \(Self.text(requested)), must be 1 or more "
        + "(less would make the volume coarser)"
    case .coarser(let option, let axis, let requested, let input):
      "\(option.noun) of axis \(Self.letter(axis)) is \(Self.text(requested)), which is coarser "
        + "than the input's \(Self.text(input))"
    case .tooLarge(_, let size):
      "target of \(Self.text(size.x)) x \(Self.text(size.y)) x \(Self.text(size.z)) voxels "
        + "is too large (at most \(Grid.largestAxis) per axis)"
    case .notInvertible:
      "affine cannot be inverted"
    case .noOverlap:
      "the grid does not overlap the field of view of the input (no voxel centre lies inside)"
    case .publishedHeaderOfReference:
      "does not go with --like: the published program knows factors only"
    case .fixedFactor(let factor, _):
      "this model makes \(factor) voxels of each along every axis and knows no other scale; use "
        + "--scale \(factor), or a model for any scale"
    case .elsewhere(let distance, let place):
      "the grid lies up to \(Self.text(distance)) mm from the one that this model makes of the "
        + "input, whose \(place.words) the input's; leave --like out"
    }
  }

  static func letter(_ axis: Int) -> String { ["i", "j", "k"][axis] }

  /// A number for the eye: six digits, one of them after the point where there is one; no ".0".
  static func text(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : String(value) }
    if value == value.rounded() { return value.plainText }
    // Whole digits over an exact power of ten give the double that prints as just these digits.
    let decimals = max(1, 5 - Int(log10(abs(value)).rounded(.down)))
    guard decimals <= 22 else { return String(value) }
    let power = pow(10, Double(decimals))
    return ((value * power).rounded() / power).plainText
  }
}

/// What of the input's grid the only grid that a model makes of it has as well.
public enum KeptPlace: Sendable {
  /// The centres of the outer voxels.
  case corners
  /// The centre of voxel (0, 0, 0).
  case origin
  /// The outer faces.
  case fieldOfView

  var words: String {
    switch self {
    case .corners: "corner voxels are"
    case .origin: "first voxel is"
    case .fieldOfView: "field of view is"
    }
  }
}

/// The option of the command that asked for a target.
public enum TargetOption: String, Sendable {
  case scale = "--scale"
  case spacing = "--spacing"
  case isotropic = "--isotropic"
  case size = "--size"
  case like = "--like"

  var noun: String {
    switch self {
    case .scale: "factor"
    case .spacing, .isotropic: "spacing"
    case .size, .like: "size"
    }
  }
}

extension TargetRequest {
  /// The option that asks for it.
  public var option: TargetOption {
    switch self {
    case .scale: .scale
    case .spacing: .spacing
    case .isotropic: .isotropic
    case .size: .size
    case .like: .like
    }
  }
}
