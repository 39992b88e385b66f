extension ArSSRVariants {
  /// Reads the variants from metadata whose values have been checked.
  init(metadata: [String: String]) {
    func choice<Choice: RawRepresentable<String>>(_ key: MetadataKey, _ absent: Choice) -> Choice {
      metadata[key.rawValue].flatMap(Choice.init(rawValue:)) ?? absent
    }
    self.init(
      finalReLU: metadata[MetadataKey.finalReLU.rawValue] != "false",
      residual: choice(.residual, .none), padding: choice(.padding, .zeros),
      coordinates: choice(.coordinates, .absolute),
      normalisation: metadata[MetadataKey.normalisation.rawValue] ?? "none")
    if metadata[MetadataKey.condition.rawValue] != nil {
      let text = metadata[MetadataKey.conditionDefault.rawValue] ?? "0"
      condition = .psf(default: MetadataKey.number(text) ?? 0)
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
    if coordinates != published.coordinates { set(.coordinates, coordinates.rawValue) }
    if normalisation != published.normalisation { set(.normalisation, normalisation) }
    if case .psf(let standard) = condition {
      set(.condition, "psf")
      set(.conditionDefault, "\(standard)")
    }
    return metadata
  }
}
