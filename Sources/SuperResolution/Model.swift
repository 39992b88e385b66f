import Checkpoints
import Files
import FusedInference
import Networks
import Volumes

/// A trained network, read from a file: one of ArSSR, one of the systems that it is compared with, or
/// learned gradient filters.
public struct Model: Sendable {
  /// The name of the model that the command uses where none is named.
  public static let defaultName = ModelCatalogue.defaultName

  /// What the model says of itself.
  public let card: ModelCard
  /// The file.
  public let path: String
  /// SHA-256 of the file, hexadecimal.
  public let sha256: String
  /// What the user should know of the file and the network.
  public let notices: [Notice]

  let network: Network

  /// The name by which it is chosen: that of the file without its ending.
  public var name: String { card.name }
  /// `arssr/RDN`, `srrecnn3d` and the like.
  public var architecture: String { network.architecture }
  /// Weights and biases.
  public var parameterCount: Int { network.parameterCount }

  /// Reads a model; nothing in its file is executed.
  ///
  /// - Parameters:
  ///   - text: A path, or a name in the search path: the folders of `ARSSR_MODEL_PATH`,
  ///     `$XDG_DATA_HOME/arssr/models`, `share/arssr/models` beside the program's `bin`.
  ///   - folders: Looked through after the search path.
  /// - Throws: If there is none of that name, or its content is refused.
  public init(
    named text: String = Self.defaultName, folders: [String] = []
  ) throws(SuperResolutionError) {
    let catalogue = ModelCatalogue(folders: ModelCatalogue.ofProcess().folders + folders)
    let checkpoint = try SuperResolutionError.of(.model) {
      try Checkpoint.load(path: try catalogue.path(ofModel: text))
    }
    network = try SuperResolutionError.of(.model) { try Network(checkpoint: checkpoint) }
    card = ModelCard(checkpoint, of: network)
    path = checkpoint.path
    sha256 = checkpoint.fileSHA256
    notices = checkpoint.notices + network.notices
  }

  /// How intensities are mapped for the network where nobody says otherwise.
  public var normalisation: Normalisation { network.normalisation }

  /// Whether it takes an image of another contrast beside the input.
  public var takesGuide: Bool { network.related?.images == 2 }

  /// The only factor that it has; nil for models of any factor.
  public var fixedFactor: Int? { network.fixedFactor }
}
