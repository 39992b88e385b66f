import Glibc
import KernelInterface
import Workers

/// The local phase coherence sharpness index (LPC-SI) of slices of one size, which needs no reference.
///
/// Hassen, Wang, Salama, "Image sharpness assessment based on local phase coherence" (IEEE Transactions on
/// Image Processing, 2013). At a sharp place the phases of log-Gabor responses of three scales fit
/// together. Responses are float32; means are formed in double.
///
/// `@unchecked Sendable`: one thread at a time may use it; each worker has its own.
final class PhaseCoherence: @unchecked Sendable {
  /// Slices with a shorter side have no index.
  static let leastSide = 8

  private typealias Lanes = SIMD8<Float>

  private let filters: LogGaborFilters
  private let rows: Int
  private let columns: Int
  private let room: AlignedBuffer<Float>
  private let planeFloats: Int

  /// Makes room for slices of the filters' size.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  init(_ filters: LogGaborFilters) throws(WorkersError) {
    self.filters = filters
    rows = filters.transform.rows
    columns = filters.transform.columns
    planeFloats = ComplexImage.planeFloats(rows: rows, columns: columns)
    room = try AlignedBuffer(count: 13 * planeFloats + filters.transform.scratchFloats)
  }

  /// The index, 0 to 1, larger is sharper; 0 for a constant slice, nil for one that is too small.
  func index(_ slice: GraySlice) -> Double? {
    guard min(rows, columns) >= Self.leastSide else { return nil }
    guard slice.values.contains(where: { $0 != slice.values[0] }) else { return 0 }
    fillMap(slice)
    return pooled()
  }

  /// The local coherence of every pixel, row by row.
  func map(_ slice: GraySlice) -> [Float] {
    fillMap(slice)
    return (0..<rows).flatMap { row in
      (0..<columns).map { self.map.pointer[row * stride + $0] }
    }
  }

  // MARK: - Memory

  private var stride: Int { FeatureLayout.paddedChannels(columns) }
  private func plane(_ index: Int) -> UnsafeMutablePointer<Float> {
    room.pointer + index * planeFloats
  }
  private var map: (pointer: UnsafeMutablePointer<Float>, energy: UnsafeMutablePointer<Float>) {
    (plane(10), plane(11))
  }
  private var energies: UnsafeMutablePointer<Float> { plane(12) }
  private var scratch: UnsafeMutablePointer<Float> { plane(13) }

  private func image(_ index: Int) -> ComplexImage {
    ComplexImage(
      rows: rows, columns: columns, real: plane(2 * index), imaginary: plane(2 * index + 1))
  }

  // MARK: - Steps

  /// Pixels at every side that do not count.
  private var border: Int {
    Int((Double(min(rows, columns)) / 16 + 0.5).rounded(.down))
  }

  private func fillMap(_ slice: GraySlice) {
    let source = image(0)
    for row in 0..<rows {
      for column in 0..<stride {
        let place = row * stride + column
        source.real[place] = column < columns ? Float(slice.values[row * columns + column]) : 0
        source.imaginary[place] = 0
      }
    }
    let spectrum = image(1).transposedShape
    filters.transform.forward(source, into: spectrum, scratch: scratch)
    let count = rows * stride
    map.pointer.update(repeating: 0, count: count)
    map.energy.update(repeating: 0, count: count)
    let work = image(0).transposedShape
    for orientation in filters.filters {
      for (number, filter) in orientation.enumerated() {
        filters.transform.inverse(
          spectrum, filter, work: work, into: image(2 + number), scratch: scratch)
      }
      addCoherence(least: leastEnergy())
    }
    // C = 2 belongs to grays from 0 to 255.
    for place in 0..<count { map.pointer[place] /= map.energy[place] + 2 }
  }

  /// Fills ``energies`` and returns the mean of the inner ones plus two standard deviations.
  private func leastEnergy() -> Float {
    let (first, _, _) = responses
    forEachLanes { place in
      let (re, im) = (Self.load(first.real, place), Self.load(first.imaginary, place))
      Self.store((re * re + im * im).squareRoot(), self.energies, place)
    }
    var sum = 0.0
    var squares = 0.0
    var count = 0.0
    for row in border..<max(border, rows - border) {
      for column in border..<max(border, columns - border) {
        let energy = Double(energies[row * stride + column])
        sum += energy
        squares += energy * energy
        count += 1
      }
    }
    let mean = sum / count
    let variance = max(0, (squares - sum * mean) / (count - 1))
    return Float(mean + 2 * variance.squareRoot())
  }

  private var responses: (ComplexImage, ComplexImage, ComplexImage) {
    (image(2), image(3), image(4))
  }

  /// Adds an orientation's coherence, weighted by its energy above `least`, and that energy.
  ///
  /// The coherence is Re(u1 conj(u2)^3 u3^2) of the responses divided by their sizes, or 0.
  private func addCoherence(least: Float) {
    let (first, second, third) = responses
    let map = map
    let energies = energies
    let threshold = Lanes(repeating: least)
    forEachLanes { place in
      let energy = Self.load(energies, place) - threshold
      let isAbove = energy .> 0
      guard any(isAbove) else { return }
      let weight = Lanes.zero.replacing(with: energy, where: isAbove)
      let (a, b) = Self.direction(first, place)
      let (c, d) = Self.direction(second, place)
      let (e, f) = Self.direction(third, place)
      // The square of the second, then its cube's conjugate.
      let (square, squareIm) = (c * c - d * d, 2 * c * d)
      let (cube, cubeIm) = (square * c - squareIm * d, -(square * d + squareIm * c))
      let (coarse, coarseIm) = (e * e - f * f, 2 * e * f)
      let (product, productIm) = (a * cube - b * cubeIm, a * cubeIm + b * cube)
      let cosine = product * coarse - productIm * coarseIm
      let coherence = Lanes.zero.replacing(with: cosine, where: cosine .> 0)
      Self.store(Self.load(map.pointer, place) + coherence * weight, map.pointer, place)
      Self.store(Self.load(map.energy, place) + weight, map.energy, place)
    }
  }

  private func forEachLanes(_ body: (_ place: Int) -> Void) {
    var place = 0
    while place < rows * stride {
      body(place)
      place += Lanes.scalarCount
    }
  }

  /// A response divided by its size; 0 where that is 0.
  @inline(__always)
  private static func direction(_ image: ComplexImage, _ place: Int) -> (Lanes, Lanes) {
    let (re, im) = (load(image.real, place), load(image.imaginary, place))
    let size = (re * re + im * im).squareRoot()
    let inverse = (1 / size).replacing(with: 0, where: size .== 0)
    return (re * inverse, im * inverse)
  }

  @inline(__always)
  private static func load(_ source: UnsafePointer<Float>, _ place: Int) -> Lanes {
    UnsafeRawPointer(source + place).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private static func store(
    _ value: Lanes, _ target: UnsafeMutablePointer<Float>, _ place: Int
  ) {
    UnsafeMutableRawPointer(target + place).storeBytes(of: value, as: Lanes.self)
  }

  /// The mean of the inner pixels' coherence, weighted towards the largest.
  private func pooled() -> Double {
    let count = (rows - 2 * border) * (columns - 2 * border)
    guard count > 0 else { return 0 }
    let decay = Double(max(count - 1, 1)) * 1e-4
    // Beyond exp(-37) weights are below the last digit of a double.
    var largest = LargestValues(count: Int(37 * decay) + 1)
    for row in border..<rows - border {
      for column in border..<columns - border { largest.add(map.pointer[row * stride + column]) }
    }
    var sum = 0.0
    var weights = 0.0
    for (rank, value) in largest.sorted.enumerated() {
      let weight = exp(-Double(rank) / decay)
      sum += weight * Double(value)
      weights += weight
    }
    return sum / weights
  }
}

/// The largest of many values.
private struct LargestValues {
  private let count: Int
  private var values: [Float] = []
  private var threshold = -Float.infinity

  init(count: Int) {
    self.count = count
    values.reserveCapacity(8 * count)
  }

  mutating func add(_ value: Float) {
    guard value > threshold else { return }
    values.append(value)
    if values.count == 8 * count { cut() }
  }

  private mutating func cut() {
    values.sort(by: >)
    values.removeLast(max(0, values.count - count))
    if values.count == count, let last = values.last { threshold = last }
  }

  /// In falling order.
  var sorted: [Float] {
    var copy = self
    copy.cut()
    return copy.values
  }
}
