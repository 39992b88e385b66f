import Networks
import Training
import Volumes

/// What was asked of the training of a related network beside what all trainings are asked.
struct ImageRequest: Sendable {
  let architecture: Architecture
  let depth: Int?
  let kernel: Int?
  let scales: [Int]?
  /// Of the blur, in voxels.
  let sigma: Double?
  /// In place of it the full width in millimetres.
  let fullWidth: Double?
  /// In place of that of the architecture.
  let normalisation: Normalisation?
  /// Contrast of the guides, for the network with two images.
  let guideSuffix: String
  /// Most patches, of those that are drawn regularly.
  let patches: Int?
  /// In place of the published rule.
  let optimiser: OptimiserChoice?
  /// Whether DCSRN adds its image.
  let isResidual: Bool?
  let start: StartChoice?
}

extension ImageRequest {
  /// Takes the options of `--arch`; nil where a network of the ArSSR family is trained.
  ///
  /// - Throws: If options of the one are given to the other.
  init?(_ command: Train, _ reader: OptionReader) throws(Failure) {
    let options = command.related
    let architecture = try reader.value(OptionCatalogue.arch, options.arch)?.architecture
    let residual = options.residual.map { $0 ? "true" : "false" }
    let own = [
      ("--layers", options.layers), ("--kernel", options.kernel), ("--factors", options.factors),
      ("--sigma", options.sigma), ("--fwhm", options.fwhm),
      ("--guide-suffix", options.guideSuffix), ("--patches", options.patches),
      ("--optimiser", options.optimiser), ("--residual", residual),
      ("--start", options.start), ("--normalisation", options.normalisation),
    ]
    guard let architecture, architecture != .arssr else {
      if let given = own.first(where: { $0.1 != nil })?.0 {
        throw Failure(
          .conflict(options: [given], reason: "has a meaning only with --arch srrecnn3d and others")
        )
      }
      return nil
    }
    let (network, steps, run) = (command.network, command.steps, command.run)
    let drawing = command.drawing
    let others = [
      ("--preset", run.preset), ("--epochs", run.epochs), ("--encoder", network.encoder),
      ("--blocks", network.blocks), ("--feature-dim", network.featureDim),
      ("--decoder-width", network.decoderWidth), ("--decoder-depth", network.decoderDepth),
      ("--condition", network.condition),
      ("--weights", network.weights), ("--samples", steps.samples), ("--scales", steps.scales),
      ("--schedule", steps.schedule), ("--warm-up", steps.warmUp),
      ("--weight-decay", steps.weightDecay), ("--operators", drawing.operators),
      ("--blur", drawing.blur), ("--one-axis", drawing.oneAxis), ("--per-axis", drawing.perAxis),
      ("--noise", drawing.noise), ("--noise-kind", drawing.noiseKind),
      ("--brightness", drawing.brightness), ("--gamma", drawing.gamma),
      ("--mirrors", drawing.mirrors.map { "\($0)" }),
    ]
    if let given = others.first(where: { $0.1 != nil })?.0 {
      throw Failure(
        .conflict(
          options: ["--arch", given],
          reason: "that option belongs to networks of the ArSSR family"))
    }
    self.architecture = architecture
    depth = try reader.value(OptionCatalogue.layers, options.layers)?.count
    kernel = try reader.value(OptionCatalogue.kernel, options.kernel)?.count
    scales = try reader.value(OptionCatalogue.factors, options.factors)?.factors
    sigma = try reader.value(OptionCatalogue.sigma, options.sigma)?.number
    fullWidth = try reader.value(OptionCatalogue.fwhm, options.fwhm)?.number
    try OptionReader.checkBlur(sigma: sigma != nil, fullWidth: fullWidth != nil)
    switch try reader.value(OptionCatalogue.normalisation, options.normalisation) {
    case .given(let given): normalisation = given
    case .card, nil: normalisation = nil
    }
    guideSuffix =
      try reader.value(OptionCatalogue.guideSuffix, options.guideSuffix)?.words.first ?? "T2w"
    patches = try reader.value(OptionCatalogue.patches, options.patches)?.count
    optimiser = try reader.value(OptionCatalogue.optimiser, options.optimiser)
    isResidual = try reader.value(OptionCatalogue.residual, residual)?.isOn
    start = try reader.value(OptionCatalogue.start, options.start)
    if let scales, architecture == .espcn3d, scales.count > 1 {
      throw Failure(
        .optionValue(
          option: "--factors", value: scales.map(String.init).joined(separator: ","),
          reason: "espcn3d is a network of one factor"))
    }
  }
}
