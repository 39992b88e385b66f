import Files
import Networks

/// The models that this run can find by name.
enum ModelLibrary {
  static let defaultName = ModelCatalogue.defaultName

  /// The search path of this process.
  static var catalogue: ModelCatalogue {
    var variables: [String: String] = [:]
    for name in ["ARSSR_MODEL_PATH", "XDG_DATA_HOME", "HOME"] {
      variables[name] = Environment.value(name)
    }
    return ModelCatalogue(environment: variables)
  }

  /// The file that a path or a name stands for.
  static func path(of text: String) throws(Failure) -> String {
    try Failure.of(.model) { () throws(CatalogueError) in try catalogue.path(ofModel: text) }
  }
}
