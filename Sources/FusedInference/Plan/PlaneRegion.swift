/// Whole rows of some planes of a box: axis i entire, axes j and k by ranges.
struct PlaneRegion: Equatable, Sendable {
  var rows: Range<Int>
  var planes: Range<Int>

  /// This region grown by `margin` voxels on all sides, cut at the faces of the box.
  func expanded(by margin: Int, within size: SIMD3<Int>) -> PlaneRegion {
    PlaneRegion(
      rows: max(0, rows.lowerBound - margin)..<min(size.y, rows.upperBound + margin),
      planes: max(0, planes.lowerBound - margin)..<min(size.z, planes.upperBound + margin))
  }

  /// Voxels of the region in a box of `width` voxels along i.
  func voxels(width: Int) -> Int { rows.count * planes.count * width }
}
