import Foundation

/// Where the stored expectations lie: beside this file, so that a clone needs nothing else.
public enum Golden {
  /// The folder `Tests/Golden/NAME`.
  public static func folder(_ name: String) -> URL {
    testsFolder.appendingPathComponent("Golden").appendingPathComponent(name)
  }

  /// The decoded `manifest.json` (or another JSON file) of a golden folder.
  public static func json(_ folderName: String, _ file: String = "manifest.json") throws -> Any {
    let url = folder(folderName).appendingPathComponent(file)
    return try JSONSerialization.jsonObject(with: Data(contentsOf: url))
  }

  static let testsFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
}

/// The corpus of malformed files, `Tests/Faults`.
public enum Faults {
  /// The folder.
  public static let folder = Golden.testsFolder.appendingPathComponent("Faults")
}

/// The repository that these tests belong to.
public enum Repository {
  /// Its top folder.
  public static let folder = Golden.testsFolder.deletingLastPathComponent()
}
