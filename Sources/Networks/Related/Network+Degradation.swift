import Files

extension Network {
  /// How the low resolution images were made that the network was trained on, in the words of its file
  /// or else of its publication; nil for networks of ArSSR, and where nobody says.
  public var degradation: String? {
    switch self {
    case .arssr: nil
    case .related(let network): network.degradation
    case .filters(let filters): filters.degradation
    }
  }

  /// What the user should know of an input that was not made as those that the network was trained on,
  /// or of which that is not known.
  ///
  /// - Parameters:
  ///   - name: The model's.
  ///   - fact: What is known of the input.
  /// - Returns: nil for networks of ArSSR.
  public func degradationNotice(model name: String, fact: String) -> Notice? {
    guard arssr == nil else { return nil }
    let risk = "may be far worse than interpolation (--method cubic)"
    let message =
      degradation.map {
        "this model undoes one way of making low resolution images: \($0); \(fact), and on others "
          + "it \(risk)"
      }
      ?? "this model undoes one way of making low resolution images, and nobody says which; on "
      + "others it \(risk)"
    return Notice(code: "usage.value", subject: name, message: message)
  }
}
