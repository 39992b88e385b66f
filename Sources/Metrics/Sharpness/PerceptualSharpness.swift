import Glibc
import Workers

/// The perceptual sharpness index (PSI) of slices of one size, which needs no reference: the inverse
/// mean width of the edges in a slice's sharpest blocks.
///
/// Feichtenhofer, Fassold, Schallauer, "A perceptual image sharpness metric based on local edge gradient
/// analysis" (IEEE Signal Processing Letters, 2013). Edges are measured along columns, so that
/// a transposed slice has another index. Slices with a side below ``leastSide`` have no inner block and 0.
///
/// `@unchecked Sendable`: one thread at a time may use it; each worker has its own.
final class PerceptualSharpness: @unchecked Sendable {
  private static let blockSide = 32
  /// Of a slice with a block that does not touch its faces.
  static let leastSide = 3 * blockSide
  /// Share of the sharpest blocks.
  private static let share = 22.0 / 100
  /// Largest angle between gradient and column, in degrees.
  private static let largestAngle = 8.0
  /// A gradient whose part along the column is smaller than that across it times this is beyond that
  /// angle, by far more than rounding: its tangent is 7.1.
  private static let leastSteepness = 7.0
  /// Width in pixels from which on the blur can be seen.
  private static let noticeableWidth = 3.0

  private let rows: Int
  private let columns: Int
  private let room: AlignedBuffer<Double>

  /// Makes room for slices of a size.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  init(rows: Int, columns: Int) throws(WorkersError) {
    self.rows = rows
    self.columns = columns
    room = try AlignedBuffer(count: 4 * rows * columns + 4 * columns)
  }

  private func plane(_ index: Int) -> UnsafeMutablePointer<Double> {
    room.pointer + index * rows * columns
  }
  /// Grays, then the same from 0 to 1.
  private var image: UnsafeMutablePointer<Double> { plane(0) }
  /// Sizes of Sobel's derivatives, along rows and along columns, and the sum of their squares.
  private var across: UnsafeMutablePointer<Double> { plane(1) }
  private var along: UnsafeMutablePointer<Double> { plane(2) }
  private var strength: UnsafeMutablePointer<Double> { plane(3) }

  /// The index: 0 without a measured edge; larger is sharper.
  func index(_ slice: GraySlice) -> Double {
    copy(slice)
    return index()
  }

  /// The same of slice `index` across an axis of a volume, without an array of its own.
  func index(_ volume: GrayVolume, axis: Int, index: Int) -> Double {
    volume.copy(axis: axis, index: index, to: image)
    return self.index()
  }

  private func index() -> Double {
    let side = Self.blockSide
    let grays = image
    guard min(rows, columns) >= Self.leastSide,
      (1..<rows * columns).contains(where: { grays[$0] != grays[0] })
    else { return 0 }
    let cutoff = load()
    var sums: [Double] = []
    for blockRow in 1..<(rows / side - 1) {
      for blockColumn in 1..<(columns / side - 1) {
        var sum = 0.0
        var count = 0
        for p in (blockRow * side)..<((blockRow + 1) * side) {
          for q in (blockColumn * side)..<((blockColumn + 1) * side)
          where isEdge(p, q, cutoff: cutoff) {
            guard let width = width(p, q), width != 0 else { continue }
            sum += width
            count += 1
          }
        }
        if sum >= 2 { sums.append(sum / Double(count)) }
      }
    }
    guard !sums.isEmpty else { return 0 }
    let count = (Self.share * Double(sums.count)).rounded(.up)
    return count / sums.sorted().prefix(Int(count)).reduce(0, +)
  }

  /// Thinned edges: Sobel's gradient above twice the root of its mean square, and a ridge of it.
  func edges(_ slice: GraySlice) -> [Bool] {
    copy(slice)
    let cutoff = load()
    return (0..<rows).flatMap { p in (0..<columns).map { isEdge(p, $0, cutoff: cutoff) } }
  }

  private func copy(_ slice: GraySlice) {
    precondition(slice.rows == rows && slice.columns == columns, "a slice of another size")
    image.update(from: slice.values, count: rows * columns)
  }

  /// Fills all planes from the grays in the first and returns the strength above which edges lie.
  private func load() -> Double {
    let image = image
    for place in 0..<rows * columns { image[place] /= 255 }
    for p in 0..<rows { differentiate(p) }
    var sum = 0.0
    for place in 0..<rows * columns { sum += strength[place] }
    return 4 * sum / Double(rows * columns)
  }

  /// Sobel's derivatives of a row; beyond the borders the outer pixels are repeated.
  private func differentiate(_ p: Int) {
    let above = image + max(p - 1, 0) * columns
    let here = image + p * columns
    let below = image + min(p + 1, rows - 1) * columns
    let sums = room.pointer + 4 * rows * columns
    for q in 0..<columns { sums[q] = above[q] + 2 * here[q] + below[q] }
    let (across, along) = (across + p * columns, along + p * columns)
    let strength = strength + p * columns
    func differentiate(_ left: Int, _ q: Int, _ right: Int) {
      across[q] = abs(sums[right] - sums[left]) / 8
      along[q] =
        abs(
          below[left] + 2 * below[q] + below[right]
            - (above[left] + 2 * above[q] + above[right])) / 8
    }
    differentiate(0, 0, 1)
    for q in 1..<columns - 1 { differentiate(q - 1, q, q + 1) }
    differentiate(columns - 2, columns - 1, columns - 1)
    for q in 0..<columns { strength[q] = across[q] * across[q] + along[q] * along[q] }
  }

  @inline(__always)
  private func isEdge(_ p: Int, _ q: Int, cutoff: Double) -> Bool {
    let place = p * columns + q
    let here = strength[place]
    guard here > cutoff else { return false }
    let slack = 100 * Double.ulpOfOne
    return across[place] >= along[place] - slack
      && (q == 0 || strength[place - 1] <= here)
      && (q == columns - 1 || here > strength[place + 1])
      || along[place] >= across[place] - slack
        && (p == 0 || strength[place - columns] <= here)
        && (p == rows - 1 || here > strength[place + columns])
  }

  /// The width of the edge at a pixel, along its column; nil where it cannot be measured.
  private func width(_ p: Int, _ q: Int) -> Double? {
    let image = image
    func value(_ row: Int, _ column: Int) -> Double { image[row * columns + column] }
    let slope = difference(p, last: rows - 1) { value($0, q) }
    let across = difference(q, last: columns - 1) { value(p, $0) }
    guard abs(slope) >= Self.leastSteepness * abs(across), slope != 0 else { return nil }
    let angle = atan2(slope, across) * 180 / Double.pi
    let sign: Double
    if abs(angle - 90) < Self.largestAngle {
      sign = 1
    } else if abs(angle + 90) < Self.largestAngle {
      sign = -1
    } else {
      return nil
    }
    var top = p
    while top > 0, sign * value(top - 1, q) < sign * value(top, q) { top -= 1 }
    var bottom = p
    while bottom < rows - 1, sign * value(bottom + 1, q) > sign * value(bottom, q) { bottom += 1 }
    guard top > 0, bottom < rows - 1 else { return nil }
    let width = Double(bottom - top) / cos((angle - 90 * sign) * Double.pi / 180)
    guard width >= Self.noticeableWidth else { return width }
    return width - sign * (value(bottom, q) - value(top, q)) / width
  }

  /// The derivative at a place of a line: central inside, one-sided at the ends.
  @inline(__always)
  private func difference(_ place: Int, last: Int, _ value: (Int) -> Double) -> Double {
    if place == 0 { return value(1) - value(0) }
    if place == last { return value(last) - value(last - 1) }
    return (value(place + 1) - value(place - 1)) / 2
  }
}
