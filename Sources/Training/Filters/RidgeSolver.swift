import KernelInterface
import Workers

/// Solves (Q + lambda trace(Q) / n I) h = V in place, by Cholesky's method on panels.
///
/// Q + ... = U^T U. The right hand side stands in the matrix as its last column, so the factorisation
/// turns it into U^-T V by the way, and one substitution is left. Blocks of two panels, 64 rows: the squares
/// on the diagonal by plain loops, the squares beside them by substitution, and what the rows take from the rest
/// by the kernel that made the sums. With one panel at a time the matrix passes through L2 twice as often,
/// which then takes the longer time.
struct RidgeSolver {
  private static let width = SymmetricPanels.width
  /// Rows of a block.
  private static let blockRows = 2 * width

  private let panels: SymmetricPanels
  private let unknowns: Int
  private let kernels: FilterKernels
  /// Block rows of U as the kernel takes samples: `[panel][row][32]`.
  private let block: AlignedBuffer<Double>

  /// - Parameters:
  ///   - panels: Of one row more than there are unknowns.
  ///   - kernels: The instruction set's functions.
  /// - Throws: If the system refuses memory.
  init(_ panels: SymmetricPanels, kernels: FilterKernels) throws(WorkersError) {
    self.panels = panels
    self.kernels = kernels
    unknowns = panels.count - 1
    block = try AlignedBuffer(count: panels.panelCount * Self.blockRows * Self.width)
  }

  /// Solves for one matrix, which is used up.
  ///
  /// - Returns: The unknowns; nil where the matrix is not positive definite to working precision.
  func solve(_ matrix: UnsafeMutablePointer<Double>, lambda: Double) -> [Double]? {
    var trace = 0.0
    for row in 0..<unknowns { trace += matrix[panels.index(row, row)] }
    let added = lambda * trace / Double(unknowns)
    for row in 0..<unknowns { matrix[panels.index(row, row)] += added }
    for first in stride(from: 0, to: panels.panelCount, by: 2) {
      guard factorBlock(first, matrix) else { return nil }
    }
    return substitute(matrix)
  }

  /// The first element of the square of a block row and a panel.
  private func square(
    _ row: Int, _ panel: Int, _ matrix: UnsafeMutablePointer<Double>
  ) -> UnsafeMutablePointer<Double> {
    matrix + SymmetricPanels.start(ofPanel: panel) + row * Self.width * Self.width
  }

  /// Rows of a block that are unknowns; the last one also holds the right hand side.
  private func rows(_ panel: Int) -> Int { min(Self.width, unknowns - panel * Self.width) }

  /// Makes two block rows of U, and takes their products from the rows behind.
  private func factorBlock(_ first: Int, _ matrix: UnsafeMutablePointer<Double>) -> Bool {
    let second = first + 1
    guard factor(first, matrix) else { return false }
    guard second < panels.panelCount else { return true }
    eliminate(first, at: 0, matrix)
    takeProducts(
      count: Self.width, from: second..<panels.panelCount, rows: second..<(second + 1), matrix)
    guard factor(second, matrix) else { return false }
    let behind = (second + 1)..<panels.panelCount
    guard !behind.isEmpty else { return true }
    eliminate(second, at: Self.width, matrix)
    takeProducts(count: Self.blockRows, from: behind, rows: behind, matrix)
    return true
  }

  private func factor(_ panel: Int, _ matrix: UnsafeMutablePointer<Double>) -> Bool {
    let values = square(panel, panel, matrix)
    let (width, rows) = (Self.width, rows(panel))
    for row in 0..<max(0, rows) {
      let line = values + row * width
      guard line[row] > 0 else { return false }
      let scale = 1 / line[row].squareRoot()
      for column in row..<width { line[column] *= scale }
      for below in (row + 1)..<max(row + 1, rows) {
        let factor = line[below]
        let target = values + below * width
        for column in below..<width { target[column] -= factor * line[column] }
      }
    }
    return true
  }

  /// Makes the rest of a block row, in the matrix and from `row` on in the block.
  private func eliminate(_ panel: Int, at row: Int, _ matrix: UnsafeMutablePointer<Double>) {
    let diagonal = square(panel, panel, matrix)
    for other in (panel + 1)..<panels.panelCount {
      kernels.solveTriangle(
        TriangleArguments(
          triangle: diagonal, square: square(panel, other, matrix),
          copy: block.pointer + (other * Self.blockRows + row) * Self.width))
    }
    withExtendedLifetime(block) {}
  }

  /// Takes the products of the block's first rows from rows of the matrix.
  private func takeProducts(
    count: Int, from columns: Range<Int>, rows: Range<Int>, _ matrix: UnsafeMutablePointer<Double>
  ) {
    kernels.addOuterProducts(
      OuterProductArguments(
        samples: .double(block.pointer), count: count, stride: Self.blockRows, sums: matrix,
        panels: columns, rows: rows, subtracts: true))
    withExtendedLifetime(block) {}
  }

  /// U h = U^-T V, from the last panel to the first, each read once from its first row to its last.
  private func substitute(_ matrix: UnsafeMutablePointer<Double>) -> [Double] {
    let width = Self.width
    var rest = (0..<unknowns).map { matrix[panels.index($0, unknowns)] }
    var result = [Double](repeating: 0, count: panels.panelCount * width)
    for panel in (0..<panels.panelCount).reversed() {
      let first = panel * width
      let columns = matrix + SymmetricPanels.start(ofPanel: panel)
      for row in (first..<max(first, min(first + width, unknowns))).reversed() {
        let line = columns + row * width
        var sum = rest[row]
        for column in (row + 1)..<max(row + 1, min(first + width, unknowns)) {
          sum -= line[column - first] * result[column]
        }
        result[row] = sum / line[row - first]
      }
      result.withUnsafeBytes { result in
        for row in 0..<min(first, unknowns) {
          let line = UnsafeRawPointer(columns + row * width)
          var sums = SIMD8<Double>.zero
          for part in 0..<(width / 8) {
            let offset = part * MemoryLayout<SIMD8<Double>>.size
            sums +=
              line.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
              * result.loadUnaligned(
                fromByteOffset: first * MemoryLayout<Double>.size + offset,
                as: SIMD8<Double>.self)
          }
          rest[row] -= sums.sum()
        }
      }
    }
    return Array(result.prefix(unknowns))
  }
}
