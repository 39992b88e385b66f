import Checkpoints
import Files
import Volumes

/// What the sidecar of a result in a BIDS dataset says beside what all sidecars say.
struct BIDSVolume: Sendable {
  /// The source as a BIDS URI.
  let source: String
  /// What the sidecars of the source say, the inherited ones included.
  let facts: JSONObject
  /// As it was asked for or the source says; nil: to be judged by the voxels.
  let skullStripped: Bool?

  /// Fields of a source that are not true of a result.
  static let untrue = ["SliceThickness", "SpacingBetweenSlices", "SliceTiming"]
  /// Fields that a result has of its own.
  static let own = [
    "Description", "Sources", "RawSources", "SkullStripped", "Resolution", "Arssr", "GeneratedBy",
  ]
  /// The name by which sidecars call the source dataset.
  static let link = "raw"

  /// Reads the sidecars of a volume.
  init(_ image: BIDSDataset.Image, of dataset: BIDSDataset, skullStripped: Bool?) {
    source = "bids:\(Self.link):\(image.path)"
    facts = Self.facts(of: image, in: dataset)
    if let skullStripped {
      self.skullStripped = skullStripped
    } else if case .bool(let isStripped)? = facts["SkullStripped"] {
      self.skullStripped = isStripped
    } else {
      self.skullStripped = nil
    }
  }

  /// The fields that hold for the result as for the source.
  var kept: [(key: String, value: JSON)] {
    members { !Self.untrue.contains($0) && !Self.own.contains($0) }
  }

  /// The fields that held for the source only.
  var moved: [(key: String, value: JSON)] { members(Self.untrue.contains) }

  private func members(_ isWanted: (String) -> Bool) -> [(key: String, value: JSON)] {
    facts.keys.filter(isWanted).compactMap { key in facts[key].map { (key, JSON($0)) } }
  }

  /// All JSON files from the root of the dataset down to the volume's folder whose entities the volume
  /// has, with its suffix; what is nearer to the volume counts (BIDS's principle of inheritance).
  private static func facts(of image: BIDSDataset.Image, in dataset: BIDSDataset) -> JSONObject {
    var folder = dataset.root
    var folders = [folder]
    for part in image.folder.split(separator: "/") {
      folder = PathText.joined(folder, String(part))
      folders.append(folder)
    }
    var values: [String: JSONValue] = [:]
    var keys: [String] = []
    for folder in folders {
      let fitting = FolderListing.names(in: folder).filter { fits($0, image.name) }
      for name in fitting.sorted(by: { $0.count < $1.count }) {
        guard let object = SidecarFile.object(at: PathText.joined(folder, name)) else { continue }
        for key in object.keys {
          if values.updateValue(object[key] ?? .null, forKey: key) == nil { keys.append(key) }
        }
      }
    }
    var facts = JSONObject()
    for key in keys { _ = facts.insert(values[key] ?? .null, forKey: key) }
    return facts
  }

  private static func fits(_ file: String, _ name: BIDSName) -> Bool {
    guard file.hasSuffix(".json") else { return false }
    var parts = file.dropLast(5).split(separator: "_").map(String.init)
    guard parts.popLast() == name.suffix else { return false }
    let own = name.entities.map { "\($0.key)-\($0.label)" }
    return parts.allSatisfy(own.contains)
  }
}

extension JSON {
  /// A value as it was read.
  init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool(let value): self = .boolean(value)
    case .number(let number):
      self = number.integer.map(JSON.integer) ?? number.double.map(JSON.number) ?? .null
    case .string(let text): self = .string(text)
    case .array(let values): self = .array(values.map(JSON.init))
    case .object(let object):
      self = .object(object.keys.map { ($0, JSON(object[$0] ?? .null)) })
    }
  }
}
