import Networks

/// The scales that a model was made for.
enum ScalesText {
  static func text(_ scales: Scales) -> String {
    switch scales {
    case .any: "any"
    case .isotropic(let values): values.map(NumberText.text).joined(separator: ", ")
    case .perAxis(let values): values.map(NumberText.text).joined(separator: " x ")
    case .range(let low, let high): "\(NumberText.text(low)) to \(NumberText.text(high))"
    }
  }

  static func json(_ scales: Scales) -> JSON {
    let (values, isPerAxis): ([Double], Bool) =
      switch scales {
      case .any: ([], true)
      case .isotropic(let values): (values, false)
      case .perAxis(let values): (values, true)
      case .range(let low, let high): ([low, high], true)
      }
    let isRange = if case .range = scales { true } else { false }
    return .object([
      ("min", values.min().map(JSON.number) ?? .number(1)),
      ("max", values.max().map(JSON.number) ?? .null),
      (
        "fractional",
        .boolean(isRange || values.isEmpty || values.contains { $0 != $0.rounded() })
      ),
      ("anisotropic", .boolean(isPerAxis)),
    ])
  }
}
