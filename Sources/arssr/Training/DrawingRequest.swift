import Degradation
import Training

/// What was asked of how low-resolution volumes come about; nil: the preset's.
struct DrawingRequest: Sendable {
  let operators: OperatorWeights?
  let blur: ClosedRange<Double>?
  let oneAxisShare: Double?
  let perAxisShare: Double?
  let noise: Double?
  let noiseKind: NoiseModel.Kind?
  let brightness: Double?
  let gamma: Double?
  let mirrors: Bool?
}

extension DrawingRequest {
  /// Takes the options.
  ///
  /// - Throws: If they are given to what is drawn as published.
  init(
    _ options: TrainDrawingOptions, _ reader: OptionReader, of preset: TrainingPreset
  ) throws(Failure) {
    operators = try reader.value(OptionCatalogue.operators, options.operators)
    blur = try reader.value(OptionCatalogue.blur, options.blur)?.range
    oneAxisShare = try reader.value(OptionCatalogue.oneAxis, options.oneAxis)?.number
    perAxisShare = try reader.value(OptionCatalogue.perAxis, options.perAxis)?.number
    noise = try reader.value(OptionCatalogue.noise, options.noise)?.share
    noiseKind = try reader.value(OptionCatalogue.noiseKind, options.noiseKind)
    brightness = try reader.value(OptionCatalogue.brightness, options.brightness)?.number
    gamma = try reader.value(OptionCatalogue.gamma, options.gamma)?.number
    mirrors =
      try reader.value(
        OptionCatalogue.mirrors, options.mirrors.map { $0 ? "true" : "false" })?.isOn
    if preset == .paper, let given = names.first {
      throw Failure(
        .conflict(
          options: ["--preset paper", given],
          reason: "that preset draws as published; leave the option out"))
    }
    if let operators, blur != nil, !operators.items.contains(where: { $0.method == .psf }) {
      throw Failure(
        .conflict(options: ["--operators", "--blur"], reason: "no operator blurs; add psf"))
    }
  }

  /// The options that were given.
  private var names: [String] {
    [
      ("--operators", operators != nil), ("--blur", blur != nil),
      ("--one-axis", oneAxisShare != nil), ("--per-axis", perAxisShare != nil),
      ("--noise", noise != nil), ("--noise-kind", noiseKind != nil),
      ("--brightness", brightness != nil), ("--gamma", gamma != nil),
      ("--mirrors", mirrors != nil),
    ].filter(\.1).map(\.0)
  }

  /// Puts what was asked for in the place of the preset's.
  ///
  /// - Throws: If more volumes than all are to be coarser in their own way.
  func apply(to data: inout DataSettings) throws(Failure) {
    let widths = blur ?? data.blurWidths ?? 0...1.5
    if let operators {
      data.sources = DataSettings.sources(operators, widths)
    } else if blur != nil {
      data.sources = data.sources.map { item in
        var item = item
        if case .blurred = item.source { item.source = .blurred(widths) }
        return item
      }
    }
    data.oneAxisShare = oneAxisShare ?? data.oneAxisShare
    data.perAxisShare = perAxisShare ?? data.perAxisShare
    guard data.oneAxisShare + data.perAxisShare <= 1 else {
      throw Failure(
        .conflict(options: ["--one-axis", "--per-axis"], reason: "together they are more than 1"))
    }
    if let noise { data.noise = 0...noise }
    data.noiseKind = noiseKind ?? data.noiseKind
    data.brightness = brightness ?? data.brightness
    data.gamma = gamma ?? data.gamma
    data.mirrors = mirrors ?? data.mirrors
  }
}

extension DataSettings {
  /// Sources of these operators; those that are drawn a quarter as often as the most frequent one, or
  /// less, are not validated with.
  fileprivate static func sources(
    _ operators: OperatorWeights, _ widths: ClosedRange<Double>
  ) -> [WeightedSource] {
    let most = operators.items.map(\.weight).max() ?? 1
    return operators.items.map { item in
      WeightedSource(
        item.method == .psf ? .blurred(widths) : .plain(item.method), weight: item.weight,
        isValidated: 4 * item.weight > most)
    }
  }

  /// The range of `--blur`; nil: nothing is blurred.
  fileprivate var blurWidths: ClosedRange<Double>? {
    for item in sources {
      if case .blurred(let widths) = item.source { return widths }
    }
    return nil
  }

  /// What is drawn, by options; nothing where it is drawn as published.
  var members: [(key: AnyOptionKey, value: JSON)] {
    guard case .pool = drawing else { return [] }
    let operators = sources.map { item in
      let method: DegradationOperator =
        if case .plain(let method) = item.source { method } else { .psf }
      return "\(method.rawValue):\(NumberText.text(item.weight))"
    }
    var members: [(key: AnyOptionKey, value: JSON)] = [
      (OptionCatalogue.operators.erased, .string(operators.joined(separator: ",")))
    ]
    if let widths = blurWidths {
      let text = "\(NumberText.text(widths.lowerBound))..\(NumberText.text(widths.upperBound))"
      members.append((OptionCatalogue.blur.erased, .string(text)))
    }
    return members + [
      (OptionCatalogue.oneAxis.erased, .number(oneAxisShare)),
      (OptionCatalogue.perAxis.erased, .number(perAxisShare)),
      (OptionCatalogue.noise.erased, .number(noise.upperBound)),
      (OptionCatalogue.noiseKind.erased, .string(noiseKind.rawValue)),
      (OptionCatalogue.brightness.erased, .number(brightness)),
      (OptionCatalogue.gamma.erased, .number(gamma)),
      (OptionCatalogue.mirrors.erased, .boolean(mirrors)),
    ]
  }
}
