import KernelInterface
import Workers

/// Solves (Q + lambda trace(Q) / n I) h = V in place, by Cholesky's method on panels.
///
/// Q + ... = U^T U. The right hand side stands in the matrix as its last column, so the factorisation
/// turns it into U^-T V by the way, and one substitution is left. Blocks of 32 rows: the square on the
/// diagonal by plain loops, the squares beside it by substitution, and what they take from the rest by
/// the kernel that made the sums.
struct RidgeSolver {
  private static let width = SymmetricPanels.width

  private let panels: SymmetricPanels
  private let unknowns: Int
  private let kernels: FilterKernels
  /// A block row of U as the kernel takes samples: `[panel][row][32]`.
  private let block: AlignedBuffer<Double>

  /// - Parameters:
  ///   - panels: Of one row more than there are unknowns.
  ///   - kernels: The instruction set's functions.
  /// - Throws: If the system refuses memory.
  init(_ panels: SymmetricPanels, kernels: FilterKernels) throws(WorkersError) {
    self.panels = panels
    self.kernels = kernels
    unknowns = panels.count - 1
    block = try AlignedBuffer(count: panels.panelCount * Self.width * Self.width)
  }

  /// Solves for one matrix, which is used up.
  ///
  /// - Returns: The unknowns; nil where the matrix is not positive definite to working precision.
  func solve(_ matrix: UnsafeMutablePointer<Double>, lambda: Double) -> [Double]? {
    var trace = 0.0
    for row in 0..<unknowns { trace += matrix[panels.index(row, row)] }
    let added = lambda * trace / Double(unknowns)
    for row in 0..<unknowns { matrix[panels.index(row, row)] += added }
    for panel in 0..<panels.panelCount {
      guard factor(panel, matrix) else { return nil }
      eliminate(panel, matrix)
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

  /// Makes the rest of a block row, and takes its products from the panels behind.
  private func eliminate(_ panel: Int, _ matrix: UnsafeMutablePointer<Double>) {
    let (width, rows) = (Self.width, rows(panel))
    let diagonal = square(panel, panel, matrix)
    let behind = (panel + 1)..<max(panel + 1, panels.panelCount)
    guard !behind.isEmpty, rows == width else { return }
    for other in behind {
      let values = square(panel, other, matrix)
      for row in 0..<width {
        let line = values + row * width
        for above in 0..<row {
          let factor = diagonal[above * width + row]
          let upper = values + above * width
          for column in 0..<width { line[column] -= factor * upper[column] }
        }
        let scale = 1 / diagonal[row * width + row]
        for column in 0..<width { line[column] *= scale }
      }
      (block.pointer + other * width * width).update(from: values, count: width * width)
    }
    kernels.addOuterProducts(
      OuterProductArguments(
        samples: .double(block.pointer), count: width, sums: matrix, panels: behind,
        subtracts: true))
    withExtendedLifetime(block) {}
  }

  /// U h = U^-T V, from the last row to the first.
  private func substitute(_ matrix: UnsafeMutablePointer<Double>) -> [Double] {
    let width = Self.width
    var result = [Double](repeating: 0, count: panels.panelCount * width)
    for row in (0..<unknowns).reversed() {
      let (panel, line) = row.quotientAndRemainder(dividingBy: width)
      var sum = matrix[panels.index(row, unknowns)]
      for other in panel..<panels.panelCount {
        let values = square(panel, other, matrix) + line * width
        let first = other == panel ? line + 1 : 0
        let end = min(width, unknowns - other * width)
        for column in first..<max(first, end) {
          sum -= values[column] * result[other * width + column]
        }
      }
      result[row] = sum / matrix[panels.index(row, row)]
    }
    return Array(result.prefix(unknowns))
  }
}
