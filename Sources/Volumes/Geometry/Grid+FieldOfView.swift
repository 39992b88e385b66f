extension Grid {
  /// How far apart the fields of view of two grids are: the largest distance (mm) between
  /// corresponding corners, corner (0, 0, 0) with corner (0, 0, 0) and so on.
  ///
  /// Grids over the same field of view have distance 0 whatever their sizes; exchanged or flipped
  /// axes count as far apart.
  public func fieldOfViewDistance(to other: Grid) -> Double {
    zip(corners, other.corners).map { ($0 - $1).length }.max() ?? 0
  }

  /// Whether a grid of the same size lies where this one does, to within a twentieth of a voxel.
  public func coincides(with other: Grid) -> Bool {
    fieldOfViewDistance(to: other) <= 0.05 * affine.columnNorms.min()
  }

  /// The extent of the field of view along the voxel axes, in millimetres.
  public var fieldOfView: SIMD3<Double> { affine.columnNorms * SIMD3<Double>(size) }

  /// How far the faces of the field of view lie from those of another grid with axes of the same
  /// directions, along its axes in millimetres, upwards positive: those at voxel 0, and the far ones.
  ///
  /// Lengths that rounding in double leaves are 0, or the same at both faces.
  public func movedEdges(from other: Grid) -> (near: SIMD3<Double>, far: SIMD3<Double>) {
    let extent = other.fieldOfView
    guard let inverse = other.affine.inverse else { return (.zero, fieldOfView - extent) }
    let corner = SIMD3(repeating: -0.5)
    func moved(_ voxels: SIMD3<Int>, _ others: SIMD3<Int>) -> SIMD3<Double> {
      let place = inverse.apply(affine.apply(corner + SIMD3<Double>(voxels)))
      return (place - corner - SIMD3<Double>(others)) * other.affine.columnNorms
    }
    var (near, far) = (moved(.zero, .zero), moved(size, other.size))
    for axis in 0..<3 {
      let rounding = 1e-9 * extent[axis]
      if abs(near[axis]) < rounding { near[axis] = 0 }
      if abs(far[axis]) < rounding { far[axis] = 0 }
      if abs(far[axis] - near[axis]) < rounding { far[axis] = near[axis] }
    }
    return (near, far)
  }

  /// Whether a mask on another grid lies over this one: along each axis to within a voxel of the
  /// coarser of the two.
  public func coversAlike(_ other: Grid) -> Bool {
    let (near, far) = other.movedEdges(from: self)
    let spacing = affine.columnNorms
    let room = pointwiseMax(spacing, other.affine.columnNorms)
    // Corners show exchanged axes, which the faces do not; faces show what thick slices hide.
    return fieldOfViewDistance(to: other) <= spacing.max()
      && (0..<3).allSatisfy { max(abs(near[$0]), abs(far[$0])) <= room[$0] }
  }

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
