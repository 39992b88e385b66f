extension ArSSRVariants {
  /// Reads the variants from metadata whose values have been checked.
  init(metadata: [String: String]) {
    func choice<Choice: RawRepresentable<String>>(_ key: MetadataKey, _ absent: Choice) -> Choice {
      metadata[key.rawValue].flatMap(Choice.init(rawValue:)) ?? absent
    }
    self.init(
      finalReLU: metadata[MetadataKey.finalReLU.rawValue] != "false",
      residual: choice(.residual, .none), padding: choice(.padding, .zeros),
      margin: metadata[MetadataKey.margin.rawValue].flatMap { Int($0) } ?? 0,
      coordinates: choice(.coordinates, .absolute),
      normalisation: metadata[MetadataKey.normalisation.rawValue] ?? "none")
    func number(_ key: MetadataKey) -> Double {
      metadata[key.rawValue].flatMap { MetadataKey.number($0) } ?? 0
    }
    switch metadata[MetadataKey.condition.rawValue] {
    case "psf": condition = .psf(default: number(.conditionDefault))
    case "deconvolution":
      condition = .deconvolution(
        lambda: number(.deconvolutionLambda), default: number(.conditionDefault))
    default: condition = .none
    }
  }

  /// The metadata that describes these variants; published behaviour needs none.
  public var metadata: [String: String] {
    let published = ArSSRVariants()
    var metadata: [String: String] = [:]
    func set(_ key: MetadataKey, _ value: String) { metadata[key.rawValue] = value }
    if finalReLU != published.finalReLU { set(.finalReLU, "\(finalReLU)") }
    if residual != published.residual { set(.residual, residual.rawValue) }
    if padding != published.padding { set(.padding, padding.rawValue) }
    if margin != published.margin { set(.margin, "\(margin)") }
    if coordinates != published.coordinates { set(.coordinates, coordinates.rawValue) }
    if normalisation != published.normalisation { set(.normalisation, normalisation) }
    switch condition {
    case .none: break
    case .psf(let standard):
      set(.condition, "psf")
      set(.conditionDefault, "\(standard)")
    case .deconvolution(let lambda, let standard):
      set(.condition, "deconvolution")
      set(.conditionDefault, "\(standard)")
      set(.deconvolutionLambda, "\(lambda)")
      set(.deconvolutionVersion, "\(MetadataKey.deconvolutionVersionRead)")
    }
    return metadata.merging(blend?.metadata ?? [:]) { _, own in own }
  }
}
