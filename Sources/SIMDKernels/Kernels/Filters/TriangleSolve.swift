import KernelInterface

/// X = U^-T B of squares of 32 x 32.
///
/// 1. Formula, layouts: `TriangleArguments`.
/// 2. No alignment is needed. Exactly the squares are read and written.
/// 3. All 32 columns of a row, or halves and quarters of them, stay in registers while the rows above are
///    taken away; they lie in L1.
/// 4. A number takes the rows above from first to last, then is multiplied by the reciprocal of the
///    diagonal's. Bound: that of substitution, 32 * 2^-53 relative to |U^-T| |U^T| |X|.
/// 5. `related.md` of the results.
func solveTriangle(_ arguments: TriangleArguments) {
  var column = 0
  while column < 32 {
    TriangleColumns.run(
      arguments.triangle, arguments.square + column, arguments.copy + column)
    column += 4 * wideLanes
  }
}

/// Four vectors of columns.
private enum TriangleColumns {
  @inline(never)
  static func run(
    _ triangle: UnsafePointer<Double>, _ square: UnsafeMutablePointer<Double>,
    _ copy: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<32 {
      let line = square + row * 32
      var values = InlineArray<4, Wide> { v in load(line + v * wideLanes) }
      for above in 0..<row {
        let factor = Wide(repeating: -triangle[above * 32 + row])
        let upper = square + above * 32
        for v in 0..<4 { values[v] = multiplyAdd(values[v], factor, load(upper + v * wideLanes)) }
      }
      let scale = Wide(repeating: 1 / triangle[row * 32 + row])
      for v in 0..<4 {
        let value = values[v] * scale
        store(value, to: line + v * wideLanes)
        store(value, to: copy + row * 32 + v * wideLanes)
      }
    }
  }
}
