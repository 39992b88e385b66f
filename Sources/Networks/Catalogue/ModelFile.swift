/// File names of models.
public enum ModelFile {
  /// Endings that mark a model in a folder, the preferred one first.
  public static let endings = [
    ".safetensors", ".pkl", ".pt", ".pth", ".caffemodel", ".npz",
  ]

  /// The name of a model: the last part of its path without a known ending.
  public static func name(ofPath path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let ending = endings.first(where: { file.hasSuffix($0) && file.count > $0.count }) else {
      return file
    }
    return String(file.dropLast(ending.count))
  }

  /// Whether a file's name has one of the endings.
  static func isModel(_ file: String) -> Bool {
    !file.hasPrefix(".") && endings.contains { file.hasSuffix($0) }
  }
}
