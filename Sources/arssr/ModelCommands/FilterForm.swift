import Networks

/// What is told of learned gradient filters.
struct FilterForm: ModelForm {
  private let filters: GradientFilters
  /// Buckets that have a filter.
  private let filterCount: Int

  init(_ filters: GradientFilters) {
    self.filters = filters
    filterCount = (0..<filters.bucketCount).count { filters.hasFilter($0) }
  }

  var reach: Int { filters.reach }
  var normalisation: String { GradientFilters.normalisation }
  var degradation: String? { filters.degradation }

  var sizes: String {
    let patch = filters.patch
    return "\(filterCount) filters of \(patch) x \(patch) x \(patch) for "
      + "\(filters.bucketCount) buckets (\(filters.hashing.bins.text))"
  }

  var function: String {
    let input =
      switch filters.source {
      case .interpolation: "works on the quadratic spline of the input, corners aligned"
      case .kspace: "works on the input with zeros around its spectrum"
      }
    var parts = [
      "normalisation \(normalisation)", "factor \(filters.factor)", input,
      "gradients in a window of \(filters.hashing.window), \(filters.hashing.features.rawValue)",
    ]
    if filters.faces == .mirrored { parts.append("mirrored at the faces") }
    if let pool = filters.pool {
      parts.append("mean filters for \(NumberText.short(pool)) samples")
    }
    if let threshold = filters.blendThreshold { parts.append("census blending \(threshold)") }
    return parts.joined(separator: ", ")
  }

  var costs: String {
    "\(filters.operationsPerVoxel) multiply-adds per voxel of the result"
      + (filters.factor == 2 ? "" : " (at scale \(filters.factor), its only one)")
  }

  var members: [(key: String, value: JSON)] {
    let bins = filters.hashing.bins
    return [
      ("kind", .string(Architecture.gradientFilters.rawValue)),
      ("factor", .integer(filters.factor)), ("patch", .integer(filters.patch)),
      ("window", .integer(filters.hashing.window)),
      (
        "bins",
        .array([bins.azimuth, bins.polar, bins.strength, bins.coherence].map(JSON.integer))
      ),
      ("filters", .integer(filterCount)),
    ]
  }

  var variants: JSON {
    .object([
      ("features", .string(filters.hashing.features.rawValue)),
      ("lr", .string(filters.source.rawValue)),
      ("faces", .string(filters.faces.rawValue)),
      ("pool", filters.pool.map(JSON.number) ?? .null),
      ("blend", filters.blendThreshold.map(JSON.integer) ?? .null),
    ])
  }

  var cost: JSON {
    .object([("operationsPerVoxel", .number(Double(filters.operationsPerVoxel)))])
  }
}
