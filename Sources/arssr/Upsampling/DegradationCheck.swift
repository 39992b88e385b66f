import Checkpoints
import Files
import Networks
import Volumes

/// Whether an input was made as the volumes were that a related network or gradient filters were
/// trained on.
///
/// The published networks have learnt to undo one blur: on volumes made without it they lose 13 dB
/// against interpolation. So where the sidecar of the input does not say that `arssr degrade` made it in
/// the same way, the user is told.
struct DegradationCheck {
  private let model: DescribedModel
  /// What lies beside the input; nil where nothing does.
  private let sidecar: JSONObject?

  init(_ model: DescribedModel, of input: VolumeInput) {
    self.model = model
    sidecar = input.sidecar.flatMap(SidecarFile.object(at:))
  }

  /// What the user should know; nil where the input was made in the same way, and for networks of
  /// ArSSR.
  var notice: Notice? {
    let network = model.network
    guard let made = Making(sidecar: sidecar) else {
      return network.degradationNotice(
        model: model.name, fact: "how the input was made is not known")
    }
    if let wanted = network.degradation.flatMap(Making.init(words:)), wanted.isMet(by: made) {
      return nil
    }
    let blur = made.sigma > 0 ? " --sigma \(NumberText.short(made.sigma, significant: 4))" : ""
    return network.degradationNotice(
      model: model.name,
      fact: "the input was made by arssr degrade --operator \(made.method)\(blur)")
  }
}

/// How a volume was made coarser, as far as it is compared.
private struct Making {
  /// How far the width of a blur may be from that of the training, as a share.
  private static let sameBlur = 0.05

  let method: String
  /// Of the blur: standard deviation in HR voxels.
  let sigma: Double
  /// The same as full width at half maximum, in millimetres; nil where only voxels are told.
  let width: Double?

  /// In the words of `arssr degrade`, if the text has them.
  init?(words text: String) {
    let words = text.split { " ()".contains($0) }.map(String.init)
    func value(behind option: String) -> String? {
      words.firstIndex(of: option).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    }
    guard let method = value(behind: "--operator") else { return nil }
    self.method = method
    sigma = value(behind: "--sigma").flatMap { Double($0) } ?? 0
    width = value(behind: "--fwhm").flatMap { Double($0) }
  }

  /// As the sidecar of `arssr degrade` tells it.
  init?(sidecar: JSONObject?) {
    guard case .object(let own)? = sidecar?["Arssr"],
      case .string("arssr.degradation/1")? = own["Schema"],
      case .string(let method)? = own["Operator"], case .array(let axes)? = own["Axes"]
    else { return nil }
    let sigmas = axes.map { axis -> Double in
      guard case .object(let axis) = axis else { return 0 }
      return Self.number(axis["Sigma"]) ?? 0
    }
    self.method = method
    sigma = sigmas.max() ?? 0
    guard case .object(let source)? = own["Source"], case .array(let spacing)? = source["Spacing"]
    else {
      width = nil
      return
    }
    width = zip(sigmas, spacing).map { $0 * (Self.number($1) ?? 0) * widthPerDeviation }.max()
  }

  private static func number(_ value: JSONValue?) -> Double? {
    guard case .number(let number)? = value else { return nil }
    return number.double
  }

  /// Whether a volume that was made so was made in this way.
  func isMet(by made: Making) -> Bool {
    guard method == made.method else { return false }
    guard let width else { return abs(sigma - made.sigma) <= Self.sameBlur * sigma }
    return made.width.map { abs($0 - width) <= Self.sameBlur * width } ?? false
  }
}
