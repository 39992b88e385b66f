import Workers

/// How well the labels of two segmentations overlap, by the Dice coefficient.
///
/// Labels are compared by value; 0 is the background and no label.
public struct LabelOverlap: Sendable, Equatable {
  /// Voxels of a label in either volume, and in both.
  public struct Counts: Sendable, Equatable {
    /// In the segmentation to judge.
    public var image = 0
    /// In the reference's.
    public var reference = 0
    /// In both at the same place.
    public var both = 0

    /// 2 both / (image + reference); 0 for a label of one volume only, NaN for one of neither.
    public var dice: Double { 2 * Double(both) / Double(image + reference) }
  }

  /// The counts of every label that is in one of the volumes.
  public let counts: [Float: Counts]

  /// The labels that are in one of the volumes, in rising order.
  public var labels: [Float] { counts.keys.sorted() }

  /// The Dice coefficient of a label; NaN for one of neither volume.
  public func dice(_ label: Float) -> Double { (counts[label] ?? Counts()).dice }

  /// The mean over ``labels``; NaN if there is none.
  public var meanDice: Double {
    labels.reduce(0) { $0 + dice($1) } / Double(labels.count)
  }

  /// Compares label volumes.
  ///
  /// - Parameters:
  ///   - pair: The labels, all finite.
  ///   - pool: Shares the voxels.
  public init(_ pair: ImagePair, pool: WorkerPool) {
    let parts = pool.chunks(of: pair.reference.count) { chunk in
      // Neighbours are mostly alike, so that runs are few.
      var counts: [Float: Counts] = [:]
      var start = chunk.lowerBound
      while start < chunk.upperBound {
        let (label, truth) = (pair.image[start], pair.reference[start])
        var end = start + 1
        while end < chunk.upperBound, pair.image[end] == label, pair.reference[end] == truth {
          end += 1
        }
        if label != 0 { counts[label, default: Counts()].image += end - start }
        if truth != 0 { counts[truth, default: Counts()].reference += end - start }
        if label == truth, label != 0 { counts[label, default: Counts()].both += end - start }
        start = end
      }
      return counts
    }
    counts = parts.reduce(into: [:]) { total, part in
      total.merge(part) {
        Counts(
          image: $0.image + $1.image, reference: $0.reference + $1.reference,
          both: $0.both + $1.both)
      }
    }
  }
}
