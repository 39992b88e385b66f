import Networks
import Volumes

/// A recipe: network, start, data and optimiser that belong together.
public enum TrainingPreset: String, Sendable, CaseIterable {
  /// A small network that adds detail to cubic interpolation of its input, whose blur is divided out
  /// first: better than interpolation within minutes.
  case fast
  /// As published: weeks.
  case paper

  /// The sizes of its network, with another encoder where one is given.
  public func configuration(_ encoder: EncoderKind? = nil) -> ArSSRConfiguration {
    switch self {
    case .paper:
      return .published(encoder ?? .rdn)
    case .fast:
      let kind = encoder ?? .srResNet
      let published = ArSSRConfiguration.published(kind)
      return ArSSRConfiguration(
        encoder: kind, width: 16, growth: 16, blocks: min(8, published.blocks),
        layersPerBlock: published.layersPerBlock, featureChannels: 28, decoderDepth: 3,
        decoderWidth: 64, extraInputs: variants.extraInputs)
    }
  }

  /// How its network departs from the published function.
  public var variants: ArSSRVariants {
    switch self {
    case .paper: ArSSRVariants(normalisation: Self.normalisation)
    case .fast:
      ArSSRVariants(
        finalReLU: false, residual: .bspline3, padding: .border, margin: DataSettings.told.margin,
        coordinates: .relative,
        condition: .deconvolution(lambda: Self.lambda, default: 0),
        normalisation: Self.normalisation)
    }
  }

  /// How its weights begin.
  public var initialisation: Initialisation { self == .paper ? .published : .detail }

  /// What is drawn for a step of its own network.
  public var data: DataSettings { data(for: variants.condition) }

  /// What is drawn for a step of a network that makes this of blur.
  public func data(for condition: ArSSRVariants.Condition) -> DataSettings {
    switch (self, condition) {
    case (.paper, _): .paper
    case (.fast, .deconvolution(let lambda, _)): .deconvolved(Deconvolution(lambda: lambda))
    case (.fast, .none), (.fast, .psf): .told
    }
  }

  /// What is held back where a blur is divided out: a tenth where it has left a tenth of a wave, at
  /// most five times the noise along an axis (Documentation/Decisions.md).
  public static let lambda = 0.01

  /// The optimiser; epochs count for the published schedule only.
  public func trainer(stepsPerEpoch: Int) -> TrainerSettings {
    self == .paper ? .paper(stepsPerEpoch: stepsPerEpoch) : .fast
  }

  /// The length of a training.
  public func steps(stepsPerEpoch: Int) -> Int { self == .paper ? 2500 * stepsPerEpoch : 30_000 }

  /// Steps of an epoch: the publication cut six patches from every volume.
  public static func stepsPerEpoch(volumes: Int, batch: Int) -> Int {
    max(1, (6 * volumes + batch - 1) / batch)
  }

  /// Measured on every whole volume, whatever the preset.
  public static let normalisation = "percentile:0.1,99.9"
}
