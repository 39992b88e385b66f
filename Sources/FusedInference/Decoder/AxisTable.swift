import Networks
import Volumes
import Workers

/// Along one LR axis, where each output position lies: taps, weights, decoder coordinate.
///
/// Everything is computed in double from the position in the whole volume and rounded once, so a
/// block or a tile cannot change it.
final class AxisTable: Sendable {
  /// LR voxels on either side, inside the volume.
  let tap0: AlignedBuffer<Int32>
  let tap1: AlignedBuffer<Int32>
  /// Their weights; 0 for a tap outside the volume under zero padding.
  let weight0: AlignedBuffer<Float>
  let weight1: AlignedBuffer<Float>
  /// What the decoder is told of the position.
  let coordinate: AlignedBuffer<Float>
  /// Output indices inside the field of view, which are contiguous.
  let inside: Range<Int>

  /// Works out taps, weights and coordinates of all output indices.
  ///
  /// - Parameters:
  ///   - axis: Positions in LR voxels per output index.
  ///   - size: LR voxels along the axis.
  ///   - variants: Padding and kind of coordinates.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    _ axis: SeparableSampling.Axis, size: Int, variants: ArSSRVariants
  ) throws(WorkersError) {
    let count = axis.positions.count
    tap0 = try AlignedBuffer(count: count)
    tap1 = try AlignedBuffer(count: count)
    weight0 = try AlignedBuffer(count: count)
    weight1 = try AlignedBuffer(count: count)
    coordinate = try AlignedBuffer(count: count)
    inside = axis.inside
    for (index, position) in axis.positions.enumerated() {
      let taps = LinearTaps(position: position, size: size, padding: variants.padding)
      tap0.pointer[index] = Int32(taps.first)
      tap1.pointer[index] = Int32(taps.second)
      weight0.pointer[index] = taps.firstWeight
      weight1.pointer[index] = taps.secondWeight
      coordinate.pointer[index] = decoderCoordinate(
        position: position, size: size, kind: variants.coordinates)
    }
  }

  /// The LR cells that output indices lie in: their lower taps, from the first to the last.
  var cells: Range<Int> {
    let taps = inside.map { Int(tap0.pointer[$0]) }
    guard let first = taps.min(), let last = taps.max() else { return 0..<0 }
    return first..<last + 1
  }

  /// The output indices whose lower tap lies in `cells`, which are contiguous.
  func outputs(cells: Range<Int>) -> Range<Int> {
    let members = inside.filter { cells.contains(Int(tap0.pointer[$0])) }
    guard let first = members.first, let last = members.last else {
      return inside.lowerBound..<inside.lowerBound
    }
    return first..<last + 1
  }

  /// Per cell of an axis of `size` voxels, the output indices whose lower tap is the cell's voxel.
  func outputsOfCells(_ size: Int) -> [Range<Int>] {
    var outputs = [Range<Int>](repeating: 0..<0, count: size)
    for index in inside {
      let cell = Int(tap0.pointer[index])
      let known = outputs[cell]
      outputs[cell] =
        known.isEmpty
        ? index..<index + 1 : min(known.lowerBound, index)..<max(known.upperBound, index + 1)
    }
    return outputs
  }

  /// The most output indices whose lower taps lie in `cellsAtOnce` neighbouring cells.
  func mostOutputs(cellsAtOnce: Int) -> Int {
    let first = cells.lowerBound
    return (first..<max(first + 1, cells.upperBound - cellsAtOnce + 1)).map {
      outputs(cells: $0..<$0 + cellsAtOnce).count
    }.max() ?? 0
  }

  /// Cuts output indices into runs that lie between the same two LR voxels.
  func groups(_ outputs: Range<Int>) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    for index in outputs {
      if let last = groups.last, tap0.pointer[last.lowerBound] == tap0.pointer[index],
        tap1.pointer[last.lowerBound] == tap1.pointer[index]
      {
        groups[groups.count - 1] = last.lowerBound..<index + 1
      } else {
        groups.append(index..<index + 1)
      }
    }
    return groups
  }

  /// The taps of some output indices, counted from LR voxel `origin`.
  func taps(_ outputs: Range<Int>, from origin: Int) throws(WorkersError) -> RelativeTaps {
    let relative = try RelativeTaps(count: outputs.count)
    for index in 0..<outputs.count {
      relative.lower.pointer[index] = tap0.pointer[outputs.lowerBound + index] - Int32(origin)
      relative.upper.pointer[index] = tap1.pointer[outputs.lowerBound + index] - Int32(origin)
    }
    return relative
  }
}

/// Both LR voxels of some outputs along a row, counted from the first voxel of a block's row.
struct RelativeTaps: Sendable {
  let lower: AlignedBuffer<Int32>
  let upper: AlignedBuffer<Int32>

  init(count: Int) throws(WorkersError) {
    lower = try AlignedBuffer(count: count)
    upper = try AlignedBuffer(count: count)
  }
}

/// The two LR voxels that linear interpolation reads at a position, and their weights.
///
/// Source: `grid_sample(align_corners=False)`: with zero padding a tap outside the volume adds
/// nothing and the other keeps its weight; with border padding the position is clamped first.
package struct LinearTaps {
  /// The voxels on either side, inside the volume.
  package var first: Int
  package var second: Int
  /// Their weights, 0 for a tap outside the volume under zero padding.
  package var firstWeight: Float
  package var secondWeight: Float

  /// Works out the taps of a position in voxels.
  package init(position: Double, size: Int, padding: ArSSRVariants.Padding) {
    let last = size - 1
    // A voxel or more outside both taps count nothing under zero padding, so a position may be
    // limited there; one far away would not fit an Int.
    let place =
      padding == .border
      ? min(max(position, 0), Double(last)) : min(max(position, -1), Double(size))
    let lower = place.rounded(.down)
    let fraction = Float(place - lower)
    let below = Int(lower)
    let above = below + 1
    first = min(max(below, 0), last)
    second = min(max(above, 0), last)
    firstWeight = (0...last).contains(below) ? 1 - fraction : 0
    secondWeight = (0...last).contains(above) ? fraction : 0
  }
}

/// What the decoder is told of a position `u` (in LR voxels) along an axis of `size` voxels.
///
/// Absolute: `(2 u + 1) / size - 1`, in (-1, 1) over the field of view. Relative: the offset from the
/// nearest LR voxel in [-1/2, 1/2); ties go to the upper voxel, and 1e-6 keeps rounding from
/// deciding them.
package func decoderCoordinate(
  position: Double, size: Int, kind: ArSSRVariants.Coordinates
) -> Float {
  switch kind {
  case .absolute: Float((2 * position + 1) / Double(size) - 1)
  case .relative: Float(position - (position + 0.5 + 1e-6).rounded(.down))
  }
}
