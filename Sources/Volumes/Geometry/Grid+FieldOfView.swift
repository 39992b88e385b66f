extension Grid {
  /// How far apart the fields of view of two grids are: the largest distance (mm) between
  /// corresponding corners, corner (0, 0, 0) with corner (0, 0, 0) and so on.
  ///
  /// Grids over the same field of view have distance 0 whatever their sizes; exchanged or flipped
  /// axes count as far apart.
  public func fieldOfViewDistance(to other: Grid) -> Double {
    zip(corners, other.corners).map { ($0 - $1).length }.max() ?? 0
  }

  /// The extent of the field of view along the voxel axes, in millimetres.
  public var fieldOfView: SIMD3<Double> { affine.columnNorms * SIMD3<Double>(size) }

  private var corners: [SIMD3<Double>] {
    (0..<8).map { corner in
      var point = SIMD3(repeating: -0.5)
      for axis in 0..<3 where corner >> axis & 1 == 1 { point[axis] += Double(size[axis]) }
      return affine.apply(point)
    }
  }
}

extension SIMD3<Double> {
  fileprivate var length: Double { (self * self).sum().squareRoot() }
}
