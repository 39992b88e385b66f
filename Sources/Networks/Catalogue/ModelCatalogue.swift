import Checkpoints
import Files
import Glibc

/// Where models are looked for by name.
///
/// Nothing is ever fetched. The search path: each folder of `ARSSR_MODEL_PATH`; `arssr/models` in `XDG_DATA_HOME` (default
/// `~/.local/share`); `share/arssr/models` beside the `bin` of the program; and, for a program
/// inside a `.build` folder, the `Models` of that repository. The first file of a name wins.
public struct ModelCatalogue: Sendable {
  /// The model that is used where none is named.
  public static let defaultName = "brain-t1w"

  /// Folders in the order of the search; they need not exist.
  public let folders: [String]

  /// A catalogue of given folders.
  public init(folders: [String]) {
    self.folders = folders
  }

  /// The search path of an environment.
  ///
  /// - Parameters:
  ///   - environment: Variables by name.
  ///   - executable: Path of the program, or nil to leave its folders out.
  public init(environment: [String: String], executable: String?) {
    var folders = (environment["ARSSR_MODEL_PATH"] ?? "").split(separator: ":").map(String.init)
    // The XDG specification says that a relative path is to be ignored.
    if let dataHome = environment["XDG_DATA_HOME"], dataHome.hasPrefix("/") {
      folders.append(dataHome + "/arssr/models")
    } else if let home = environment["HOME"], !home.isEmpty {
      folders.append(home + "/.local/share/arssr/models")
    }
    if let executable {
      let parts = executable.split(separator: "/").dropLast()
      folders.append(
        "/" + (parts.dropLast() + ["share", "arssr", "models"]).joined(separator: "/"))
      if let build = parts.lastIndex(of: ".build") {
        folders.append("/" + (parts[..<build] + ["Models"]).joined(separator: "/"))
      }
    }
    self.folders = folders
  }

  /// The search path of this process.
  public init(environment: [String: String]) {
    self.init(environment: environment, executable: FolderListing.executablePath())
  }

  /// The search path of this process and its own environment.
  public static func ofProcess() -> ModelCatalogue {
    var variables: [String: String] = [:]
    for name in ["ARSSR_MODEL_PATH", "XDG_DATA_HOME", "HOME"] {
      guard let value = getenv(name), value.pointee != 0 else { continue }
      let bytes = UnsafeRawBufferPointer(start: value, count: strlen(value))
      variables[name] = PathText.string(Array(bytes))
    }
    return ModelCatalogue(environment: variables)
  }

  /// Finds a model by path or name.
  ///
  /// A regular file of that path wins; a text with a slash is never a name. In the folders, a name
  /// stands for a file of that name with a known ending.
  ///
  /// - Returns: A path to open.
  /// - Throws: ``CatalogueError`` with the search path and the nearest name.
  public func path(ofModel text: String) throws(CatalogueError) -> String {
    if text.contains("/" as Character) || FolderListing.isRegularFile(text) { return text }
    for folder in folders {
      for file in [text] + ModelFile.endings.map({ text + $0 }) where ModelFile.isModel(file) {
        let path = "\(folder)/\(file)"
        if FolderListing.isRegularFile(path) { return path }
      }
    }
    let names = files().map { ModelFile.name(ofPath: $0) }
    throw CatalogueError(
      subject: text,
      cause: .notFound(nearest: NearestName.find(text, among: names), folders: folders))
  }

  /// Paths of all model files, folder by folder in the order of the search, sorted by name in each; of two
  /// files with the same name in one folder the preferred ending comes first.
  public func files() -> [String] {
    folders.flatMap { folder in
      let names = FolderListing.names(in: folder).filter(ModelFile.isModel)
      let ordered = names.sorted { first, second in
        let name = ModelFile.name(ofPath: first)
        let other = ModelFile.name(ofPath: second)
        if name != other { return name.utf8.lexicographicallyPrecedes(other.utf8) }
        return Self.rank(first) < Self.rank(second)
      }
      return ordered.map { "\(folder)/\($0)" }.filter(FolderListing.isRegularFile)
    }
  }

  private static func rank(_ file: String) -> Int {
    ModelFile.endings.firstIndex { file.hasSuffix($0) } ?? ModelFile.endings.count
  }
}

/// Why a model is not found.
public typealias CatalogueError = Refusal<CatalogueFault>

/// What is wrong with the name of a model.
public enum CatalogueFault: RefusalCause {
  /// No file of that name in the search path.
  case notFound(nearest: String?, folders: [String])

  /// The identifier of the cause, from the list of all codes.
  public var code: String { "input.missing" }

  /// Where was looked, and the nearest name.
  public var message: String {
    switch self {
    case .notFound(let nearest, let folders):
      let places = folders.prefix(4).map { shortened($0, limit: 48) }.joined(separator: ", ")
      let hint = nearest.map { "did you mean \(quoted($0))?" } ?? "see \"arssr models list\""
      return "no file and no model of this name (looked in \(places)); \(hint)"
    }
  }
}
