import Foundation

/// An empty folder that is removed, with what is in it, when this object goes.
public final class TemporaryFolder {
  /// Its path, without a slash at the end.
  public let path: String

  /// Makes the folder among the system's temporary ones.
  public init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "arssr-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of all entries, hidden ones too, in order.
  public var entries: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// The bytes of a file; nil if it does not exist.
  public func bytes(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: file(name)).map { [UInt8]($0) }
  }

  /// Writes a file.
  public func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }
}
