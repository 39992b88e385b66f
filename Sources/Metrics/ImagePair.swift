import Volumes
import Workers

/// An image to judge and its reference, on one grid.
public struct ImagePair: Sendable {
  /// The values to judge, i fastest.
  public let image: [Float]
  /// The truth, in the same order.
  public let reference: [Float]
  /// Voxels along i, j, k.
  public let size: SIMD3<Int>

  /// Pairs arrays of one size and order.
  ///
  /// - Throws: ``ComparisonError/unlikeCounts(image:reference:)`` if one is not of that size.
  public init(
    _ image: [Float], against reference: [Float], size: SIMD3<Int>
  ) throws(ComparisonError) {
    let count = size.x * size.y * size.z
    for values in [image, reference] where values.count != count {
      throw .unlikeCounts(image: values.count, reference: count)
    }
    self.image = image
    self.reference = reference
    self.size = size
  }

  /// Pairs volumes.
  ///
  /// - Throws: ``ComparisonError`` if the sizes differ, or a corner lies elsewhere by more than
  ///   1e-3 mm. Volumes are never resampled here.
  public init(_ image: Volume, against reference: Volume) throws(ComparisonError) {
    try image.grid.checkComparable(with: reference.grid)
    try self.init(image.voxels, against: reference.voxels, size: reference.grid.size)
  }

  /// The smallest and the largest of all voxels of the reference; NaN where one is not finite.
  public func referenceLimits(pool: WorkerPool) -> (low: Double, high: Double) {
    let parts = pool.chunks(of: reference.count) { chunk -> SIMD2<Float> in
      var low = Float.infinity
      var high = -Float.infinity
      for index in chunk {
        let value = reference[index]
        if !value.isFinite { return SIMD2(repeating: .nan) }
        low = min(low, value)
        high = max(high, value)
      }
      return SIMD2(low, high)
    }
    guard !parts.contains(where: \.x.isNaN), let low = parts.map(\.x).min(),
      let high = parts.map(\.y).max()
    else { return (.nan, .nan) }
    return (Double(low), Double(high))
  }

  /// max - min of all voxels of the reference: the data range R of every metric that needs one.
  ///
  /// NaN where a voxel is not finite.
  public func referenceRange(pool: WorkerPool) -> Double {
    let limits = referenceLimits(pool: pool)
    return limits.high - limits.low
  }

  /// Voxels at which one of the images is not finite.
  func nonFiniteCount(pool: WorkerPool) -> Int {
    pool.chunks(of: reference.count) { chunk in
      var count = 0
      for index in chunk where !image[index].isFinite || !reference[index].isFinite { count += 1 }
      return count
    }.reduce(0, +)
  }

  /// - Throws: ``ComparisonError/unlikeCounts(image:reference:)`` if a mask is of another size.
  func check(_ masks: [[UInt8]?]) throws(ComparisonError) {
    for case .some(let mask) in masks where mask.count != reference.count {
      throw .unlikeCounts(image: mask.count, reference: reference.count)
    }
  }
}

extension Grid {
  /// - Throws: ``ComparisonError`` if voxels of the two grids do not lie at the same places: the sizes
  ///   differ, or a corner lies elsewhere by more than 1e-3 mm.
  public func checkComparable(with other: Grid) throws(ComparisonError) {
    guard size == other.size else {
      throw .unlikeSizes(
        image: size, reference: other.size, millimetres: fieldOfViewDistance(to: other))
    }
    let distance = largestCornerDistance(to: other)
    guard distance <= ComparisonError.allowedMillimetres else {
      throw .unlikePlaces(millimetres: distance)
    }
  }

  /// How far apart the corner voxels' centres of two grids of one size are at most, in millimetres.
  func largestCornerDistance(to other: Grid) -> Double {
    var largest = 0.0
    for corner in 0..<8 {
      let voxel = SIMD3<Double>(
        SIMD3(
          corner & 1 == 0 ? 0 : size.x - 1, corner & 2 == 0 ? 0 : size.y - 1,
          corner & 4 == 0 ? 0 : size.z - 1))
      let difference = affine.apply(voxel) - other.affine.apply(voxel)
      largest = max(largest, (difference * difference).sum().squareRoot())
    }
    return largest
  }
}
