/// How the voxels of the grid that a related network runs on, its cells, and those of the result
/// belong together, the same along all axes.
struct CellMap: Equatable, Sendable {
  /// Cells before the first that makes a voxel of the result, and behind the last.
  let padding: Int
  /// Voxels of the result per cell.
  let factor: Int

  /// The cells that make a result of some cells.
  func cells(count: Int) -> Range<Int> { padding..<padding + count }

  /// What some cells make.
  func outputs(_ cells: Range<Int>) -> Range<Int> {
    (cells.lowerBound - padding) * factor..<(cells.upperBound - padding) * factor
  }

  /// The cell that makes a voxel of the result.
  func cell(_ output: Int) -> Int { output / factor + padding }

  /// The cells that make some voxels of the result.
  func cells(_ outputs: Range<Int>) -> Range<Int> {
    outputs.isEmpty
      ? padding..<padding : cell(outputs.lowerBound)..<cell(outputs.upperBound - 1) + 1
  }
}
