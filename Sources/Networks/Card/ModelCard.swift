import Checkpoints

/// What a model says of itself: what it was trained on and for, its licence and status.
public struct ModelCard: Sendable, Equatable {
  /// Name by which the model is chosen: the file's name without its ending.
  public var name: String
  /// Title, `arssr.name`.
  public var title: String?
  /// Free text such as `interim`.
  public var status: String?
  /// SPDX expression.
  public var licence: String?
  /// What to cite where the model is used.
  public var citation: String?
  /// Scales it was made for; where the file does not say, the only one that it has, or any factor.
  public var scales: Scales
  /// How the low-resolution volumes of its training were made.
  public var degradation: String?
  /// Contrasts it was trained on, for example `T1w`.
  public var contrasts: [String]
  /// JSON about data, optimiser, steps, scores.
  public var training: String?
  /// JSON about where the file came from.
  public var provenance: String?
  /// What error the spread of an ensemble lets expect.
  public var uncertainty: SpreadCalibration?

  /// Reads the card of a checkpoint.
  public init(_ checkpoint: Checkpoint, of network: Network) {
    func value(_ key: MetadataKey) -> String? { checkpoint.metadata[key.rawValue] }
    name = ModelFile.name(ofPath: checkpoint.path)
    title = value(.name)
    status = value(.status)
    licence = value(.licence)
    citation = value(.citation)
    scales =
      value(.scales).flatMap(Scales.init) ?? network.fixedFactor.map { .isotropic([Double($0)]) }
      ?? .any
    degradation = value(.degradation)
    training = value(.training)
    provenance = value(.provenance)
    uncertainty = value(.uncertainty).flatMap(SpreadCalibration.init)
    contrasts = Self.contrasts(stated: value(.contrast), training: value(.training))
  }

  /// The contrasts of `arssr.contrast`, or those that the description of the training data names.
  private static func contrasts(stated: String?, training: String?) -> [String] {
    if let stated {
      return stated.split(separator: ",").map { part in
        String(part.drop { $0 == " " })
      }
    }
    guard let training, case .object(let object)? = try? StrictJSON.parse(Array(training.utf8)),
      case .string(let data)? = object["data"]
    else { return [] }
    let words = data.split { !$0.isLetter && !$0.isNumber }
    return ["T1w", "T2w", "FLAIR", "PDw", "T2star"].filter { words.contains(Substring($0)) }
  }
}
