import Foundation
import FusedInference
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@testable import Training

/// Learning gradient filters, beside another implementation (Tests/Golden/filters).
@Suite struct FilterLearningTests {
  private static func array(_ name: String) throws -> NumPyArray {
    try NumPyArray(contentsOf: Golden.folder("filters").appendingPathComponent(name))
  }

  /// From [i][j][k] with k fastest to i fastest.
  private static func volume(_ name: String) throws -> (size: SIMD3<Int>, values: [Double]) {
    let array = try array(name)
    let size = SIMD3(array.shape)
    var values = [Double](repeating: 0, count: array.values.count)
    for i in 0..<size.x {
      for j in 0..<size.y {
        for k in 0..<size.z {
          values[(k * size.y + j) * size.x + i] = array.values[(i * size.y + j) * size.z + k]
        }
      }
    }
    return (size, values)
  }

  private static var small: FilterLearningSettings {
    var settings = FilterLearningSettings()
    settings.factor = 2
    settings.patch = 3
    settings.window = 3
    settings.bins = .init(azimuth: 4, polar: 4, strength: 3, coherence: 3)
    settings.masksInput = true
    settings.sampling = .every(3)
    settings.solver = .ridge(lambda: 1e-6)
    settings.precision = .double
    settings.fewestSamples = 1
    return settings
  }

  private static func storedPair(_ name: String) throws -> FilterPair {
    let (size, image) = try volume("\(name)/lr.npy")
    return try FilterPair(size: size, image: image, truth: try volume("\(name)/hr.npy").values)
  }

  private static func hashing(
    _ name: String, _ settings: FilterLearningSettings
  ) throws -> GradientFilters.Hashing {
    GradientFilters.Hashing(
      window: settings.window, bins: settings.bins,
      strengthBorders: try array("\(name)/strength_bounds.npy").values,
      coherenceBorders: try array("\(name)/coherence_bounds.npy").values)
  }

  private static func kernels(_ set: InstructionSet = .best) throws -> FilterKernels {
    try KernelTables.table(for: set).filters
  }

  private static func samples(
    _ pair: FilterPair, _ name: String, _ settings: FilterLearningSettings,
    pool: WorkerPool, set: InstructionSet = .best
  ) throws -> FilterSamples {
    try FilterSamples(
      pair, number: 0, settings: settings,
      finder: BucketFinder(hashing(name, settings), kernels: kernels(set)), pool: pool)
  }

  // MARK: - Data

  @Test func lowResolutionImagesAgree() throws {
    let (size, raw) = try Self.volume("small/volume_raw.npy")
    let volume = Volume(
      grid: Grid(size: size, affine: .identity), voxels: raw.map { Float($0) })
    let pool = try WorkerPool(threads: 2)
    let pair = try FilterPair(volume, path: "", settings: Self.small, pool: pool)
    let (boxSize, image) = try Self.volume("small/lr.npy")
    #expect(pair.size == boxSize)
    let truth = try Self.volume("small/hr.npy").values
    for (expected, actual) in [(image, pair.image), (truth, pair.truth)] {
      let deviation = Deviation(
        expected: expected, actual: (0..<expected.count).map { Float(actual[$0]) })
      #expect(deviation.maximum <= 2e-6, "\(deviation)")
    }
    withExtendedLifetime(pair.memory) {}
  }

  @Test func bandLimitedImagesAgree() throws {
    let (size, raw) = try Self.volume("small/volume_raw.npy")
    let voxels = raw.map { Float($0) }
    let highest = FilterPair.highestIntensity(of: voxels)
    var settings = Self.small
    settings.source = .kspace
    settings.band = .published
    let image = try LowResolutionImage(settings).of(
      voxels.map { min(max($0, 0), highest) }, size: size, largest: highest,
      pool: WorkerPool(threads: 2))
    let deviation = Deviation(
      expected: try Self.volume("small/lr_kspace_full.npy").values,
      actual: image.map { $0 / highest })
    #expect(deviation.maximum <= 2e-6, "\(deviation)")
  }

  @Test(arguments: ["small", "default_features"])
  func bordersAgree(_ name: String) throws {
    var settings = name == "small" ? Self.small : FilterLearningSettings()
    settings.masksInput = true
    var borders = try FeatureBorders(
      settings, kernels: Self.kernels(), pool: WorkerPool(threads: 2), probability: 1)
    try borders.add(Self.storedPair(name), number: 0)
    let found = try borders.exactBorders()
    for (values, file) in [(found.strength, "strength"), (found.coherence, "coherence")] {
      for (value, expected) in zip(values, try Self.array("\(name)/\(file)_bounds.npy").values) {
        #expect(abs(value / expected - 1) <= 1e-6, "\(file): \(value), \(expected)")
      }
    }
  }

  // MARK: - Sums

  /// Voxels that rounding puts into another bucket than the stored one: the borders are features of voxels,
  /// which lie on them.
  private static let moved = 4

  @Test(arguments: ["small", "default_features"])
  func samplesPerBucketAgree(_ name: String) throws {
    var settings = name == "small" ? Self.small : FilterLearningSettings()
    settings.masksInput = true
    settings.sampling = .every(name == "small" ? 3 : 1)
    let samples = try Self.samples(
      Self.storedPair(name), name, settings, pool: WorkerPool(threads: 2))
    let counts = try Self.array("\(name)/counts.npy").values
    let differences = counts.indices.reduce(0) {
      $0 + abs(samples.range(of: $1).count - Int(counts[$1]))
    }
    #expect(differences <= 2 * Self.moved)
    #expect(samples.voxels.count == Int(counts.reduce(0, +)))
  }

  /// The sums of a stored pair, with the buckets whose samples are those of the stored sums.
  private static func equations(
    _ name: String, _ settings: FilterLearningSettings, set: InstructionSet = .best
  ) throws -> (equations: NormalEquations, counts: [Int], same: Set<Int>) {
    let pair = try storedPair(name)
    let pool = try WorkerPool(threads: 2)
    let samples = try samples(pair, name, settings, pool: pool, set: set)
    let stored = try array("\(name)/counts.npy").values
    let equations = try NormalEquations(
      buckets: 0..<settings.bins.count, patch: settings.patch, precision: settings.precision,
      kernels: kernels(set))
    let scratch = try equations.scratch()
    for bucket in equations.buckets {
      equations.add(bucket, samples, of: pair, scratch: scratch)
    }
    let counts = equations.buckets.map { samples.range(of: $0).count }
    return (equations, counts, Set(equations.buckets.filter { counts[$0] == Int(stored[$0]) }))
  }

  /// The number of a tap that is counted with k fastest, where i is.
  private static func turned(_ tap: Int, _ patch: Int) -> Int {
    let (i, j, k) = (tap / (patch * patch), tap / patch % patch, tap % patch)
    return (k * patch + j) * patch + i
  }

  @Test(arguments: InstructionSet.available)
  func sumsOfSamplesAgree(_ set: InstructionSet) throws {
    let (equations, _, same) = try Self.equations("small", Self.small, set: set)
    let nonempty = try Self.array("small/nonempty.npy").values.map { Int($0) }
    let triangles = try Self.array("small/Q_upper_first24.npy").values
    let sides = try Self.array("small/V.npy").values
    let (largest, largestSide) = (triangles.max() ?? 1, sides.max() ?? 1)
    for (number, bucket) in nonempty.enumerated() where same.contains(bucket) {
      let matrix = equations.matrix(of: bucket)
      func element(_ row: Int, _ column: Int) -> Double {
        let (a, b) = (Self.turned(row, 3), Self.turned(column, 3))
        return matrix[equations.panels.index(min(a, b), max(a, b))]
      }
      for tap in 0..<27 {
        let side = matrix[equations.panels.index(Self.turned(tap, 3), 27)]
        #expect(abs(side - sides[number * 27 + tap]) <= 1e-9 * largestSide)
      }
      guard number < 24 else { continue }
      var place = number * 378
      for row in 0..<27 {
        for column in row..<27 {
          #expect(abs(element(row, column) - triangles[place]) <= 1e-9 * largest)
          place += 1
        }
      }
    }
    withExtendedLifetime(equations) {}
  }

  @Test func sumsOfThePublishedSizeAgree() throws {
    var settings = FilterLearningSettings()
    settings.masksInput = true
    settings.sampling = .every(1)
    let pair = try Self.storedPair("default_features")
    let samples = try Self.samples(
      pair, "default_features", settings, pool: WorkerPool(threads: 2))
    let equations = try NormalEquations(
      buckets: 23..<24, patch: 11, precision: .double, kernels: Self.kernels())
    try equations.add(23, samples, of: pair, scratch: equations.scratch())
    #expect(samples.range(of: 23).count == 196)
    let matrix = equations.matrix(of: 23)
    let expected = try Self.array("default_features/bucket_max_V.npy").values
    let largest = expected.max() ?? 1
    var (trace, squares, sum) = (0.0, 0.0, 0.0)
    for tap in 0..<1331 {
      let value = matrix[equations.panels.index(Self.turned(tap, 11), 1331)]
      #expect(abs(value - expected[tap]) <= 1e-6 * largest)
      trace += matrix[equations.panels.index(tap, tap)]
      for column in tap..<1331 {
        let element = matrix[equations.panels.index(tap, column)]
        let weight = column == tap ? 1.0 : 2.0
        squares += weight * element * element
        sum += weight * element
      }
    }
    #expect(abs(trace / 113_423.93750831239 - 1) <= 1e-9)
    #expect(abs(squares.squareRoot() / 111_130.48999733901 - 1) <= 1e-9)
    #expect(abs(sum / 139_221_628.1601138 - 1) <= 1e-9)
    // A step of conjugate gradients more or less is a matter of the last bit.
    let steps = GradientSolver(equations.panels, tolerance: 1e-5).solve(matrix).steps
    #expect(abs(steps - 60) <= 1, "\(steps)")
    withExtendedLifetime(equations) {}
  }

  /// Products in float32.
  ///
  /// The centre and what differs from it are rounded, then their products and at most 128 sums, four of
  /// which make an element. No number is larger than 1, so neither is a product.
  @Test(arguments: InstructionSet.available)
  func sumsOfProductsInSinglePrecisionAreWithinTheirBound(_ set: InstructionSet) throws {
    var settings = Self.small
    let (exact, counts, _) = try Self.equations("small", settings, set: set)
    settings.precision = .single
    let (rounded, _, _) = try Self.equations("small", settings, set: set)
    var differing = 0
    for bucket in exact.buckets where counts[bucket] > 0 {
      rounded.restore(bucket)
      let (a, b) = (exact.matrix(of: bucket), rounded.matrix(of: bucket))
      let limit = 4 * 132 * 0x1p-24 * Double(counts[bucket])
      for row in 0..<28 {
        for column in row..<28 {
          let place = exact.panels.index(row, column)
          #expect(abs(a[place] - b[place]) <= limit, "\(set) \(bucket) \(row) \(column)")
          if a[place] != b[place] { differing += 1 }
        }
      }
    }
    #expect(differing > 0)
    withExtendedLifetime((exact, rounded)) {}
  }

  // MARK: - Solutions

  @Test(arguments: InstructionSet.available)
  func ridgeFiltersAgree(_ set: InstructionSet) throws {
    let (equations, counts, same) = try Self.equations("small", Self.small, set: set)
    let filters = try FilterSolver(Self.small, kernels: Self.kernels(set)).filters(
      equations, counts: counts, pool: WorkerPool(threads: 2))
    let expected = try Self.array("small/h_ridge.npy").values
    for bucket in same {
      for tap in (27 * bucket)..<(27 * bucket + 27) {
        #expect(
          abs(Double(filters[tap]) - expected[tap]) <= 1e-5, "\(set), bucket \(bucket), tap \(tap)")
      }
    }
  }

  /// A matrix of the published size: what the solution leaves of the equations.
  @Test(arguments: InstructionSet.available)
  func solutionsOfThePublishedSizeMeetTheirEquations(_ set: InstructionSet) throws {
    var settings = FilterLearningSettings()
    settings.sampling = .every(1)
    settings.masksInput = true
    let pair = try Self.storedPair("default_features")
    let pool = try WorkerPool(threads: 2)
    let samples = try Self.samples(pair, "default_features", settings, pool: pool, set: set)
    func sums() throws -> NormalEquations {
      let equations = try NormalEquations(
        buckets: 23..<24, patch: 11, precision: .double, kernels: Self.kernels(set))
      try equations.add(23, samples, of: pair, scratch: equations.scratch())
      return equations
    }
    let (equations, copy) = (try sums(), try sums())
    let lambda = 1e-5
    let solution = try #require(
      RidgeSolver(equations.panels, kernels: Self.kernels(set)).solve(
        equations.matrix(of: 23), lambda: lambda))
    let matrix = copy.matrix(of: 23)
    func element(_ row: Int, _ column: Int) -> Double {
      matrix[copy.panels.index(min(row, column), max(row, column))]
    }
    let trace = (0..<1331).reduce(0) { $0 + element($1, $1) }
    let side = (0..<1331).map { element($0, 1331) }
    let norm = side.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for row in stride(from: 0, to: 1331, by: 37) {
      var sum = lambda * trace / 1331 * solution[row]
      for column in 0..<1331 { sum += element(row, column) * solution[column] }
      #expect(abs(sum - side[row]) <= 1e-10 * norm, "\(set) row \(row)")
    }
    withExtendedLifetime((equations, copy)) {}
  }

  @Test func conjugateGradientsComeDownToTheirTolerance() throws {
    let (equations, _, same) = try Self.equations("small", Self.small)
    let expected = try Self.array("small/cg_iterations.npy").values
    let solver = GradientSolver(equations.panels, tolerance: 1e-5)
    var unlike = 0
    for bucket in same {
      let matrix = equations.matrix(of: bucket)
      let (solution, steps) = solver.solve(matrix)
      if abs(Double(steps) - expected[bucket]) > 0.1 * expected[bucket] + 1 { unlike += 1 }
      var (rest, norm) = (0.0, 0.0)
      for row in 0..<27 {
        let side = matrix[equations.panels.index(row, 27)]
        var sum = -side
        for column in 0..<27 {
          sum +=
            matrix[equations.panels.index(min(row, column), max(row, column))] * solution[column]
        }
        rest += sum * sum
        norm += side * side
      }
      // The residual that is carried along departs from the true one by rounding.
      #expect(rest.squareRoot() <= 1.1e-5 * norm.squareRoot(), "bucket \(bucket)")
    }
    // Singular matrices make the number of steps a matter of rounding.
    #expect(unlike <= same.count / 10, "\(unlike) of \(same.count)")
    withExtendedLifetime(equations) {}
  }
}
