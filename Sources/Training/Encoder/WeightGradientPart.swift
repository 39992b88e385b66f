/// A part of a layer's weight gradient: some inputs at the taps of one row of the kernel.
///
/// One worker sums a part over all voxels, so that nothing has to be added across workers and the
/// order of the sum is that of the voxels.
struct WeightGradientPart: Sendable {
  /// The most inputs of a part: a whole number of register tiles on every instruction set, few enough
  /// that a layer has dozens of parts.
  static let mostInputs = 48

  /// Which operand is read; nil for the bias.
  var operand: Int?
  /// Where the voxel that is read lies from the one that is written, in planes and rows.
  var shiftK = 0
  var shiftJ = 0
  /// Floats from a voxel of the operand to the first input.
  var offset = 0
  var inputs: Int
  /// The first row of the layer's weights.
  var row = 0

  /// The parts of a layer.
  static func all(_ layer: LayerLayout, inputs: [FeatureMap]) -> [WeightGradientPart] {
    var parts = [WeightGradientPart(operand: nil, inputs: 1)]
    var firstRow = 0
    for (operand, map) in inputs.enumerated() {
      let extent = layer.taps == 1 ? 1 : 3
      // Where voxels lie without a gap, the taps along i are one run of inputs.
      let isMerged = extent == 3 && map.stride == map.channels
      let run = isMerged ? 3 * map.channels : map.channels
      for tapRow in 0..<extent * extent {
        for tapI in 0..<(isMerged ? 1 : extent) {
          for group in divided(run) {
            parts.append(
              WeightGradientPart(
                operand: operand, shiftK: tapRow / extent - extent / 2,
                shiftJ: tapRow % extent - extent / 2,
                offset: (tapI - extent / 2) * map.stride + group.lowerBound, inputs: group.count,
                row: firstRow + group.lowerBound))
          }
          firstRow += run
        }
      }
    }
    return parts
  }

  /// Nearly equal groups of at most ``mostInputs``.
  static func divided(_ count: Int) -> [Range<Int>] {
    let groups = (count + mostInputs - 1) / mostInputs
    return (0..<groups).map { count * $0 / groups..<count * ($0 + 1) / groups }
  }
}
