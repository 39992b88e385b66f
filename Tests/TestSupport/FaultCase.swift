import Foundation

/// One malformed file of Tests/Faults with what the refusal must say.
public struct FaultCase: Sendable, CustomStringConvertible {
  /// Path below Tests/Faults.
  public let file: String
  /// Group of the manifest, for example `torch`.
  public let group: String
  /// What is wrong with the file.
  public let wrong: String
  /// Stable identifier of the cause.
  public let code: String
  /// Exit status of the command.
  public let exit: Int
  /// Words that the message, or the warning of an accepted file, must contain; an inner list is a
  /// choice.
  public let words: [[String]]

  /// The file, to name the case in reports.
  public var description: String { file }

  /// The content of the file.
  public var bytes: [UInt8] {
    get throws { try [UInt8](Data(contentsOf: Faults.folder.appendingPathComponent(file))) }
  }

  /// All cases of a group of the manifest.
  public static func group(_ name: String) -> [FaultCase] {
    let url = Faults.folder.appendingPathComponent("manifest.json")
    guard let data = try? Data(contentsOf: url),
      let manifest = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = manifest["cases"] as? [[String: Any]]
    else { return [] }
    return cases.filter { $0["group"] as? String == name }.map { entry in
      FaultCase(
        file: entry["file"] as? String ?? "", group: name, wrong: entry["wrong"] as? String ?? "",
        code: entry["code"] as? String ?? "", exit: entry["exit"] as? Int ?? -1,
        words: ((entry["message_contains"] ?? entry["warn"]) as? [Any] ?? []).map {
          $0 as? [String] ?? [$0 as? String ?? ""]
        })
    }
  }

  /// The demands that a message does not meet: words, one line, printable, at most 512 bytes with
  /// the prefix that the command puts in front.
  public func unmet(by message: String) -> [String] {
    var unmet: [String] = []
    let lowercased = message.lowercased()
    for choice in words where !choice.contains(where: { lowercased.contains($0.lowercased()) }) {
      unmet.append("none of \(choice)")
    }
    if message.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      unmet.append("a control character")
    }
    if "arssr: error: \(file): \(message)".utf8.count > 512 {
      unmet.append("longer than 512 bytes")
    }
    return unmet
  }
}
