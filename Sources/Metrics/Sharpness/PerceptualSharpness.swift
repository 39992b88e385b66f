import Foundation

/// The perceptual sharpness index (PSI) of a slice, which needs no reference: the inverse mean width of
/// the edges in its sharpest blocks.
///
/// Feichtenhofer, Fassold, Schallauer, "A perceptual image sharpness metric based on local edge gradient
/// analysis" (IEEE Signal Processing Letters, 2013). Edges are measured along columns, so that
/// a transposed slice has another index. Slices with a side below 96 have no inner block and 0.
struct PerceptualSharpness {
  private static let blockSide = 32
  /// Share of the sharpest blocks.
  private static let share = 22.0 / 100
  /// Largest angle between gradient and column, in degrees.
  private static let largestAngle = 8.0
  /// Width in pixels from which on the blur can be seen.
  private static let noticeableWidth = 3.0

  private let rows: Int
  private let columns: Int
  /// From 0 to 1.
  private let image: [Double]

  init(_ slice: GraySlice) {
    rows = slice.rows
    columns = slice.columns
    image = slice.values.map { $0 / 255 }
  }

  /// The index: 0 without a measured edge; larger is sharper.
  var index: Double {
    let side = Self.blockSide
    guard rows >= 3 * side, columns >= 3 * side, image.contains(where: { $0 != image[0] }) else {
      return 0
    }
    let edges = edges
    var sums: [Double] = []
    for blockRow in 1..<(rows / side - 1) {
      for blockColumn in 1..<(columns / side - 1) {
        var sum = 0.0
        var count = 0
        for p in (blockRow * side)..<((blockRow + 1) * side) {
          for q in (blockColumn * side)..<((blockColumn + 1) * side) where edges[p * columns + q] {
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
  var edges: [Bool] {
    let across = gradient(alongRows: true)
    let along = gradient(alongRows: false)
    let strength = zip(across, along).map { $0 * $0 + $1 * $1 }
    let cutoff = 4 * strength.reduce(0, +) / Double(strength.count)
    let slack = 100 * Double.ulpOfOne
    return [Bool](unsafeUninitializedCapacity: image.count) { edges, filled in
      for p in 0..<rows {
        for q in 0..<columns {
          let place = p * columns + q
          let here = strength[place]
          var isEdge = false
          if here > cutoff {
            isEdge =
              across[place] >= along[place] - slack
              && (q == 0 || strength[place - 1] <= here)
              && (q == columns - 1 || here > strength[place + 1])
              || along[place] >= across[place] - slack
                && (p == 0 || strength[place - columns] <= here)
                && (p == rows - 1 || here > strength[place + columns])
          }
          edges[place] = isEdge
        }
      }
      filled = image.count
    }
  }

  /// The size of Sobel's derivative; beyond the borders the outer pixels are repeated.
  private func gradient(alongRows: Bool) -> [Double] {
    image.withUnsafeBufferPointer { image in
      [Double](unsafeUninitializedCapacity: image.count) { result, filled in
        for p in 0..<rows {
          let (above, below) = (max(p - 1, 0) * columns, min(p + 1, rows - 1) * columns)
          let here = p * columns
          for q in 0..<columns {
            let (left, right) = (max(q - 1, 0), min(q + 1, columns - 1))
            let difference =
              alongRows
              ? image[above + right] + 2 * image[here + right] + image[below + right]
                - (image[above + left] + 2 * image[here + left] + image[below + left])
              : image[below + left] + 2 * image[below + q] + image[below + right]
                - (image[above + left] + 2 * image[above + q] + image[above + right])
            result[here + q] = abs(difference) / 8
          }
        }
        filled = image.count
      }
    }
  }

  /// The width of the edge at a pixel, along its column; nil where it cannot be measured.
  private func width(_ p: Int, _ q: Int) -> Double? {
    func value(_ row: Int, _ column: Int) -> Double { image[row * columns + column] }
    let slope = difference(p, last: rows - 1) { value($0, q) }
    let across = difference(q, last: columns - 1) { value(p, $0) }
    guard slope != 0 || across != 0 else { return nil }
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
  private func difference(_ place: Int, last: Int, _ value: (Int) -> Double) -> Double {
    if place == 0 { return value(1) - value(0) }
    if place == last { return value(last) - value(last - 1) }
    return (value(place + 1) - value(place - 1)) / 2
  }
}
