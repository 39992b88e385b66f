import Checkpoints

extension BIDSVolume {
  /// Whether the sidecar of a result says of the source, and of the skull, what a run would write.
  ///
  /// Fields that somebody added to it are his.
  ///
  /// - Parameters:
  ///   - stored: The sidecar that is there.
  ///   - expected: The one that a run would write, as far as it is known before the voxels are.
  /// - Returns: Whether nothing would change.
  func matches(_ stored: JSONObject, expected: JSONObject) -> Bool {
    let inherited = Set(expected.keys).subtracting(Self.own)
    guard inherited.allSatisfy({ stored[$0] == expected[$0] }) else { return false }
    if let skullStripped { return stored["SkullStripped"] == .bool(skullStripped) }
    // The same voxels are judged alike; but what an option or the source said then is said no more.
    return Self.wasJudged(stored)
  }

  private static func wasJudged(_ stored: JSONObject) -> Bool {
    guard case .object(let details)? = stored["Arssr"],
      case .array(let warnings)? = details["Warnings"]
    else { return false }
    return warnings.contains { warning in
      guard case .string(let text) = warning else { return false }
      return text.hasPrefix(SkullStripping.opening)
    }
  }
}
