import Checkpoints
import Files

/// A line of `models list`: a model file, and what it holds or why it is refused.
public struct ModelSummary: Sendable {
  /// Facts of a model that can be run.
  public struct Facts: Sendable, Equatable {
    /// What the model says of itself.
    public var card: ModelCard
    /// `arssr/RDN` and the like.
    public var architecture: String
    /// Weights and biases.
    public var parameterCount: Int
    /// SHA-256 of the file.
    public var sha256: String
  }

  /// Name by which the model is chosen.
  public var name: String
  /// The file.
  public var path: String
  /// Whether it is the one used where none is named.
  public var isDefault: Bool
  /// Whether an earlier folder, or a preferred ending, hides it from its name.
  public var isShadowed: Bool
  /// What it holds, or the reason why it is refused.
  public var facts: Result<Facts, RefusedModel>
}

/// Code and message of a model that is in a folder but cannot be used.
public struct RefusedModel: Error, Sendable, Equatable {
  /// The identifier of the cause.
  public var code: String
  /// What is wrong with the file.
  public var message: String
}

extension ModelCatalogue {
  /// All models of the search path, in its order; every file is loaded and checked.
  ///
  /// - Parameter defaultName: The name that counts as the default.
  /// - Returns: One summary per file; nothing is left out or thrown.
  public func summaries(defaultName: String = Self.defaultName) -> [ModelSummary] {
    var names: Set<String> = []
    return files().map { path in
      let name = ModelFile.name(ofPath: path)
      let isFirst = names.insert(name).inserted
      return ModelSummary(
        name: name, path: path, isDefault: isFirst && name == defaultName, isShadowed: !isFirst,
        facts: Self.facts(ofFile: path))
    }
  }

  private static func facts(ofFile path: String) -> Result<ModelSummary.Facts, RefusedModel> {
    do {
      let checkpoint = try Checkpoint.load(path: path)
      let network = try Network(checkpoint: checkpoint)
      return .success(ModelSummary.Facts(checkpoint, network))
    } catch let error as any ReportableError {
      return .failure(RefusedModel(code: error.code, message: error.message))
    } catch {
      return .failure(RefusedModel(code: "internal", message: "\(error)"))
    }
  }
}

extension ModelSummary.Facts {
  /// The facts of a checkpoint that was loaded already.
  public init(_ checkpoint: Checkpoint, _ network: Network) {
    self.init(
      card: ModelCard(checkpoint, of: network), architecture: network.architecture,
      parameterCount: network.parameterCount, sha256: checkpoint.fileSHA256)
  }
}
