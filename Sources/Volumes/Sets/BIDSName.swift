/// The name of a file in a BIDS dataset: entities in their order, and a suffix.
///
/// `sub-01_ses-2_acq-2d_run-1_FLAIR` has the entities sub, ses, acq, run and the suffix FLAIR.
public struct BIDSName: Equatable, Sendable {
  /// One part of the name, such as `acq-2d`.
  public struct Entity: Equatable, Sendable {
    /// The short key.
    public let key: String
    /// Its label.
    public let label: String
  }

  /// In the order of the name.
  public private(set) var entities: [Entity]
  /// The last part of the name, such as `T1w`.
  public let suffix: String

  /// Keys in the order that BIDS 1.10 gives them, from `res` on; a name has them behind all others.
  private static let last = ["res", "den", "label", "desc"]

  /// Takes a name without ending apart; nil where it is none of a subject's file.
  public init?(stem: String) {
    let parts = stem.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard let suffix = parts.last, !suffix.isEmpty, !suffix.contains("-") else { return nil }
    var entities: [Entity] = []
    for part in parts.dropLast() {
      let pair = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else { return nil }
      entities.append(Entity(key: String(pair[0]), label: String(pair[1])))
    }
    guard entities.first?.key == "sub" else { return nil }
    self.entities = entities
    self.suffix = suffix
  }

  /// The label of an entity, by its short key.
  public subscript(key: String) -> String? { entities.first { $0.key == key }?.label }

  /// The name without ending.
  public var stem: String {
    (entities.map { "\($0.key)-\($0.label)" } + [suffix]).joined(separator: "_")
  }

  /// The name with another label of an entity, at the place that BIDS gives it.
  ///
  /// - Parameters:
  ///   - key: `res`, `den`, `label` or `desc`, which describe derivatives.
  ///   - label: Letters and digits.
  /// - Returns: The other name.
  public func describing(_ key: String, as label: String) -> BIDSName {
    precondition(Self.last.contains(key), "key: \(key)")
    var name = self
    name.entities.removeAll { $0.key == key }
    let behind = Self.last.drop { $0 != key }
    let place =
      name.entities.firstIndex { behind.contains($0.key) } ?? name.entities.endIndex
    name.entities.insert(Entity(key: key, label: label), at: place)
    return name
  }

  /// The label that a text makes: its letters and digits, those of the alphabet of ASCII.
  public static func label(from text: String) -> String {
    text.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }
}
