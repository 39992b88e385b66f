import KernelInterface
import Synchronization
import Workers

/// Turns sums into filters.
package struct FilterSolver {
  private let settings: FilterLearningSettings
  private let kernels: FilterKernels

  package init(_ settings: FilterLearningSettings, kernels: FilterKernels) {
    self.settings = settings
    self.kernels = kernels
  }

  /// Solves for the filters of all buckets of some sums, which are used up.
  ///
  /// - Parameters:
  ///   - equations: The sums.
  ///   - counts: Samples of all buckets.
  ///   - pool: Shares the buckets.
  /// - Returns: `[bucket][i][j][k]`, k fastest, of these buckets; zeros for those with too few samples.
  /// - Throws: If the system refuses memory.
  package func filters(
    _ equations: NormalEquations, counts: [Int], pool: WorkerPool
  ) throws(FilterLearningError) -> [Float] {
    var solvers: [RidgeSolver] = []
    for _ in 0..<pool.workerCount {
      solvers.append(
        try FilterLearningError.ofWorkers { () throws(WorkersError) in
          try RidgeSolver(equations.panels, kernels: kernels)
        })
    }
    let buckets = equations.buckets
    let results = Mutex([[Double]?](repeating: nil, count: buckets.count))
    let (settings, spaces) = (settings, solvers)
    pool.run(buckets.count) { item, worker in
      let bucket = buckets.lowerBound + item
      guard counts[bucket] >= settings.neededSamples else { return }
      equations.restore(bucket)
      let matrix = equations.matrix(of: bucket)
      let solution: [Double]?
      switch settings.solver {
      case .ridge(let lambda): solution = spaces[worker].solve(matrix, lambda: lambda)
      case .conjugateGradients(let tolerance):
        solution = GradientSolver(equations.panels, tolerance: tolerance).solve(matrix).solution
      }
      results.withLock { $0[item] = solution }
    }
    let patch = settings.patch
    var filters: [Float] = []
    filters.reserveCapacity(buckets.count * equations.tapCount)
    for solution in results.withLock({ $0 }) {
      for tap in 0..<equations.tapCount {
        // From i fastest to k fastest.
        let (row, k) = tap.quotientAndRemainder(dividingBy: patch)
        let (i, j) = row.quotientAndRemainder(dividingBy: patch)
        filters.append(solution.map { Float($0[(k * patch + j) * patch + i]) } ?? 0)
      }
    }
    withExtendedLifetime(equations) {}
    return filters
  }
}
