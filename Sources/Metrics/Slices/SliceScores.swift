/// A score for every slice of a volume across the three axes.
public struct SliceScores: Sendable, Equatable {
  /// Per axis the scores in the order of the slices; nil: the slice is too small for the metric.
  public let values: [[Double?]]

  /// Takes scores across i, j and k.
  public init(_ values: [[Double?]]) { self.values = values }

  /// Scores that are not defined, because a voxel is not finite.
  static func undefined(_ size: SIMD3<Int>) -> SliceScores {
    SliceScores((0..<3).map { [Double?](repeating: .nan, count: size[$0]) })
  }

  /// The mean over the slices of all axes together; NaN if there is none.
  public var mean: Double { Self.mean(values.joined().compactMap { $0 }) }

  /// The mean over the chosen slices; NaN if there is none.
  public func mean(_ selection: SliceSelection) -> Double {
    Self.mean(values.indices.flatMap { scores(axis: $0, selection) })
  }

  /// The mean over the chosen slices across one axis.
  public func mean(axis: Int, _ selection: SliceSelection) -> Double {
    Self.mean(scores(axis: axis, selection))
  }

  /// Chosen slices with a score.
  public func count(_ selection: SliceSelection) -> Int {
    values.indices.reduce(0) { $0 + scores(axis: $1, selection).count }
  }

  /// Slices that are too small.
  public var skippedCount: Int { values.joined().count { $0 == nil } }

  private func scores(axis: Int, _ selection: SliceSelection) -> [Double] {
    zip(values[axis], selection.isChosen[axis]).compactMap { $1 ? $0 : nil }
  }

  private static func mean(_ scores: [Double]) -> Double {
    scores.reduce(0, +) / Double(scores.count)
  }
}

/// Which slices of a volume count.
public struct SliceSelection: Sendable, Equatable {
  /// Per axis whether each slice counts.
  public let isChosen: [[Bool]]

  /// All slices.
  public init(allOf size: SIMD3<Int>) {
    isChosen = (0..<3).map { [Bool](repeating: true, count: size[$0]) }
  }

  /// The slices that show something: in which a voxel of `voxels` lies above the least of all.
  public init(notEmptyIn voxels: [Float], size: SIMD3<Int>) {
    let least = voxels.min() ?? 0
    self.init(size: size) { voxels[$0] > least }
  }

  /// The slices that meet a mask.
  public init(meeting mask: [UInt8], size: SIMD3<Int>) {
    self.init(size: size) { mask[$0] != 0 }
  }

  private init(size: SIMD3<Int>, isSeen: (Int) -> Bool) {
    var chosen = (0..<3).map { [Bool](repeating: false, count: size[$0]) }
    var place = 0
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x {
          if isSeen(place) {
            chosen[0][i] = true
            chosen[1][j] = true
            chosen[2][k] = true
          }
          place += 1
        }
      }
    }
    isChosen = chosen
  }
}
