/// Memory for a kernel between two zones of a marked NaN, which no kernel may change.
final class GuardedBuffer {
  /// A quiet NaN whose payload no arithmetic produces.
  static let guardValue = Float(bitPattern: 0x7FC1_2345)
  private static let zone = 64

  let count: Int
  let pointer: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutableRawPointer

  /// `misalignment` floats lie between a cache line boundary and the first value.
  init(_ values: [Float], misalignment: Int = 0) {
    count = values.count
    let floats = values.count + 2 * GuardedBuffer.zone + misalignment
    memory = UnsafeMutableRawPointer.allocate(byteCount: floats * 4, alignment: 64)
    let base = memory.bindMemory(to: Float.self, capacity: floats)
    base.initialize(repeating: GuardedBuffer.guardValue, count: floats)
    pointer = base + GuardedBuffer.zone + misalignment
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  /// `count` values that nobody has written.
  convenience init(guarded count: Int, misalignment: Int = 0) {
    self.init(
      [Float](repeating: GuardedBuffer.guardValue, count: count), misalignment: misalignment)
  }

  deinit { memory.deallocate() }

  var values: [Float] { (0..<count).map { pointer[$0] } }

  /// Whether both zones are as they were.
  var zonesAreIntact: Bool {
    let indices = Array(-GuardedBuffer.zone..<0) + Array(count..<count + GuardedBuffer.zone)
    return indices.allSatisfy { isUntouched($0) }
  }

  func isUntouched(_ index: Int) -> Bool {
    pointer[index].bitPattern == GuardedBuffer.guardValue.bitPattern
  }
}
