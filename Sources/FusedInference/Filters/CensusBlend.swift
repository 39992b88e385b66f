/// Keeps the image where another one turns the order of neighbouring voxels over.
///
/// The descriptor of a voxel is, for each of its 26 neighbours, whether that is smaller. Where the
/// descriptors of both images differ in more than `threshold` bits, the result is the image, else the
/// other one. Voxels at the faces, which lack neighbours, are those of the image.
///
/// Source: the filter learning project for 3D MR images.
package struct CensusBlend: Sendable {
  /// Differences that are allowed, 0 to 26.
  package var threshold: Int
  /// Voxels along i, j, k.
  package var size: SIMD3<Int>
  /// Elements from a row to the next and from a plane to the next, of both images.
  package var strides: (row: Int, plane: Int)
  /// Whether voxels at the faces become 0, as published.
  package var zeroesFaces: Bool

  /// - Parameters:
  ///   - threshold: Differences that are allowed.
  ///   - size: Voxels along i, j, k.
  ///   - strides: nil: without gaps.
  ///   - zeroesFaces: Whether voxels at the faces become 0, as published.
  package init(
    threshold: Int, size: SIMD3<Int>, strides: (row: Int, plane: Int)? = nil,
    zeroesFaces: Bool = false
  ) {
    self.threshold = threshold
    self.size = size
    self.strides = strides ?? (size.x, size.x * size.y)
    self.zeroesFaces = zeroesFaces
  }

  /// The published number of differences.
  package static let publishedThreshold = 10

  /// Blends one row.
  ///
  /// - Parameters:
  ///   - j: The row.
  ///   - k: Its plane.
  ///   - image: Voxel (0, 0, 0) of the image; the planes before and behind are read.
  ///   - other: The same of the other one.
  ///   - target: `size.x` values.
  package func row<Value: BinaryFloatingPoint>(
    j: Int, k: Int, image: UnsafePointer<Value>, other: UnsafePointer<Value>,
    into target: UnsafeMutablePointer<Value>
  ) {
    let start = k * strides.plane + j * strides.row
    target.update(from: image + start, count: size.x)
    guard j > 0, k > 0, j < size.y - 1, k < size.z - 1 else {
      if zeroesFaces { target.update(repeating: 0, count: size.x) }
      return
    }
    if zeroesFaces { (target[0], target[size.x - 1]) = (0, 0) }
    for i in 1..<max(1, size.x - 1) where image[start + i] != other[start + i] {
      if differences(at: start + i, image, other) <= threshold { target[i] = other[start + i] }
    }
  }

  private func differences<Value: BinaryFloatingPoint>(
    at place: Int, _ image: UnsafePointer<Value>, _ other: UnsafePointer<Value>
  ) -> Int {
    let (a, b) = (image[place], other[place])
    var count = 0
    for k in -1...1 {
      for j in -1...1 {
        let row = place + k * strides.plane + j * strides.row
        // The voxel is smaller than itself in neither.
        for i in -1...1 where (image[row + i] < a) != (other[row + i] < b) { count += 1 }
      }
    }
    return count
  }
}
