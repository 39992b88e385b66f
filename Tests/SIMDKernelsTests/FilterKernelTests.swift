import Foundation
import KernelInterface
import RandomNumbers
import SIMDKernels
import TestSupport
import Testing

/// The kernels of gradient filters beside plain loops in double precision.
@Suite struct FilterKernelTests {
  private static func kernels(_ set: InstructionSet) throws -> FilterKernels {
    try KernelTables.table(for: set).filters
  }

  /// Memory of a test, zero but for random numbers where asked.
  private final class Room<Element: BinaryFloatingPoint> {
    let pointer: UnsafeMutablePointer<Element>
    private let count: Int

    init(_ count: Int, seed: UInt64? = nil) {
      self.count = count
      pointer = .allocate(capacity: count)
      pointer.initialize(repeating: 0, count: count)
      guard var generator = seed.map({ SplitMix64(seed: $0) }) else { return }
      for index in 0..<count { pointer[index] = Element(generator.nextSigned()) }
    }

    deinit { pointer.deallocate() }

    var elements: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
  }

  // MARK: - Filters

  @Test(arguments: InstructionSet.available, [3, 5, 9, 11, 17])
  func filteredVoxelsAreSumsOverTheirPatches(_ set: InstructionSet, _ patch: Int) throws {
    let size = SIMD3(patch + 9, patch + 3, patch + 1)
    let count = size.x * size.y * size.z
    let image = Room<Float>(count + 32, seed: 1)
    let first = UnsafePointer(image.pointer + 16)
    let filter = Room<Float>(PatchFilterArguments.filterFloats(patch: patch))
    var generator = SplitMix64(seed: 2)
    let rowFloats = PatchFilterArguments.rowFloats(patch: patch)
    for row in 0..<(patch * patch) {
      for tap in 0..<patch { filter.pointer[row * rowFloats + tap] = generator.nextSigned() }
    }
    let half = patch / 2
    var all: [Int] = []
    for k in half..<(size.z - half) {
      for j in half..<(size.y - half) {
        for i in half..<(size.x - half) { all.append((k * size.y + j) * size.x + i) }
      }
    }
    for voxels in [all, Array(all.reversed().prefix(13)), Array(all.prefix(1))] {
      // One value more shows whether anything is written behind the last.
      let values = Room<Float>(voxels.count + 1)
      try voxels.withUnsafeBufferPointer { places in
        let base = try #require(places.baseAddress)
        try Self.kernels(set).applyFilter(
          PatchFilterArguments(
            image: first, rowStride: size.x, planeStride: size.x * size.y, patch: patch,
            filter: filter.pointer, voxels: base, count: voxels.count, values: values.pointer))
      }
      #expect(values.pointer[voxels.count] == 0)
      for (number, voxel) in voxels.enumerated() {
        var (sum, bound) = (0.0, 0.0)
        for k in 0..<patch {
          for j in 0..<patch {
            for i in 0..<patch {
              let place =
                voxel + ((k - half) * size.y + j - half) * size.x + i - half
              let product =
                Double(filter.pointer[(k * patch + j) * rowFloats + i]) * Double(first[place])
              sum += product
              bound += abs(product)
            }
          }
        }
        let limit = Double(patch * patch * patch + 5) * 0x1p-24 * bound
        #expect(
          abs(Double(values.pointer[number]) - sum) <= limit, "\(set), \(patch), \(number)")
      }
    }
    withExtendedLifetime((image, filter)) {}
  }

  // MARK: - Sums

  /// Adds products to sums, or takes them away, and compares every sum with one in double precision:
  /// `sample` gives the value at a place of `samples`, `limit` how far a sum may be off, by the sizes of its
  /// products and its own.
  private static func checkOuterProducts(
    _ set: InstructionSet, _ samples: OuterProductArguments.Samples, count: Int, stride: Int? = nil,
    panels: SymmetricPanels, _ range: Range<Int>, rows: Range<Int>? = nil, subtracts: Bool,
    sumsSeed: UInt64, sample: (Int) -> Double,
    limit: (_ products: Double, _ expected: Double) -> Double
  ) throws {
    let sums = Room<Double>(panels.elementCount, seed: sumsSeed)
    let before = sums.elements
    try kernels(set).addOuterProducts(
      OuterProductArguments(
        samples: samples, count: count, stride: stride, sums: sums.pointer, panels: range,
        rows: rows, subtracts: subtracts))
    let length = stride ?? count
    for panel in 0..<panels.panelCount {
      for row in 0..<(32 * panel + 32) {
        for column in 0..<32 {
          let place = SymmetricPanels.start(ofPanel: panel) + row * 32 + column
          var (sum, bound) = (0.0, 0.0)
          if range.contains(panel), (rows ?? range).contains(row / 32) {
            for number in 0..<count {
              let product =
                sample((row / 32 * length + number) * 32 + row % 32)
                * sample((panel * length + number) * 32 + column)
              sum += product
              bound += abs(product)
            }
          }
          let expected = before[place] + (subtracts ? -sum : sum)
          #expect(
            abs(sums.pointer[place] - expected) <= limit(bound, abs(expected)),
            "\(set) \(range) \(place)")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available, [1, 5, 64])
  func outerProductsAreAddedAndTakenAway(_ set: InstructionSet, _ count: Int) throws {
    let panels = SymmetricPanels(count: 100)
    let samples = Room<Double>(panels.panelCount * count * 32, seed: 3)
    for (range, subtracts) in [(0..<4, false), (1..<4, true), (2..<3, false)] {
      try Self.checkOuterProducts(
        set, .double(samples.pointer), count: count, panels: panels, range, subtracts: subtracts,
        sumsSeed: 4
      ) {
        samples.pointer[$0]
      } limit: { products, expected in
        Double(count + 2) * 0x1p-52 * (products + expected)
      }
    }
    withExtendedLifetime(samples) {}
  }

  @Test(arguments: InstructionSet.available, [1, 5, 128])
  func outerProductsOfSinglesAreAddedAndTakenAway(_ set: InstructionSet, _ count: Int) throws {
    let panels = SymmetricPanels(count: 70)
    let samples = Room<Float>(panels.panelCount * count * 32, seed: 7)
    for (range, subtracts) in [(0..<3, false), (1..<3, true)] {
      try Self.checkOuterProducts(
        set, .single(samples.pointer), count: count, panels: panels, range, subtracts: subtracts,
        sumsSeed: 8
      ) {
        Double(samples.pointer[$0])
      } limit: { products, expected in
        Double(count + 2) * 0x1p-24 * products + 0x1p-52 * expected
      }
    }
    withExtendedLifetime(samples) {}
  }

  @Test(arguments: InstructionSet.available)
  func outerProductsOfSomeRowsLeaveTheOthers(_ set: InstructionSet) throws {
    let panels = SymmetricPanels(count: 100)
    let (count, stride) = (5, 9)
    let samples = Room<Double>(panels.panelCount * stride * 32, seed: 9)
    for (range, rows) in [(1..<4, 1..<2), (2..<4, 0..<4), (0..<4, 3..<3)] {
      try Self.checkOuterProducts(
        set, .double(samples.pointer), count: count, stride: stride, panels: panels, range,
        rows: rows, subtracts: true, sumsSeed: 10
      ) {
        samples.pointer[$0]
      } limit: { products, expected in
        Double(count + 2) * 0x1p-52 * (products + expected)
      }
    }
    withExtendedLifetime(samples) {}
  }

  /// U^T X against B, row by row; U is dominated by its diagonal, so X is no larger than B.
  @Test(arguments: InstructionSet.available)
  func trianglesAreSolved(_ set: InstructionSet) throws {
    let triangle = Room<Double>(1024, seed: 11)
    for row in 0..<32 {
      triangle.pointer[row * 33] = 33 + triangle.pointer[row * 33]
      // What lies below the diagonal is not read.
      for column in 0..<row { triangle.pointer[row * 32 + column] = .nan }
    }
    let (square, copy) = (Room<Double>(1024, seed: 12), Room<Double>(1024))
    let before = square.elements
    try Self.kernels(set).solveTriangle(
      TriangleArguments(
        triangle: triangle.pointer, square: square.pointer, copy: copy.pointer))
    for row in 0..<32 {
      for column in 0..<32 {
        var (sum, size) = (0.0, 0.0)
        for above in 0...row {
          let product = triangle.pointer[above * 32 + row] * square.pointer[above * 32 + column]
          sum += product
          size += abs(product)
        }
        let place = row * 32 + column
        #expect(abs(sum - before[place]) <= 36 * 0x1p-53 * size, "\(set) \(row) \(column)")
        #expect(copy.pointer[place] == square.pointer[place])
      }
    }
    withExtendedLifetime((triangle, square, copy)) {}
  }

  @Test(arguments: InstructionSet.available, [3, 5, 11])
  func samplesAreTheSurroundingsOfVoxels(_ set: InstructionSet, _ patch: Int) throws {
    let size = SIMD3(patch + 4, patch + 2, patch + 1)
    let (row, plane) = (size.x, size.x * size.y)
    let image = Room<Double>(plane * size.z + 16, seed: 13)
    let truth = Room<Double>(plane * size.z, seed: 14)
    let half = patch / 2
    let voxels = (0..<3).map { (half + 1) * plane + (half + 1) * row + half + $0 }
    let elements = PatchSampleArguments.panels(patch: patch).panelCount * 32
    let line = Room<Double>(PatchSampleArguments.lineCount(patch: patch), seed: 15)
    let singles = Room<Float>(elements * voxels.count, seed: 16)
    let doubles = Room<Double>(elements * voxels.count, seed: 17)
    for samples in [
      PatchSampleArguments.Samples.single(singles.pointer), .double(doubles.pointer),
    ] {
      try Self.kernels(set).gatherPatches(
        PatchSampleArguments(
          image: image.pointer, truth: truth.pointer, rowStride: row, planeStride: plane,
          patch: patch, voxels: voxels, count: voxels.count, samples: samples, line: line.pointer))
    }
    let taps = patch * patch * patch
    for (number, voxel) in voxels.enumerated() {
      let centre = Double(Float(image.pointer[voxel]))
      for element in 0..<elements {
        let (j, i) = (element / patch % patch, element % patch)
        let place =
          voxel + (element / (patch * patch) - half) * plane + (j - half) * row + i - half
        let value =
          element < taps ? image.pointer[place] : element == taps ? truth.pointer[voxel] : 0
        let single =
          element <= taps ? Float(value - centre) : element == taps + 1 ? Float(centre) : 0
        let target = (element / 32 * voxels.count + number) * 32 + element % 32
        #expect(doubles.pointer[target] == value, "\(set) \(number) \(element)")
        #expect(singles.pointer[target] == single, "\(set) \(number) \(element)")
      }
    }
    withExtendedLifetime((image, truth, line, singles, doubles)) {}
  }

  // MARK: - Features

  private struct Features {
    var buckets: [Int32]
    var strength: [Double]
    var coherence: [Double]
    var systems: [Double]
  }

  private static let tables: [Double] = {
    let weights = [0.1, 0.2, 0.4, 0.2, 0.1]
    let azimuth = (1..<5).flatMap { [cos(Double($0) * .pi / 5), sin(Double($0) * .pi / 5)] }
    let polar = (1..<7).map { cos(Double($0) * .pi / 7) }
    return weights + azimuth + polar + [0.05, 0.11] + [0.1, 0.3, 0.6]
  }()

  private func features(
    _ image: StructureTensorArguments.Image, size: SIMD3<Int>,
    region: StructureTensorArguments.Region, kernels: FilterKernels, trace: Bool = false,
    anisotropy: Bool = false
  ) -> Features {
    let stride = StructureTensorArguments.rowStride(columns: region.columns.count)
    let count = region.rows.count * stride
    let (strength, coherence) = (Room<Double>(count), Room<Double>(count))
    let systems = Room<Double>(6 * count)
    let scratch = Room<Double>(
      StructureTensorArguments.scratchCount(columns: region.columns.count, radius: 2))
    var buckets = [Int32](repeating: -1, count: count)
    Self.tables.withUnsafeBufferPointer { tables in
      buckets.withUnsafeMutableBufferPointer { buckets in
        guard let table = tables.baseAddress, let numbers = buckets.baseAddress else { return }
        kernels.findBuckets(
          StructureTensorArguments(
            image: image, size: size, region: region, window: .init(weights: table, radius: 2),
            bins: BucketTables(
              azimuthCount: 5, azimuth: table + 5, polarCount: 7, polar: table + 13,
              strengthCount: 3, strength: table + 19, coherenceCount: 4, coherence: table + 21,
              usesTrace: trace, usesAnisotropy: anisotropy),
            strength: strength.pointer, coherence: coherence.pointer,
            eigensystem: systems.pointer, buckets: numbers, scratch: scratch.pointer))
      }
    }
    var result = Features(buckets: [], strength: [], coherence: [], systems: [])
    for row in 0..<region.rows.count {
      for column in 0..<region.columns.count {
        let place = row * stride + column
        result.buckets.append(buckets[place])
        result.strength.append(strength.pointer[place])
        result.coherence.append(coherence.pointer[place])
        for number in 0..<6 { result.systems.append(systems.pointer[number * count + place]) }
      }
    }
    return result
  }

  /// Windows that touch all faces, every width up to two vectors, every kind of measure.
  @Test(arguments: InstructionSet.available.filter { $0 != .generic })
  func featuresAreThoseOfPlainLoops(_ set: InstructionSet) throws {
    let size = SIMD3(23, 9, 6)
    let image = Room<Float>(size.x * size.y * size.z + 32, seed: 5)
    let source = StructureTensorArguments.Image.single(UnsafePointer(image.pointer + 16))
    for (columns, plane) in [(2..<21, 2), (2..<3, 3), (5..<20, 2), (18..<21, 3)] {
      for (trace, anisotropy) in [(false, false), (true, false), (false, true), (true, true)] {
        let region = StructureTensorArguments.Region(plane: plane, rows: 2..<7, columns: columns)
        let expected = features(
          source, size: size, region: region, kernels: try Self.kernels(.generic), trace: trace,
          anisotropy: anisotropy)
        let actual = features(
          source, size: size, region: region, kernels: try Self.kernels(set), trace: trace,
          anisotropy: anisotropy)
        for index in expected.buckets.indices {
          let largest = expected.systems[6 * index]
          for number in 0..<3 {
            #expect(
              abs(actual.systems[6 * index + number] - expected.systems[6 * index + number])
                <= 1e-13 * largest)
          }
          let gap = largest - expected.systems[6 * index + 1]
          let product = (3..<6).reduce(0) {
            $0 + actual.systems[6 * index + $1] * expected.systems[6 * index + $1]
          }
          #expect(abs(abs(product) - 1) <= 1e-12 * largest / gap)
          #expect(abs(actual.strength[index] - expected.strength[index]) <= 1e-12 * largest)
          #expect(abs(actual.coherence[index] - expected.coherence[index]) <= 1e-6)
        }
        #expect(actual.buckets == expected.buckets, "\(set) \(columns)")
      }
    }
    withExtendedLifetime(image) {}
  }

  /// A voxel's features do not depend on the region, to the last bit.
  @Test(arguments: InstructionSet.available)
  func featuresDoNotDependOnTheRegion(_ set: InstructionSet) throws {
    let size = SIMD3(30, 12, 7)
    let image = Room<Double>(size.x * size.y * size.z + 32, seed: 6)
    let source = StructureTensorArguments.Image.double(UnsafePointer(image.pointer + 16))
    let kernels = try Self.kernels(set)
    let whole = features(
      source, size: size, region: .init(plane: 3, rows: 2..<10, columns: 2..<28), kernels: kernels)
    for (rows, columns) in [(2..<10, 9..<28), (5..<6, 2..<28), (3..<9, 12..<14)] {
      let part = features(
        source, size: size, region: .init(plane: 3, rows: rows, columns: columns),
        kernels: kernels)
      for (line, row) in rows.enumerated() {
        for (place, column) in columns.enumerated() {
          let (index, other) = (line * columns.count + place, (row - 2) * 26 + column - 2)
          #expect(part.systems[6 * index] == whole.systems[6 * other], "\(set)")
          #expect(part.systems[6 * index + 4] == whole.systems[6 * other + 4])
          #expect(part.buckets[index] == whole.buckets[other])
        }
      }
    }
    withExtendedLifetime(image) {}
  }

  /// No gradient, and gradients along one axis alone.
  @Test(arguments: InstructionSet.available)
  func ramps(_ set: InstructionSet) throws {
    let size = SIMD3(12, 8, 7)
    let region = StructureTensorArguments.Region(plane: 3, rows: 2..<6, columns: 2..<10)
    let slopes = [
      SIMD3(0.0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1), SIMD3(0, 0, -1),
    ]
    let directions = [nil, (0, 3), (2, 3), (0, 0), (0, 0)] as [(azimuth: Int32, polar: Int32)?]
    for (slope, direction) in zip(slopes, directions) {
      let image = Room<Double>(size.x * size.y * size.z + 32)
      for place in 0..<(size.x * size.y * size.z) {
        let voxel = SIMD3(
          Double(place % size.x), Double(place / size.x % size.y),
          Double(place / (size.x * size.y)))
        image.pointer[16 + place] = (voxel * slope).sum()
      }
      let found = features(
        .double(UnsafePointer(image.pointer + 16)), size: size, region: region,
        kernels: try Self.kernels(set))
      withExtendedLifetime(image) {}
      for index in found.buckets.indices {
        guard let direction else {
          #expect(found.strength[index] == 0 && found.coherence[index] == .infinity)
          #expect(found.buckets[index] % 12 == 3, "last bin of coherence, first of strength")
          continue
        }
        #expect(abs(found.strength[index] - 1) <= 1e-12)
        #expect(abs(found.coherence[index] - 1) <= 1e-6)
        // A vector has two signs, which differ where the other two components are 0.
        let polar = slope.z != 0 ? [0, 6] : [direction.polar]
        let azimuth = slope.x != 0 ? [0, 4] : [direction.azimuth]
        #expect(azimuth.contains(found.buckets[index] / 84), "\(set) \(slope)")
        #expect(polar.contains(found.buckets[index] / 12 % 7), "\(set) \(slope)")
      }
    }
  }
}
