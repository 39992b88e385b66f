/// Along one axis, the voxels of every value that later layers read, worked back from what is needed
/// of one value, the target; empty for values that the target does not depend on.
///
/// A 3x3x3 layer reads one voxel more on both sides. At the faces of the volume ranges end: beyond
/// them every layer reads zeros.
struct ValueRanges: Equatable, Sendable {
  /// Per value.
  let ranges: [Range<Int>]

  /// Works the ranges out.
  ///
  /// - Parameters:
  ///   - program: The layers.
  ///   - target: A value of the program.
  ///   - needed: What is needed of it.
  ///   - size: Voxels of the volume along the axis.
  init(_ program: EncoderProgram, target: Int, needed: Range<Int>, size: Int) {
    var ranges = [Range<Int>?](repeating: nil, count: program.channels.count)
    ranges[target] = needed
    for step in program.steps.reversed() {
      guard let output = ranges[step.output] else { continue }
      let reach = step.weights.kernel / 2
      let read = max(0, output.lowerBound - reach)..<min(size, output.upperBound + reach)
      for input in step.inputs { ranges[input] = Self.hull(ranges[input], read) }
      if let summand = step.summand {
        ranges[summand.value] = Self.hull(ranges[summand.value], output)
      }
    }
    self.ranges = ranges.map { $0 ?? needed.lowerBound..<needed.lowerBound }
  }

  private static func hull(_ first: Range<Int>?, _ second: Range<Int>) -> Range<Int> {
    guard let first, !first.isEmpty else { return second }
    return min(first.lowerBound, second.lowerBound)..<max(first.upperBound, second.upperBound)
  }
}
