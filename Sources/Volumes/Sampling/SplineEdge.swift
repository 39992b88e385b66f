/// What lies beyond the outer voxels of a line.
public enum SplineEdge: String, Sendable {
  /// Mirrored at the centres of the first and last voxel (… c2 c1 | c0 | c1 c2 …).
  case mirror
  /// Mirrored at the faces of the first and last voxel (… c1 c0 | c0 c1 …).
  case reflect

  /// The voxel that stands for an index, inside the line or not.
  package func index(_ index: Int, length: Int) -> Int {
    if index >= 0, index < length { return index }
    guard length > 1 else { return 0 }
    let period = self == .mirror ? 2 * length - 2 : 2 * length
    let place = ((index % period) + period) % period
    if place < length { return place }
    return self == .mirror ? period - place : period - 1 - place
  }
}
