/// A part of the LR volume that is worked through at once.
struct Block: Equatable, Sendable {
  /// Cells along i, j, k whose output voxels this block makes: those whose lower tap lies here.
  let cells: [Range<Int>]
  /// What is computed, in which order, and what is held.
  let shape: WavefrontShape
  /// The voxel of the volume that is the block's voxel 0 along i, j, k: 0 where it counts as the volume
  /// does.
  var origin = SIMD3<Int>()

  /// LR voxels along i whose features are needed: the cells and one voxel above.
  var columns: Range<Int> { shape.ranges[0].ranges[shape.target] }
}

// MARK: - Along one axis

extension Block {
  /// Cuts cells into `count` parts of nearly equal size.
  static func parts(_ cells: Range<Int>, count: Int) -> [Range<Int>] {
    (0..<count).map { part in
      cells.lowerBound + cells.count * part / count..<cells.lowerBound + cells.count * (part + 1)
        / count
    }
  }

  /// The voxels that cells of an axis of `size` voxels read: themselves and some above.
  static func needed(_ cells: Range<Int>, above: Int, size: Int) -> Range<Int> {
    cells.lowerBound..<min(cells.upperBound + above, size)
  }
}

/// Blocks that lie beside each other in i and j and make the same output planes.
struct BlockLayer: Equatable, Sendable {
  /// Output indices along INPUT axis k; empty if no output lies in the layer.
  var outputs: Range<Int>
  /// Those blocks that make any output, i fastest.
  var blocks: [Block]
}

extension BlockLayer {
  /// The blocks of a division; those that make no output are left out.
  ///
  /// - Parameters:
  ///   - division: Parts along i, j, k, and how they are worked through.
  ///   - program: The layers.
  ///   - target: The value that is wanted.
  ///   - cells: Along i, j, k, what is divided.
  ///   - above: Voxels beyond its own that a cell reads, upwards.
  ///   - volume: Voxels of the volume along i, j, k.
  ///   - outputs: The output indices along an axis that some cells make.
  /// - Returns: Layers along k, blocks within them i fastest.
  static func layers(
    _ division: BlockDivision, program: EncoderProgram, target: Int, cells: [Range<Int>],
    above: Int = 1, volume: SIMD3<Int>, outputs: (_ axis: Int, Range<Int>) -> Range<Int>
  ) -> [BlockLayer] {
    let parts = (0..<3).map { axis in
      Block.parts(cells[axis], count: division.counts[axis]).filter { !outputs(axis, $0).isEmpty }
    }
    return parts[2].map { planes in
      BlockLayer(
        outputs: outputs(2, planes),
        blocks: parts[1].flatMap { rows in
          parts[0].map { columns in
            let cells = [columns, rows, planes]
            let ranges = ValueRanges.allAxes(
              program, target: target, cells: cells, above: above, volume: volume)
            return Block(
              cells: cells,
              shape: WavefrontShape(
                program, target: target, ranges: ranges, bandsPerStep: division.bandsPerStep))
          }
        })
    }
  }
}
