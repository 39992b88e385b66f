import Checkpoints
import Files
import FusedInference
import Volumes

/// A blur, and what is to be said of where it comes from.
struct StatedBlur {
  var blur: InputBlur
  /// Where it comes from, where nobody gave a number.
  var origin: String?
  /// What the user should know.
  var notice: Notice?
}

/// What the sidecar of a volume tells of its blur: FWHM over spacing along i, j, k.
///
/// - The sidecar of `arssr degrade` tells it exactly.
/// - The slice profile of a 2D acquisition (`MRAcquisitionType`) is as wide as its slices
///   (`SliceThickness`) along `SliceEncodingDirection`, k where none is stated. Where the kind of
///   acquisition is not stated, volumes whose slices lie at least half as far again apart as their
///   voxels within them count as such.
/// - Everything else is k-space truncated, 0: in the planes of 2D acquisitions and along all axes of 3D
///   ones.
///
/// A volume whose spacing is not `SpacingBetweenSlices` was resampled since, and nothing is known.
struct AcquisitionBlur {
  /// Spacings that differ by less than this share are the same.
  private static let sameSpacing = 0.05
  /// Spacing between slices over that within them from which on an acquisition counts as 2D.
  private static let thickSlices = 1.5

  private let sidecar: String?
  private let spacing: SIMD3<Double>
  private let facts: JSONObject?

  /// Reads the sidecar of an input, if it has one that can be read.
  init(of input: VolumeInput) {
    let path = input.sidecar
    self.init(
      sidecar: path, spacing: input.header.grid.affine.columnNorms,
      facts: path.flatMap(SidecarFile.object(at:)))
  }

  /// - Parameters:
  ///   - sidecar: Its path, for messages; nil where there cannot be one.
  ///   - spacing: Millimetres along i, j, k.
  ///   - facts: What it holds; nil where there is none.
  init(sidecar: String?, spacing: SIMD3<Double>, facts: JSONObject?) {
    self.sidecar = sidecar
    self.spacing = spacing
    self.facts = facts
  }

  /// The blur; 0 with a notice where nothing is known.
  var stated: StatedBlur {
    guard let facts else {
      return unknown(
        sidecar == nil ? "standard input has no sidecar" : "it has no sidecar that can be read")
    }
    if case .object(let own)? = facts["Arssr"], let widths = Self.degraded(own) {
      return StatedBlur(blur: .perAxis(widths), origin: "as arssr degrade made it")
    }
    if case .string("3D")? = facts["MRAcquisitionType"] {
      return StatedBlur(blur: .perAxis(.zero), origin: "3D acquisition")
    }
    guard let thickness = Self.number(facts["SliceThickness"]), thickness > 0 else {
      return unknown("it states no SliceThickness")
    }
    let axis = Self.sliceAxis(facts)
    if let distance = Self.number(facts["SpacingBetweenSlices"]),
      abs(distance - spacing[axis]) > Self.sameSpacing * spacing[axis]
    {
      return unknown(
        "SpacingBetweenSlices is \(NumberText.text(distance)), the volume's spacing there "
          + "\(NumberText.short(spacing[axis])) mm, so it was resampled")
    }
    if facts["MRAcquisitionType"] == nil {
      let within = (0..<3).filter { $0 != axis }.map { spacing[$0] }.max() ?? 0
      guard spacing[axis] >= Self.thickSlices * within else {
        return unknown("it states no MRAcquisitionType, and the slices are not thick")
      }
    }
    var widths = SIMD3<Double>.zero
    widths[axis] = min(thickness / spacing[axis], Deconvolution.widths.upperBound)
    return StatedBlur(
      blur: .perAxis(widths), origin: "SliceThickness \(NumberText.text(thickness)) mm")
  }

  private func unknown(_ reason: String) -> StatedBlur {
    StatedBlur(
      blur: .perAxis(.zero), origin: "unknown",
      notice: Notice(
        code: "usage.value", subject: sidecar ?? "--psf auto",
        message: "the blur of the input is not known (\(reason)), so 0 is used, the safe choice; "
          + "give --psf a number where you know it"))
  }

  /// The standard deviations that `arssr degrade` blurred with, over the new spacing.
  private static func degraded(_ own: JSONObject) -> SIMD3<Double>? {
    guard case .string("arssr.degradation/1")? = own["Schema"],
      case .array(let axes)? = own["Axes"], axes.count == 3
    else { return nil }
    let widths = axes.compactMap { axis -> Double? in
      guard case .object(let axis) = axis, let sigma = number(axis["Sigma"]),
        let factor = number(axis["Factor"]), sigma >= 0, factor > 0
      else { return nil }
      return min(sigma * widthPerDeviation / factor, Deconvolution.widths.upperBound)
    }
    return widths.count == 3 ? SIMD3(widths) : nil
  }

  private static func sliceAxis(_ facts: JSONObject) -> Int {
    guard case .string(let text)? = facts["SliceEncodingDirection"], let letter = text.first,
      let axis = Array("ijk").firstIndex(of: letter)
    else { return 2 }
    return axis
  }

  private static func number(_ value: JSONValue?) -> Double? {
    guard case .number(let number)? = value else { return nil }
    return number.double
  }
}
