/// Puts planes of a result, which come in order, into memory that the caller owns.
final class PlaneReceiver {
  private let result: UnsafeMutableBufferPointer<Float>
  private var filled = 0

  /// - Throws: ``SuperResolutionError/unlikeCounts(values:voxels:)`` if the memory is of another size.
  init(
    _ result: UnsafeMutableBufferPointer<Float>, count: Int
  ) throws(SuperResolutionError) {
    guard result.count == count else {
      throw .unlikeCounts(values: result.count, voxels: count)
    }
    self.result = result
  }

  /// Takes the next planes.
  func append(_ planes: UnsafeBufferPointer<Float>) {
    _ = UnsafeMutableBufferPointer(rebasing: result[filled...]).update(fromContentsOf: planes)
    filled += planes.count
  }
}
