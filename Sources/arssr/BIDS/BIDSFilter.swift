import Checkpoints
import Files
import Volumes

/// A filter file: which values of entities volumes have.
///
/// A JSON object of entities (`{"session": "02", "acquisition": null}`), or, as fMRIPrep takes it, an
/// object of such objects by kind of image (`{"t1w": {"run": [1, 2]}, "bold": {"task": "rest"}}`). The
/// kind is the suffix that its object is about, unless that names another: images of a suffix that no
/// object is about are all taken, and kinds that do not lie among the anatomical images count for
/// nothing. A value is a text, a number, a list of them, null (not in the name) or `*` (in the name,
/// whatever it is).
struct BIDSFilter: Sendable {
  private enum Wish: Sendable {
    case absent
    case any
    /// nil: not in the name.
    case oneOf([String?])
  }

  /// What one object asks for.
  private struct Query: Sendable {
    /// Of the images that it is about.
    let suffix: Wish
    let wishes: [(key: String, wish: Wish)]
  }

  private let queries: [Query]

  /// Short keys by the long ones that filters use.
  private static let keys = [
    "subject": "sub", "session": "ses", "acquisition": "acq", "ceagent": "ce", "tracer": "trc",
    "reconstruction": "rec", "direction": "dir", "run": "run", "modality": "mod", "echo": "echo",
    "flip": "flip", "inversion": "inv", "mt": "mt", "part": "part", "processing": "proc",
    "space": "space", "chunk": "chunk", "resolution": "res", "description": "desc",
    "suffix": "suffix", "datatype": "datatype", "extension": "extension",
  ]

  /// Suffixes of anatomical images; a kind is one of them, small or capital.
  private static let suffixes = [
    "T1w", "T2w", "PDw", "PD", "PDT2", "FLAIR", "T2starw", "T2star", "inplaneT1", "inplaneT2",
    "UNIT1", "angio", "FLASH", "VFA", "IRT1", "MP2RAGE", "MPM", "MTS", "MTR", "MEGRE", "MESE",
    "T1map", "T2map", "T2starmap", "PDmap", "R1map", "R2map", "R2starmap", "T1rho", "MTRmap",
    "MTsat", "MTVmap", "MWFmap", "Chimap", "M0map", "S0map", "defacemask",
  ]

  /// Other kinds, for which a filter that is shared with other programs may hold objects.
  private static let otherKinds = [
    "bold", "sbref", "cbv", "phase", "func", "fmap", "epi", "dwi", "roi", "asl", "m0scan", "perf",
    "pet", "meg", "eeg", "ieeg", "nirs", "mrs", "micr", "motion", "beh", "anat", "mask", "seg",
    "dseg", "probseg", "template", "xfm",
  ]

  /// Reads a filter.
  ///
  /// - Throws: If the file cannot be read, is no JSON object, or names an entity or a kind that there
  ///   is not.
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
    let objects = root.keys.compactMap { key -> (kind: String, object: JSONObject)? in
      guard case .object(let object)? = root[key] else { return nil }
      return (kind: key, object: object)
    }
    guard objects.count == root.count, !objects.isEmpty else {
      queries = try [Query(suffix: .any, wishes: Self.wishes(root, path: path))]
      return
    }
    let own = objects.filter { !Self.otherKinds.contains($0.kind.lowercased()) }
    queries = try own.map { entry throws(Failure) in
      try Self.query(entry.kind, entry.object, path: path)
    }
  }

  private static func query(
    _ kind: String, _ object: JSONObject, path: String
  ) throws(Failure) -> Query {
    let asked = try wishes(object, path: path)
    if let suffix = asked.first(where: { $0.key == "suffix" }) {
      return Query(suffix: suffix.wish, wishes: asked)
    }
    guard let suffix = suffixes.first(where: { $0.lowercased() == kind.lowercased() }) else {
      let nearest = NearestName.find(kind, among: suffixes.map { $0.lowercased() })
      throw failure(
        path, kind, "no kind of image",
        "must be a suffix, as t1w is, or its object must name one"
          + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    return Query(suffix: .oneOf([suffix]), wishes: asked)
  }

  private static func wishes(
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
      var texts: [String?] = []
      for value in values {
        switch wish(value) {
        case .oneOf(let own)?: texts += own
        case .absent?: texts.append(nil)
        case .any?, nil: return nil
        }
      }
      return .oneOf(texts)
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
    let own = queries.filter { Self.fits(image.name.suffix, $0.suffix) }
    if own.isEmpty { return true }
    return own.contains { query in
      query.wishes.allSatisfy { Self.fits(Self.value($0.key, of: image), $0.wish) }
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
      texts.contains { text in
        if text == value { return true }
        // Run 1 may be written 01.
        guard let text, let value, let number = Int(value) else { return false }
        return number == Int(text)
      }
    }
  }
}
