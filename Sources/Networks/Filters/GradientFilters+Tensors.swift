import Checkpoints

extension GradientFilters {
  /// Names of the tensors of a file.
  private enum Name {
    static let filters = "h"
    static let strength = "strength_bounds"
    static let coherence = "coherence_bounds"
    static let counts = "counts"
  }

  /// All tensors in the order of a file; recognition makes the same filters of them.
  ///
  /// Borders are float32 in a file; those that are learned are rounded to it before they are used.
  public var tensors: [Tensor] {
    var tensors = [
      Tensor(name: Name.filters, shape: [bucketCount, tapCount], values: filters),
      Tensor(
        name: Name.strength, shape: [hashing.strengthBorders.count],
        values: hashing.strengthBorders.map { Float($0) }),
      Tensor(
        name: Name.coherence, shape: [hashing.coherenceBorders.count],
        values: hashing.coherenceBorders.map { Float($0) }),
    ]
    if let counts {
      tensors.append(Tensor(name: Name.counts, shape: [bucketCount], values: counts))
    }
    return tensors
  }

  /// The metadata that make a file of these tensors these filters.
  public var metadata: [String: String] {
    var metadata: [String: String] = [:]
    func set(_ key: MetadataKey, _ value: String) { metadata[key.rawValue] = value }
    set(.architecture, Architecture.gradientFilters.rawValue)
    set(.filterFactor, "\(factor)")
    set(.filterPatch, "\(patch)")
    set(.filterWindow, "\(hashing.window)")
    set(.filterSigma, "\(hashing.sigma)")
    set(.filterBins, hashing.bins.text)
    set(.filterFeatures, hashing.features.rawValue)
    set(.filterSource, source.rawValue)
    set(.filterFaces, faces.rawValue)
    if let degradation { set(.degradation, degradation) }
    if let pool { set(.filterPool, "\(pool)") }
    if let blendThreshold { set(.filterBlend, "\(blendThreshold)") }
    return metadata
  }

  /// Recognises filters in the tensors and metadata of a checkpoint.
  ///
  /// - Throws: ``NetworkError`` with the path of the checkpoint.
  public init(checkpoint: Checkpoint) throws(NetworkError) {
    do throws(NetworkFault) {
      let unknownKeys = try MetadataKey.check(checkpoint.metadata)
      let reader = FilterReader(metadata: checkpoint.metadata)
      let factor = try reader.number(.filterFactor, in: Self.factorRange)
      let patch = try reader.number(.filterPatch, in: Self.patchRange)
      let window = try reader.number(.filterWindow, in: 3...patch)
      guard let bins = Bins(try reader.text(.filterBins)) else {
        throw reader.refusal(.filterBins, "four whole numbers")
      }
      let (index, taps) = (TensorIndex(checkpoint), patch * patch * patch)
      let shapes = [
        (Name.filters, [bins.count, taps]), (Name.strength, [bins.strength - 1]),
        (Name.coherence, [bins.coherence - 1]),
      ]
      try Self.check(index, shapes, optional: (Name.counts, [bins.count]))
      let hashing = Hashing(
        window: window, sigma: try reader.sigma, bins: bins,
        features: try reader.choice(.filterFeatures),
        strengthBorders: try Self.borders(index, Name.strength),
        coherenceBorders: try Self.borders(index, Name.coherence))
      self.init(
        factor: factor, patch: patch, hashing: hashing, source: try reader.choice(.filterSource),
        faces: try reader.faces, filters: index[Name.filters]?.values ?? [],
        counts: index[Name.counts]?.values, pool: try reader.pool,
        blendThreshold: try reader.blendThreshold)
      if let stated = checkpoint.metadata[MetadataKey.degradation.rawValue] { degradation = stated }
      notices = unknownKeys.map { .unknownKey($0, in: checkpoint.path) }
    } catch {
      throw NetworkError(subject: checkpoint.path, cause: error)
    }
  }

  private static func borders(
    _ index: TensorIndex, _ name: String
  ) throws(NetworkFault) -> [Double] {
    let values = (index[name]?.values ?? []).map { Double($0) }
    guard zip(values, values.dropFirst()).allSatisfy(<=) else { throw .fallingBorders(name) }
    return values
  }

  private static func check(
    _ index: TensorIndex, _ needed: [(name: String, shape: [Int])],
    optional: (name: String, shape: [Int])
  ) throws(NetworkFault) {
    var difference = TableDifference(
      architecture: Architecture.gradientFilters.rawValue, featureChannels: 0, extraInputs: 0,
      missing: [], surplus: [], wrongShapes: [], wrongTypes: [])
    for (name, shape) in needed + (index[optional.name] == nil ? [] : [optional]) {
      guard let tensor = index[name] else {
        difference.missing.append(name)
        continue
      }
      if tensor.shape != shape {
        difference.wrongShapes.append(.init(name: name, found: tensor.shape, needed: shape))
      } else if !tensor.elementType.isFloatingPoint {
        difference.wrongTypes.append(name)
      }
    }
    let known = Set(needed.map(\.name) + [optional.name])
    difference.surplus = index.names.filter { !known.contains($0) }
    guard difference.isEmpty else { throw .tensors(difference) }
  }
}

/// Takes the numbers of filters from metadata.
private struct FilterReader {
  let metadata: [String: String]

  func text(_ key: MetadataKey) throws(NetworkFault) -> String {
    guard let text = metadata[key.rawValue] else { throw .metadataMissing(key.rawValue) }
    return text
  }

  func refusal(_ key: MetadataKey, _ wanted: String) -> NetworkFault {
    .metadataValue(key: key.rawValue, value: metadata[key.rawValue] ?? "", wanted: wanted)
  }

  /// A whole number; an odd one where the range begins at 3, as all sizes of windows do.
  func number(_ key: MetadataKey, in range: ClosedRange<Int>) throws(NetworkFault) -> Int {
    let isOdd = range.lowerBound == 3
    guard let number = Int(try text(key)), range.contains(number), !isOdd || number % 2 == 1 else {
      let kind = isOdd ? "an odd" : "a whole"
      throw refusal(key, "\(kind) number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: MetadataKey
  ) throws(NetworkFault) -> Choice {
    guard let choice = Choice(rawValue: try text(key)) else {
      throw refusal(key, Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  /// Files of before say nothing of faces.
  var faces: GradientFilters.Faces {
    get throws(NetworkFault) {
      metadata[MetadataKey.filterFaces.rawValue] == nil ? .kept : try choice(.filterFaces)
    }
  }

  var sigma: Double {
    get throws(NetworkFault) {
      guard let sigma = MetadataKey.number(try text(.filterSigma)), sigma > 0, sigma <= 100 else {
        throw refusal(.filterSigma, "a number above 0, at most 100")
      }
      return sigma
    }
  }

  var pool: Double? {
    get throws(NetworkFault) {
      guard let text = metadata[MetadataKey.filterPool.rawValue] else { return nil }
      guard let pool = MetadataKey.number(text), GradientFilters.poolRange.contains(pool) else {
        throw refusal(.filterPool, "a number from 0 to 1e9")
      }
      return pool
    }
  }

  var blendThreshold: Int? {
    get throws(NetworkFault) {
      guard let text = metadata[MetadataKey.filterBlend.rawValue] else { return nil }
      guard let threshold = Int(text), (0...26).contains(threshold) else {
        throw refusal(.filterBlend, "a whole number from 0 to 26")
      }
      return threshold
    }
  }
}
