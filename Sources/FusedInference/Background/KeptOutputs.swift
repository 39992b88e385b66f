import Workers

/// Which output voxels of a grid parallel to the LR grid are computed; the others get the
/// background's value.
struct KeptOutputs: Sendable {
  let background: Background
  let cells: KeptCells
  private let axes: [AxisTable]
  /// Per cell along i, the output indices in it.
  private let outputs: [Range<Int>]

  init(
    _ background: Background, voxels: [Float], size: SIMD3<Int>, axes: [AxisTable],
    pool: WorkerPool
  ) {
    self.background = background
    self.axes = axes
    cells = KeptCells(background, voxels: voxels, size: size, pool: pool)
    outputs = axes[0].outputsOfCells(size.x)
  }

  /// The output indices along i of row (j, k) that are computed, within `range`, in order.
  func runs(j: Int, k: Int, within range: Range<Int>) -> [Range<Int>] {
    let row = cells.runs(
      j: Int(axes[1].tap0.pointer[j]), k: Int(axes[2].tap0.pointer[k]))
    return row.compactMap { run in
      // Outputs run along the cells or against them.
      guard let first = run.first(where: { !outputs[$0].isEmpty }),
        let last = run.last(where: { !outputs[$0].isEmpty })
      else { return nil }
      let lower = min(outputs[first].lowerBound, outputs[last].lowerBound)
      let upper = max(outputs[first].upperBound, outputs[last].upperBound)
      let clamped = (lower..<upper).clamped(to: range)
      return clamped.isEmpty ? nil : clamped
    }.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// Sets the values of row (j, k) that are not computed.
  ///
  /// - Parameters:
  ///   - row: A part of the row, in input units.
  ///   - first: The output index of its first value.
  ///   - j: Output index along j.
  ///   - k: Output index along k.
  func fill(_ row: UnsafeMutableBufferPointer<Float>, first: Int, j: Int, k: Int) {
    var next = first
    for run in runs(j: j, k: k, within: first..<first + row.count) {
      row[next - first..<run.lowerBound - first].update(repeating: background.value)
      next = run.upperBound
    }
    row[(next - first)...].update(repeating: background.value)
  }
}
