import KernelInterface

/// Solves Q h = V by conjugate gradients, from 0, as published.
///
/// Ends when the residual is at most `tolerance` |V|, or after ten steps per unknown.
package struct GradientSolver {
  private static let width = SymmetricPanels.width

  private let panels: SymmetricPanels
  private let unknowns: Int
  private let tolerance: Double

  /// - Parameters:
  ///   - panels: Of one row more than there are unknowns.
  ///   - tolerance: What the residual comes down to, as a part of |V|.
  package init(_ panels: SymmetricPanels, tolerance: Double) {
    self.panels = panels
    self.tolerance = tolerance
    unknowns = panels.count - 1
  }

  /// Solves for one matrix.
  ///
  /// - Returns: The unknowns and the number of steps.
  package func solve(_ matrix: UnsafePointer<Double>) -> (solution: [Double], steps: Int) {
    let length = panels.panelCount * Self.width
    var solution = [Double](repeating: 0, count: length)
    var residual = [Double](repeating: 0, count: length)
    for row in 0..<unknowns { residual[row] = matrix[panels.index(row, unknowns)] }
    var direction = residual
    var square = dot(residual, residual)
    let limit = tolerance * square.squareRoot()
    var steps = 0
    while square.squareRoot() > limit, steps < 10 * unknowns {
      let image = product(matrix, direction)
      let length = square / dot(direction, image)
      for row in 0..<unknowns {
        solution[row] += length * direction[row]
        residual[row] -= length * image[row]
      }
      let next = dot(residual, residual)
      let share = next / square
      for row in 0..<unknowns { direction[row] = residual[row] + share * direction[row] }
      square = next
      steps += 1
    }
    return (Array(solution.prefix(unknowns)), steps)
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for row in 0..<unknowns { sum += a[row] * b[row] }
    return sum
  }

  /// Q times a vector that is 0 behind the unknowns.
  private func product(_ matrix: UnsafePointer<Double>, _ vector: [Double]) -> [Double] {
    let width = Self.width
    var result = [Double](repeating: 0, count: vector.count)
    vector.withUnsafeBufferPointer { vector in
      result.withUnsafeMutableBufferPointer { result in
        for panel in 0..<panels.panelCount {
          let columns = panel * width
          for row in 0..<min(columns + width, unknowns) {
            let line = matrix + SymmetricPanels.start(ofPanel: panel) + row * width
            var sum = 0.0
            for column in 0..<width { sum += line[column] * vector[columns + column] }
            result[row] += sum
            // The square on the diagonal holds both of its halves.
            guard row < columns else { continue }
            let factor = vector[row]
            for column in 0..<width { result[columns + column] += line[column] * factor }
          }
        }
      }
    }
    for row in unknowns..<result.count { result[row] = 0 }
    return result
  }
}
