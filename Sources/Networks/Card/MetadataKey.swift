import Checkpoints
import Files

/// The keys that a model carries in its file; values are strings.
///
/// The keys up to `normalisationEpsilon` decide the function that is computed; absent means published
/// behaviour. The others describe the model.
public enum MetadataKey: String, Sendable, CaseIterable {
  case format = "arssr.format"
  case architecture = "arssr.arch"
  case encoder = "arssr.encoder"
  case finalReLU = "arssr.final_relu"
  case residual = "arssr.residual"
  case padding = "arssr.padding"
  case margin = "arssr.margin"
  case normalisation = "arssr.normalisation"
  case coordinates = "arssr.coordinates"
  case condition = "arssr.condition"
  case conditionDefault = "arssr.condition.default"
  case deconvolutionLambda = "arssr.deconvolution.lambda"
  case deconvolutionVersion = "arssr.deconvolution.version"
  case blendSpacings = "arssr.blend.spacings"
  case blendBlurs = "arssr.blend.blurs"
  case axes = "arssr.axes"
  case normalisationEpsilon = "arssr.bn_eps"
  case filterFactor = "arssr.filters.factor"
  case filterPatch = "arssr.filters.patch"
  case filterWindow = "arssr.filters.window"
  case filterSigma = "arssr.filters.sigma"
  case filterBins = "arssr.filters.bins"
  case filterFeatures = "arssr.filters.features"
  case filterSource = "arssr.filters.lr"
  case filterFaces = "arssr.filters.faces"
  case filterPool = "arssr.filters.pool"
  case filterBlend = "arssr.filters.blend"
  case name = "arssr.name"
  case degradation = "arssr.degradation"
  case scales = "arssr.scales"
  case contrast = "arssr.contrast"
  case status = "arssr.status"
  case provenance = "arssr.provenance"
  case training = "arssr.training"
  case licence = "arssr.licence"
  case citation = "arssr.citation"
  case tensorsSHA256 = "arssr.tensors.sha256"
  case base = "arssr.base"
  case uncertainty = "arssr.uncertainty"

  /// Version of this table.
  public static let formatVersion = 1

  /// The version of the rule by which a blur is divided out.
  public static let deconvolutionVersionRead = 1

  /// Largest value, in UTF-8 bytes.
  static let longestValue = 64 << 10
  /// Largest sum of all keys and values, in UTF-8 bytes.
  static let mostBytes = 1 << 20
}

// MARK: - Validation

extension MetadataKey {
  /// Checks version, architecture and the values of all known keys.
  ///
  /// - Returns: Keys that begin with `arssr.` and are unknown, sorted.
  static func check(_ metadata: [String: String]) throws(NetworkFault) -> [String] {
    if let text = metadata[format.rawValue] {
      guard Int(text) == formatVersion else { throw .formatVersion(text) }
    }
    for key in allCases {
      if let value = metadata[key.rawValue] { try key.check(value) }
    }
    try checkResidual(metadata)
    return metadata.keys.filter { $0.hasPrefix("arssr.") && MetadataKey(rawValue: $0) == nil }
      .sorted()
  }

  /// The words for what ArSSR adds its result to, and for whether the related networks add the image.
  private static let bases = ArSSRVariants.Residual.allCases.map(\.rawValue)
  private static let flags = ["true", "false"]

  /// One key, but a word of its own for each architecture.
  private static func checkResidual(_ metadata: [String: String]) throws(NetworkFault) {
    guard let value = metadata[residual.rawValue] else { return }
    let stated = metadata[architecture.rawValue] ?? Architecture.arssr.rawValue
    let words = stated == Architecture.arssr.rawValue ? bases : flags
    guard words.contains(value) else {
      throw .metadataValue(
        key: residual.rawValue, value: value, wanted: words.joined(separator: ", "))
    }
  }

  /// Checks that metadata to be written stay within their limits.
  static func checkSize(_ metadata: [String: String]) throws(NetworkFault) {
    var total = 0
    for (key, value) in metadata {
      guard value.utf8.count <= longestValue else {
        throw .metadataSize(key: key, bytes: value.utf8.count, limit: longestValue)
      }
      total += key.utf8.count + value.utf8.count
    }
    guard total <= mostBytes else {
      throw .metadataSize(key: "__metadata__", bytes: total, limit: mostBytes)
    }
  }

  /// Checks one value.
  public func check(_ value: String) throws(NetworkFault) {
    func require(_ holds: Bool, _ wanted: String) throws(NetworkFault) {
      guard holds else { throw .metadataValue(key: rawValue, value: value, wanted: wanted) }
    }
    func require(oneOf choices: [String]) throws(NetworkFault) {
      try require(choices.contains(value), choices.joined(separator: ", "))
    }
    switch self {
    case .format:
      guard Int(value) == Self.formatVersion else { throw .formatVersion(value) }
    case .architecture:
      guard Architecture(rawValue: value) != nil else { throw .unknownArchitecture(value) }
    case .encoder: try require(oneOf: EncoderKind.allCases.map(\.rawValue))
    case .finalReLU: try require(oneOf: Self.flags)
    case .axes: try require(oneOf: KernelAxes.allCases.map(\.rawValue))
    case .normalisationEpsilon:
      try require(Self.number(value).map { $0 > 0 } ?? false, "a number above 0")
    case .residual: try require(oneOf: Self.bases + Self.flags)
    case .padding: try require(oneOf: ArSSRVariants.Padding.allCases.map(\.rawValue))
    case .margin:
      let margins = ArSSRVariants.margins
      try require(
        Int(value).map(margins.contains) ?? false, "a whole number from 0 to \(margins.upperBound)")
    case .coordinates: try require(oneOf: ArSSRVariants.Coordinates.allCases.map(\.rawValue))
    case .condition: try require(oneOf: ["psf", "deconvolution"])
    case .deconvolutionVersion: try require(oneOf: ["\(Self.deconvolutionVersionRead)"])
    case .conditionDefault:
      let widths = ArSSRVariants.Condition.widths
      try require(
        Self.number(value).map(widths.contains) ?? false,
        "a number from 0 to \(widths.upperBound.plainText)")
    case .deconvolutionLambda:
      try require(Self.number(value).map { $0 >= 0 } ?? false, "a number, 0 or more")
    case .blendSpacings:
      try require(
        WeightBlend.knots(value).map { $0[0] > 0 } ?? false,
        "rising numbers above 0 such as 1.8,3.6, at most \(WeightBlend.mostKnots)")
    case .blendBlurs:
      try require(
        WeightBlend.knots(value) != nil,
        "rising numbers from 0 such as 0,1, at most \(WeightBlend.mostKnots)")
    case .normalisation:
      try require(
        Self.isNormalisation(value),
        "none, max, minmax, percentile:low,high or scale:value (from 1e-38 to 1e38)")
    case .scales:
      try require(
        Scales(value) != nil, "any, a list such as 2,3,4, a range such as 1.5..4, or 2x2x1")
    case .uncertainty:
      try require(
        SpreadCalibration(value) != nil, "SCALE:FLOOR,FACTOR, several by rising scale with ;")
    case .provenance, .training: try checkJSON(value)
    case .tensorsSHA256, .base:
      try require(
        value.utf8.count == 64 && value.allSatisfy(\.isHexDigit), "64 hexadecimal digits")
    // GradientFilters checks its own together.
    case .filterFactor, .filterPatch, .filterWindow, .filterSigma, .filterBins, .filterFeatures,
      .filterSource, .filterFaces, .filterPool, .filterBlend:
      break
    case .name, .degradation, .contrast, .status, .licence, .citation: break
    }
  }

  private func checkJSON(_ value: String) throws(NetworkFault) {
    do {
      _ = try StrictJSON.parse(Array(value.utf8))
    } catch {
      throw .metadataValue(key: rawValue, value: value, wanted: "JSON (\(error.message))")
    }
  }

  /// A finite number in the plain form; Swift alone would take "nan", "0x1p3" and "inf" as well.
  static func number(_ text: some StringProtocol) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789.+-eE".utf8.contains($0) }), let value = Double(text),
      value.isFinite
    else { return nil }
    return value
  }

  private static func isNormalisation(_ text: String) -> Bool {
    if ["none", "max", "minmax"].contains(text) { return true }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    let numbers = parts[1].split(separator: ",", omittingEmptySubsequences: false).map(number)
    switch (parts[0], numbers.count) {
    case ("percentile", 2):
      guard let low = numbers[0], let high = numbers[1] else { return false }
      return 0 <= low && low < high && high <= 100
    // float32 holds such values and what they are divided into.
    case ("scale", 1): return numbers[0].map { (1e-38...1e38).contains($0) } ?? false
    default: return false
    }
  }
}
