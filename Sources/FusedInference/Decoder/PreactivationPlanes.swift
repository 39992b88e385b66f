import Workers

/// Two LR planes of pre-activations, `[j][i][2 * hidden]` each, that roll along k
/// through one block.
///
/// Only the thread that runs a job changes which plane is where, between the parallel parts.
final class PreactivationPlanes: @unchecked Sendable {
  private let buffer: AlignedBuffer<Float>
  private let planeFloats: Int
  private var held: [Int?] = [nil, nil]

  /// Makes room for two planes of `planeFloats` values each, which hold nothing yet.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(planeFloats: Int) throws(WorkersError) {
    self.planeFloats = planeFloats
    buffer = try AlignedBuffer(count: 2 * planeFloats)
  }

  /// Whether LR plane `index` is held.
  func holds(_ index: Int) -> Bool { held.contains(index) }

  /// The values of LR plane `index`, which must be held.
  func plane(_ index: Int) -> UnsafePointer<Float> {
    guard let slot = held.firstIndex(of: index) else {
      preconditionFailure("plane \(index) is read but not held: \(held)")
    }
    return UnsafePointer(buffer.pointer + slot * planeFloats)
  }

  /// Makes room for LR plane `index` in the slot that does not hold `kept`; returns where to write.
  func replace(_ index: Int, keeping kept: Int) -> UnsafeMutablePointer<Float> {
    let slot = held[0] == kept ? 1 : 0
    held[slot] = index
    return buffer.pointer + slot * planeFloats
  }
}
