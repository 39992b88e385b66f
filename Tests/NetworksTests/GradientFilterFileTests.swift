import Checkpoints
import TestSupport
import Testing

@testable import Networks

/// Gradient filters as files.
@Suite struct GradientFilterFileTests {
  private static let filters = GradientFilters(
    factor: 3, patch: 3,
    hashing: .init(
      window: 3, bins: .init(azimuth: 2, polar: 2, strength: 3, coherence: 2),
      features: .traceAnisotropy, strengthBorders: [0.125, 0.5], coherenceBorders: [0.25]),
    source: .kspace, faces: .mirrored,
    filters: (0..<(24 * 27)).map { Float($0 % 31 - 15) / 8 }, counts: (0..<24).map { Float($0) },
    pool: 12.5, blendThreshold: 9)

  private func checkpoint(
    _ change: (inout [Tensor], inout [String: String]) -> Void = { _, _ in }
  ) -> Checkpoint {
    var tensors = Self.filters.tensors
    var metadata = Self.filters.metadata
    change(&tensors, &metadata)
    return Checkpoint(tensors: tensors, metadata: metadata, path: "f.safetensors")
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    guard case .filters(let found) = try Network(checkpoint: checkpoint()) else {
      Issue.record("no filters")
      return
    }
    #expect(found == Self.filters)
  }

  @Test func filesThatSayNothingOfFacesKeepThem() throws {
    let found = try Network(
      checkpoint: checkpoint { _, metadata in metadata["arssr.filters.faces"] = nil })
    guard case .filters(let filters) = found else {
      Issue.record("no filters")
      return
    }
    #expect(filters.faces == .kept)
  }

  /// Two directions, strengths and coherences: buckets 0 to 3 of the first direction, 4 to 7 of the second.
  private func pooled(_ pool: Double?, _ counts: [Float]?) -> GradientFilters {
    let taps: [Float] = [1, 0, 3, 5, 7, 0, 0, 9]
    return GradientFilters(
      factor: 2, patch: 3,
      hashing: .init(
        window: 3, bins: .init(azimuth: 2, polar: 1, strength: 2, coherence: 2),
        strengthBorders: [0.1], coherenceBorders: [0.2]),
      filters: taps.flatMap { [Float](repeating: $0, count: 27) }, counts: counts, pool: pool)
  }

  @Test func filtersAreDrawnToTheMeanOfTheirLike() {
    let counts: [Float] = [30, 2, 10, 40, 10, 0, 5, 60]
    func applied(_ pool: Double?, _ counts: [Float]?) -> [Double] {
      let filters = pooled(pool, counts)
      return (0..<8).map { Double(filters.appliedFilters[filters.taps(of: $0).lowerBound + 13]) }
    }
    // Buckets 1 and 5 have no like with a filter: the mean of all is (30 + 30 + 200 + 70 + 540) / 150.
    let all = 5.8
    #expect(applied(nil, counts) == [1, 0, 3, 5, 7, 0, 0, 9])
    #expect(applied(20, nil) == [1, 0, 3, 5, 7, 0, 0, 9])
    for (found, expected) in zip(applied(0, counts), [1, all, 3, 5, 7, all, 3, 9]) {
      #expect(abs(found - expected) <= 1e-6 * expected)
    }
    // Means: (30 * 1 + 10 * 7) / 40 = 2.5; 3; (40 * 5 + 60 * 9) / 100 = 7.4.
    // Bucket 0: (30 * 1 + 20 * 2.5) / 50; 3: (40 * 5 + 20 * 7.4) / 60; 4: (10 * 7 + 20 * 2.5) / 30;
    // 7: (60 * 9 + 20 * 7.4) / 80.
    let expected: [Double] = [1.6, all, 3, 5.8, 4, all, 3, 8.6]
    for (found, expected) in zip(applied(20, counts), expected) {
      #expect(abs(found - expected) <= 1e-6 * expected)
    }
  }

  @Test func ofAnArrayOfZerosThereIsNoFilter() {
    var filters = Self.filters
    for tap in 27..<54 { filters.filters[tap] = 0 }
    #expect(filters.hasFilter(0) && !filters.hasFilter(1) && filters.hasFilter(2))
  }

  @Test(arguments: [
    ("arssr.filters.factor", "1"), ("arssr.filters.factor", "two"), ("arssr.filters.patch", "4"),
    ("arssr.filters.patch", "5"), ("arssr.filters.window", "5"), ("arssr.filters.window", ""),
    ("arssr.filters.bins", "2,2,3"), ("arssr.filters.bins", "2,2,3,0"),
    ("arssr.filters.bins", "2,2,3,3"), ("arssr.filters.sigma", "0"),
    ("arssr.filters.features", "fa"), ("arssr.filters.lr", "none"),
    ("arssr.filters.blend", "27"), ("arssr.filters.pool", "-1"), ("arssr.filters.pool", "all"),
    ("arssr.filters.faces", "black"),
  ])
  func metadataThatDoNotFitAreRefused(_ key: String, _ value: String) {
    #expect(throws: NetworkError.self) {
      try Network(checkpoint: checkpoint { _, metadata in metadata[key] = value })
    }
  }

  @Test(arguments: [
    "arssr.filters.factor", "arssr.filters.patch", "arssr.filters.window", "arssr.filters.bins",
    "arssr.filters.sigma", "arssr.filters.features", "arssr.filters.lr",
  ])
  func missingMetadataAreNamed(_ key: String) {
    #expect {
      try Network(checkpoint: checkpoint { _, metadata in metadata[key] = nil })
    } throws: { error in
      (error as? NetworkError)?.message == "has no metadata \(key), which this architecture needs"
    }
  }

  @Test func tensorsThatDoNotFitAreRefused() {
    for number in 0..<3 {
      #expect(throws: NetworkError.self) {
        try Network(checkpoint: checkpoint { tensors, _ in tensors.remove(at: number) })
      }
    }
    #expect(throws: NetworkError.self) {
      try Network(
        checkpoint: checkpoint { tensors, _ in tensors[1].values = [0.5, 0.125] })
    }
    #expect(throws: NetworkError.self) {
      try Network(
        checkpoint: checkpoint { tensors, _ in
          tensors.append(Tensor(name: "more", shape: [1], values: [1]))
        })
    }
  }
}
