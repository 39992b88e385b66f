import Files
import Networks

/// The models that this run can find by name.
enum ModelLibrary {
  static let defaultName = ModelCatalogue.defaultName

  /// The search path of this process.
  static var catalogue: ModelCatalogue { .ofProcess() }

  /// The file that a path or a name stands for.
  static func path(of text: String) throws(Failure) -> String {
    try Failure.of(.model) { () throws(CatalogueError) in try catalogue.path(ofModel: text) }
  }
}
