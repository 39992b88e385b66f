/// What can be said of the values of a volume at a glance.
public struct VoxelStatistics: Sendable, Equatable {
  /// Voxels looked at.
  public private(set) var count = 0
  /// Voxels that are NaN or infinite.
  public private(set) var nonFinite = 0
  /// The smallest and the largest finite value; nil without one.
  public private(set) var range: ClosedRange<Float>?
  /// Voxels that hold exactly the smallest value: mostly the background.
  public private(set) var atMinimum = 0

  /// Nothing looked at yet.
  public init() {}

  /// Takes the voxels of a volume, or of a further frame, into account.
  public mutating func add(_ voxels: [Float]) {
    count += voxels.count
    for value in voxels {
      guard value.isFinite else {
        nonFinite += 1
        continue
      }
      guard let known = range else {
        range = value...value
        atMinimum = 1
        continue
      }
      if value < known.lowerBound {
        range = value...known.upperBound
        atMinimum = 1
      } else {
        if value == known.lowerBound { atMinimum += 1 }
        if value > known.upperBound { range = known.lowerBound...value }
      }
    }
  }

  /// Share of the voxels that hold exactly the smallest value, 0 to 1.
  public var shareAtMinimum: Double { count == 0 ? 0 : Double(atMinimum) / Double(count) }
}
