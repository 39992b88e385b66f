import Workers

/// Memory of a sample's sampling, which the next sample uses again.
///
/// `@unchecked Sendable`: only one sample is sampled at a time, and its workers write parts that do not
/// overlap.
final class SamplingMemory: @unchecked Sendable {
  private(set) var first: AlignedBuffer<Float>
  private(set) var second: AlignedBuffer<Float>
  private(set) var taps: AlignedBuffer<Int>

  init() throws(WorkersError) {
    first = try AlignedBuffer(count: 0)
    second = try AlignedBuffer(count: 0)
    taps = try AlignedBuffer(count: 0)
  }

  /// Makes room for at least so many elements; what was there is lost.
  func reserve(first: Int = 0, second: Int = 0, taps: Int = 0) throws(WorkersError) {
    if self.first.count < first { self.first = try AlignedBuffer(count: first) }
    if self.second.count < second { self.second = try AlignedBuffer(count: second) }
    if self.taps.count < taps { self.taps = try AlignedBuffer(count: taps) }
  }
}
