import Checkpoints
import Files
import Volumes

/// A filter file: which values of entities volumes have.
///
/// A JSON object of entities (`{"session": "02", "acquisition": null}`), or, as fMRIPrep takes it, an
/// object of such objects by kind of image (`{"t1w": {"suffix": "T1w", "run": [1, 2]}}`), of which one
/// has to fit. A value is a text, a number, a list of them, null (not in the name) or `*` (in the name,
/// whatever it is).
struct BIDSFilter: Sendable {
  private enum Wish: Sendable {
    case absent
    case any
    case oneOf([String])
  }

  private let queries: [[(key: String, wish: Wish)]]

  /// Short keys by the long ones that filters use.
  private static let keys = [
    "subject": "sub", "session": "ses", "acquisition": "acq", "ceagent": "ce", "tracer": "trc",
    "reconstruction": "rec", "direction": "dir", "run": "run", "modality": "mod", "echo": "echo",
    "flip": "flip", "inversion": "inv", "mt": "mt", "part": "part", "processing": "proc",
    "space": "space", "chunk": "chunk", "resolution": "res", "description": "desc",
    "suffix": "suffix", "datatype": "datatype", "extension": "extension",
  ]

  /// Reads a filter.
  ///
  /// - Throws: If the file cannot be read, is no JSON object, or names an entity that there is not.
  init(path: String) throws(Failure) {
    let bytes = try Failure.of(.settings) { () throws(FileError) in
      try InputFile(path: path).read(at: 0, count: StrictJSON.Limits.settings.bytes + 1)
    }
    let value: JSONValue
    do throws(JSONFault) {
      value = try StrictJSON.parse(bytes)
    } catch {
      throw Failure(JSONError(subject: path, cause: error), about: .settings)
    }
    guard case .object(let root) = value else {
      throw Self.failure(path, "the filter", value.kind, "must be an object")
    }
    let objects = root.keys.compactMap { key -> JSONObject? in
      guard case .object(let object)? = root[key] else { return nil }
      return object
    }
    let isNested = objects.count == root.count && !objects.isEmpty
    queries = try (isNested ? objects : [root]).map { object throws(Failure) in
      try Self.query(object, path: path)
    }
  }

  private static func query(
    _ object: JSONObject, path: String
  ) throws(Failure) -> [(key: String, wish: Wish)] {
    try object.keys.map { name throws(Failure) in
      guard let key = keys[name] ?? keys.values.first(where: { $0 == name }) else {
        let nearest = NearestName.find(name, among: Array(keys.keys))
        throw failure(
          path, name, "no entity",
          "must be one of BIDS" + (nearest.map { "; did you mean \($0)?" } ?? ""))
      }
      guard let value = object[name], let wish = wish(value) else {
        throw failure(
          path, name, object[name]?.kind ?? "nothing", "must be a text, a number, a list or null")
      }
      return (key, wish)
    }
  }

  private static func wish(_ value: JSONValue) -> Wish? {
    switch value {
    case .null: return .absent
    case .string("*"): return .any
    case .string(let text): return .oneOf([text])
    case .number(let number): return .oneOf([number.text])
    case .array(let values):
      let texts = values.compactMap { value -> String? in
        guard case .oneOf(let texts)? = wish(value) else { return nil }
        return texts.first
      }
      return texts.count == values.count ? .oneOf(texts) : nil
    case .bool, .object: return nil
    }
  }

  private static func failure(
    _ path: String, _ key: String, _ found: String, _ reason: String
  ) -> Failure {
    Failure(.settingsValue(path: path, key: key, found: found, reason: reason))
  }

  /// Whether a volume fits.
  func includes(_ image: BIDSDataset.Image) -> Bool {
    queries.contains { query in
      query.allSatisfy { Self.fits(Self.value($0.key, of: image), $0.wish) }
    }
  }

  private static func value(_ key: String, of image: BIDSDataset.Image) -> String? {
    switch key {
    case "suffix": image.name.suffix
    case "datatype": "anat"
    case "extension": image.ending
    default: image.name[key]
    }
  }

  private static func fits(_ value: String?, _ wish: Wish) -> Bool {
    switch wish {
    case .absent: value == nil
    case .any: value != nil
    case .oneOf(let texts):
      // Run 1 may be written 01.
      texts.contains { text in
        text == value || value.flatMap { Int($0) }.map { $0 == Int(text) } ?? false
      }
    }
  }
}
