/// Along one axis, the voxels of every value that later layers read, worked back from what is needed
/// of one value, the target; empty for values that the target does not depend on.
///
/// A 3x3x3 layer reads one voxel more on both sides, a wider one more. A layer that is computed in tiles makes whole
/// tiles of the volume's grid, because the last bits of an output depend on its whole tile. At the
/// faces of the volume ranges end: beyond them every layer reads zeros.
struct ValueRanges: Equatable, Sendable {
  /// Per value.
  let ranges: [Range<Int>]

  /// Works the ranges out.
  ///
  /// - Parameters:
  ///   - program: The layers.
  ///   - target: A value of the program.
  ///   - needed: What is needed of it.
  ///   - axis: 0, 1, 2 for i, j, k.
  ///   - size: Voxels of the volume along the axis.
  init(_ program: EncoderProgram, target: Int, needed: Range<Int>, axis: Int, size: Int) {
    let depths = program.depths
    var ranges = [Range<Int>?](repeating: nil, count: program.channels.count)
    ranges[target] = needed
    for step in program.steps.reversed() {
      guard var output = ranges[step.output] else { continue }
      if step.algorithm == .winograd {
        let tiles = EncoderProgram.tiles(depth: depths[step.output], axis: axis, size: size)
        output = tiles.voxels(of: tiles.tiles(covering: output))
        ranges[step.output] = output
      }
      let read =
        max(0, output.lowerBound - step.reach)..<min(size, output.upperBound + step.reach)
      for input in step.inputs { ranges[input] = Self.hull(ranges[input], read) }
      if let summand = step.summand {
        ranges[summand.value] = Self.hull(ranges[summand.value], output)
      }
    }
    self.ranges = ranges.map { $0 ?? needed.lowerBound..<needed.lowerBound }
  }

  /// The ranges along i, j, k that are needed for some cells.
  ///
  /// - Parameters:
  ///   - program: The layers.
  ///   - target: The value that is read.
  ///   - cells: Along i, j, k.
  ///   - above: Voxels beyond its own that a cell reads, upwards: 1 for ArSSR's decoder.
  ///   - volume: Voxels of the volume along i, j, k.
  /// - Returns: One per axis.
  static func allAxes(
    _ program: EncoderProgram, target: Int, cells: [Range<Int>], above: Int = 1,
    volume: SIMD3<Int>
  ) -> [ValueRanges] {
    (0..<3).map { axis in
      ValueRanges(
        program, target: target,
        needed: Block.needed(cells[axis], above: above, size: volume[axis]), axis: axis,
        size: volume[axis])
    }
  }

  private static func hull(_ first: Range<Int>?, _ second: Range<Int>) -> Range<Int> {
    guard let first, !first.isEmpty else { return second }
    return min(first.lowerBound, second.lowerBound)..<max(first.upperBound, second.upperBound)
  }
}
