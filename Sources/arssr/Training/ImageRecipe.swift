import Checkpoints
import Networks
import Training
import Volumes

/// Everything that a related network's training depends on but its volumes: what was published, with
/// what was asked in its place.
struct ImageRecipe: Sendable {
  /// Steps where nobody says: a short training, on CPUs.
  private static let standardSteps = 20_000

  let sizes: RelatedSizes
  /// Where it begins.
  let network: RelatedNetwork
  let data: ImageDataSettings
  let trainer: ImageTrainerSettings
  let steps: Int
  let validateEvery: Int
  let seed: UInt64
  /// The file of `--init` and its checksum.
  let initial: Checkpoint?
  private let guideSuffix: String?
  private let optimiser: OptimiserChoice?
  private let start: StartChoice?
  private let normalisation: Normalisation?

  /// Joins request and publication.
  ///
  /// - Throws: If the model of `--init` is another network, or sizes are none that the network can have.
  init(
    _ request: TrainRequest, _ related: ImageRequest, initial: DescribedModel?
  ) throws(Failure) {
    if related.architecture == .dcsrn, request.precision == .bfloat16 {
      throw Failure(
        .conflict(
          options: ["--arch dcsrn", "--precision bfloat16"],
          reason: "gradients through batch normalisation are computed in float32 only"))
    }
    var sizes = RelatedSizes(related.architecture)
    sizes.depth = related.depth
    sizes.width = request.sizes.width
    sizes.kernel = related.kernel
    sizes.factor = related.scales?.first
    sizes.isResidual = related.isResidual
    try Self.check(sizes)
    self.sizes = sizes
    self.initial = initial?.checkpoint
    seed = request.seed
    validateEvery = request.validateEvery
    var network = RelatedNetwork(initial: sizes, seed: request.seed)
    start = related.start
    if start == .interpolation { network = network.startingAsInterpolation() }
    if let initial {
      guard case .related(let known) = initial.network, known.architecture == related.architecture
      else {
        throw Failure(
          .optionValue(
            option: "--init", value: initial.name,
            reason: "is \(initial.network.architecture), not \(related.architecture.rawValue)"))
      }
      network = known
    }
    normalisation = related.normalisation
    network.normalisation =
      normalisation?.description ?? Self.normalisation(of: related.architecture)
    var data = ImageDataSettings.published(network)
    if let scales = related.scales, related.architecture != .espcn3d { data.scales = scales }
    let blurred: ImageDataSettings.Pairs? =
      related.sigma.map { .corner(sigma: $0) } ?? related.fullWidth.map { .cornerOfWidth($0) }
    if let blurred {
      guard data.pairs != .origin else {
        let option = related.sigma == nil ? "--fwhm" : "--sigma"
        throw Failure(
          .conflict(options: ["--arch", option], reason: "espcn3d is trained without blur"))
      }
      data.pairs = blurred
    }
    data.patch = request.patch ?? data.patch
    data.batch = request.batch ?? data.batch
    data.most = related.patches
    guard data.patch > 2 * data.margin else {
      throw Failure(
        .optionValue(
          option: "--patch", value: "\(data.patch)",
          reason: "must be more than \(2 * data.margin), which the layers do not pad"))
    }
    self.data = data
    network.degradation = Self.degradation(data)
    self.network = network
    steps = if case .steps(let count)? = request.length { count } else { Self.standardSteps }
    var trainer = ImageTrainerSettings.published(related.architecture, steps: steps)
    if let rate = request.learningRate { trainer.schedule.rate = rate }
    trainer.loss = request.loss ?? trainer.loss
    optimiser = related.optimiser
    trainer.rule = related.optimiser?.rule ?? trainer.rule
    trainer.precision = request.precision
    self.trainer = trainer
    guideSuffix = network.images == 2 ? related.guideSuffix : nil
  }

  private static func check(_ sizes: RelatedSizes) throws(Failure) {
    func require(_ holds: Bool, _ option: String, _ value: Int?, _ reason: String) throws(Failure) {
      guard !holds, let value else { return }
      throw Failure(.optionValue(option: option, value: "\(value)", reason: reason))
    }
    if let residual = sizes.isResidual, sizes.architecture != .dcsrn {
      throw Failure(
        .conflict(
          options: ["--arch", residual ? "--residual" : "--no-residual"],
          reason: "only dcsrn is published in both forms"))
    }
    switch sizes.architecture {
    case .srrecnn3d, .srrecnn3dMulti:
      try require((sizes.depth ?? 2) >= 2, "--layers", sizes.depth, "must be 2 or more")
      try require(sizes.kernel == nil, "--kernel", sizes.kernel, "all kernels are 3")
    case .srcnn3d:
      try require(
        [nil, 1, 3, 5].contains(sizes.kernel), "--kernel", sizes.kernel, "must be 1, 3 or 5")
      try require(sizes.depth == nil, "--layers", sizes.depth, "srcnn3d has three layers")
    case .dcsrn:
      try require([nil, 1, 3].contains(sizes.kernel), "--kernel", sizes.kernel, "must be 1 or 3")
    case .espcn3d, .resCNN, .arssr, .gradientFilters:
      try require(sizes.kernel == nil, "--kernel", sizes.kernel, "the kernels are fixed")
      try require(
        sizes.architecture == .resCNN || sizes.depth == nil, "--layers", sizes.depth,
        "espcn3d has three layers")
    }
  }

  /// Intensities as the network gets them, in training and in use.
  private static func normalisation(of architecture: Architecture) -> String {
    switch architecture {
    case .srrecnn3d, .srrecnn3dMulti, .srcnn3d: "max"
    default: TrainingPreset.normalisation
    }
  }

  /// That of training; volumes of the deepBrain family are brought from their least to their greatest
  /// value there.
  var trainingNormalisation: String {
    network.normalisation == "max" ? "minmax" : network.normalisation
  }

  /// The contrast of the guides; nil: there are none.
  var guides: String? { guideSuffix }

  /// How LR volumes come about, in words.
  private static func degradation(_ data: ImageDataSettings) -> String {
    switch data.pairs {
    case .corner(let sigma) where sigma > 0:
      "Gaussian blur of \(NumberText.text(sigma)) HR voxel\(sigma == 1 ? "" : "s") (standard "
        + "deviation), then a cubic spline, corner-aligned (arssr degrade --operator corner --sigma "
        + "\(NumberText.text(sigma)) --crop)"
    case .cornerOfWidth(let width):
      "Gaussian blur of \(NumberText.text(width)) mm (full width at half maximum), then a cubic "
        + "spline, corner-aligned (arssr degrade --operator corner --fwhm "
        + "\(NumberText.text(width)) --crop)"
    case .corner: "cubic spline, corner-aligned, no blur (arssr degrade --operator corner --crop)"
    case .origin: "every r-th voxel, no blur (arssr degrade --operator origin)"
    }
  }

  /// The factors as `--factors` takes them.
  var factorsText: String { data.scales.map(String.init).joined(separator: ",") }

  /// What was decided, by options.
  var members: [(key: AnyOptionKey, value: JSON)] {
    guard let initial else { return describing }
    return describing + [(OptionCatalogue.initialModel.erased, .string(initial.path))]
  }

  /// The same without the names of files, for the model's card.
  var describing: [(key: AnyOptionKey, value: JSON)] {
    var members: [(key: AnyOptionKey, value: JSON)] = [
      (OptionCatalogue.arch.erased, .string(sizes.architecture.rawValue)),
      (OptionCatalogue.steps.erased, .integer(steps)),
      (OptionCatalogue.seed.erased, .string("\(seed)")),
      (OptionCatalogue.validateEvery.erased, .integer(validateEvery)),
      (OptionCatalogue.batch.erased, .integer(data.batch)),
      (OptionCatalogue.patch.erased, .integer(data.patch)),
      (OptionCatalogue.factors.erased, .string(factorsText)),
      (OptionCatalogue.loss.erased, .string(trainer.loss.rawValue)),
      (OptionCatalogue.learningRate.erased, .number(trainer.schedule.rate)),
      (OptionCatalogue.precision.erased, .string(trainer.precision.rawValue)),
    ]
    func add<Value>(_ key: OptionKey<Value>, _ value: Int?) {
      if let value { members.append((key.erased, .integer(value))) }
    }
    add(OptionCatalogue.layers, sizes.depth)
    add(OptionCatalogue.width, sizes.width)
    add(OptionCatalogue.kernel, sizes.kernel)
    add(OptionCatalogue.patches, data.most)
    if let optimiser {
      members.append((OptionCatalogue.optimiser.erased, .string(optimiser.rawValue)))
    }
    if let start { members.append((OptionCatalogue.start.erased, .string(start.rawValue))) }
    if let normalisation {
      members.append(
        (OptionCatalogue.normalisation.erased, .string(normalisation.description)))
    }
    if let residual = sizes.isResidual {
      members.append((OptionCatalogue.residual.erased, .boolean(residual)))
    }
    switch data.pairs {
    case .corner(let sigma): members.append((OptionCatalogue.sigma.erased, .number(sigma)))
    case .cornerOfWidth(let width):
      members.append((OptionCatalogue.fwhm.erased, .number(width)))
    case .origin: break
    }
    if let guideSuffix {
      members.append((OptionCatalogue.guideSuffix.erased, .string(guideSuffix)))
    }
    return members
  }
}
