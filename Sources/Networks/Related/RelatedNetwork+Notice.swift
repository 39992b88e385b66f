import Files

extension RelatedNetwork {
  /// What the user should know of an input that was not made as those that the network was trained on,
  /// or of which that is not known.
  ///
  /// - Parameters:
  ///   - name: The model's.
  ///   - fact: What is known of the input.
  /// - Returns: nil where nobody says how the network was trained.
  public func degradationNotice(model name: String, fact: String) -> Notice? {
    guard let degradation else { return nil }
    return Notice(
      code: "usage.value", subject: name,
      message: "this model undoes one way of making low resolution images: \(degradation); "
        + "\(fact), and on others it may be far worse than interpolation (--method cubic)")
  }
}
