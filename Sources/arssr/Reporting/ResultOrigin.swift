import Networks

/// What made a result, in words for a methods section.
struct ResultOrigin {
  enum Method {
    /// By its name and the SHA-256 of its file; its kind as sidecars have it.
    case model(name: String, digest: String, kind: String?)
    /// The kind of interpolation.
    case interpolation(String)
  }

  let method: Method
  /// Of the program that made the result, which need not be this one; nil: not known.
  let version: String?
  /// Along i, j, k; nil: not known.
  let scale: SIMD3<Double>?

  /// How the result was made.
  ///
  /// - Parameter name: The result's, where it is one of several.
  /// - Returns: Whole sentences.
  func sentence(about name: String?) -> String {
    let subject = name.map { "\($0) was" } ?? "Volumes were"
    let program = version.map { "arssr \($0)" } ?? "arssr"
    let factor = scale.map { ", by a factor of \(TripleText.text($0, significant: 4))" } ?? ""
    switch method {
    case .model(let model, let digest, _):
      return "\(subject) super-resolved with \(program), model \(model) (SHA-256 \(digest))"
        + "\(factor). Super-resolution adds plausible detail that was not measured."
    case .interpolation(let kind):
      return "\(subject) resampled by \(kind) interpolation with \(program)\(factor)."
    }
  }

  /// What to cite for the method; nil for interpolation, and where only the model can tell.
  var publication: String? {
    guard case .model(_, _, let kind?) = method else { return nil }
    // Those of ArSSR have the encoder behind a slash.
    switch Architecture(rawValue: String(kind.prefix { $0 != "/" })) {
    case .arssr?: return Self.arssr
    case let architecture?: return architecture.publishedCitation
    case nil: return nil
    }
  }

  private static let arssr =
    "Wu Q, Li Y, Sun Y, Zhou Y, Wei H, Yu J, Zhang Y. An Arbitrary Scale Super-Resolution Approach "
    + "for 3D MR Images via Implicit Neural Representation. IEEE Journal of Biomedical and Health "
    + "Informatics 27(2), 2023."
}
