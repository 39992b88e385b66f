import Checkpoints
import Files
import Networks

/// Whether an input was made as the volumes were that a related network or gradient filters were
/// trained on.
///
/// The published networks have learnt to undo one blur: on volumes made without it they lose 13 dB
/// against interpolation. So where the sidecar of the input does not say that `arssr degrade` made it in
/// the same way, the user is told.
struct DegradationCheck {
  /// How far the standard deviation of a blur may be from that of the training, as a share.
  private static let sameBlur = 0.05

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
    guard let made = Self.made(sidecar) else {
      return network.degradationNotice(
        model: model.name, fact: "how the input was made is not known")
    }
    if let wanted = network.degradation.flatMap(Self.wanted), wanted.method == made.method,
      abs(wanted.sigma - made.sigma) <= Self.sameBlur * wanted.sigma
    {
      return nil
    }
    let blur = made.sigma > 0 ? " --sigma \(NumberText.short(made.sigma, significant: 4))" : ""
    return network.degradationNotice(
      model: model.name,
      fact: "the input was made by arssr degrade --operator \(made.method)\(blur)")
  }

  /// Operator and standard deviation (HR voxels) in the words of `arssr degrade`, if the text has them.
  private static func wanted(_ text: String) -> (method: String, sigma: Double)? {
    let words = text.split { " ()".contains($0) }.map(String.init)
    func value(behind option: String) -> String? {
      words.firstIndex(of: option).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    }
    guard let method = value(behind: "--operator") else { return nil }
    return (method, value(behind: "--sigma").flatMap { Double($0) } ?? 0)
  }

  private static func made(_ sidecar: JSONObject?) -> (method: String, sigma: Double)? {
    guard case .object(let own)? = sidecar?["Arssr"],
      case .string("arssr.degradation/1")? = own["Schema"],
      case .string(let method)? = own["Operator"], case .array(let axes)? = own["Axes"]
    else { return nil }
    let widths = axes.map { axis -> Double in
      guard case .object(let axis) = axis, case .number(let sigma)? = axis["Sigma"] else {
        return 0
      }
      return sigma.double ?? 0
    }
    return (method, widths.max() ?? 0)
  }
}
