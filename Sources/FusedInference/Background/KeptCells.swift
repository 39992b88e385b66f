import Workers

/// The LR cells whose output voxels are computed although the volume has a background: those near
/// anything else.
///
/// A cell lies between a voxel and the next ones along i, j, k. It is kept if any voxel that is not
/// background lies within ``reach`` voxels of any of its points.
struct KeptCells: Sendable {
  /// Voxels from a cell to what decides on it.
  static let reach = 2

  /// Per row (j, k), a bit for each cell along i, from the lowest one of the first word on.
  ///
  /// Bits, because lists of runs would take many times as much where rows have many of them.
  private let bits: [UInt64]
  private let size: SIMD3<Int>
  /// What holds all kept cells, along i, j, k; empty where there are none.
  let bounds: [Range<Int>]

  /// Finds the cells.
  ///
  /// - Parameters:
  ///   - background: Of the volume.
  ///   - voxels: i fastest.
  ///   - size: Voxels along i, j, k.
  ///   - pool: Shares the planes.
  init(_ background: Background, voxels: [Float], size: SIMD3<Int>, pool: WorkerPool) {
    self.size = size
    // A cell c is decided by the voxels c - reach ... c + 1 + reach of every axis, so axes can be
    // taken one after the other.
    let words = Self.words(size.x)
    var alongI = [UInt64](repeating: 0, count: words * size.y * size.z)
    alongI.withUnsafeMutableBufferPointer { bits in
      let rows = UncheckedRows(bits, words: words)
      pool.run(size.z) { plane, _ in
        for row in plane * size.y..<(plane + 1) * size.y {
          Self.mark(rows[row], row: row, background.value, voxels, width: size.x)
        }
      }
    }
    var bits = [UInt64](repeating: 0, count: words * size.y * size.z)
    bits.withUnsafeMutableBufferPointer { bits in
      let rows = UncheckedRows(bits, words: words)
      pool.run(size.z) { plane, _ in
        for row in 0..<size.y {
          let cells = rows[plane * size.y + row]
          for k in Self.deciding(plane, size: size.z) {
            for j in Self.deciding(row, size: size.y) {
              let first = (k * size.y + j) * words
              for word in 0..<words { cells[word] |= alongI[first + word] }
            }
          }
        }
      }
    }
    self.bits = bits
    bounds = Self.bounds(bits, words: words, size: size)
  }

  /// Bytes that finding the cells takes, whatever they are: of those along i, and of all.
  static func plannedBytes(_ size: SIMD3<Int>) -> Int {
    2 * words(size.x) * size.y * size.z * MemoryLayout<UInt64>.size
  }

  /// The runs of kept cells of row (j, k) along i, in order.
  func runs(j: Int, k: Int) -> [Range<Int>] {
    let words = Self.words(size.x)
    let first = (k * size.y + j) * words
    var runs: [Range<Int>] = []
    var start: Int?
    var last: UInt64 = 0
    for word in 0..<words {
      let cells = bits[first + word]
      // Where a cell differs from the one before it: runs begin and end there by turns.
      var borders = cells ^ (cells << 1 | last)
      last = cells >> 63
      while borders != 0 {
        let cell = 64 * word + borders.trailingZeroBitCount
        if let begin = start {
          runs.append(begin..<cell)
          start = nil
        } else {
          start = cell
        }
        borders &= borders - 1
      }
    }
    if let start { runs.append(start..<size.x) }
    return runs
  }

  /// Words of a row of `width` cells.
  private static func words(_ width: Int) -> Int { (width + 63) / 64 }

  /// The voxels along an axis that decide on a cell.
  private static func deciding(_ cell: Int, size: Int) -> Range<Int> {
    max(0, cell - reach)..<min(size, cell + 2 + reach)
  }

  /// Sets the bits of the cells along i that a row of voxels keeps.
  private static func mark(
    _ bits: UnsafeMutableBufferPointer<UInt64>, row: Int, _ value: Float, _ voxels: [Float],
    width: Int
  ) {
    voxels.withUnsafeBufferPointer { voxels in
      // Cells below this one are done.
      var next = 0
      for i in 0..<width where voxels[row * width + i] != value {
        let end = min(width, i + reach + 1)
        for cell in max(next, i - 1 - reach)..<end { bits[cell >> 6] |= 1 << UInt64(cell & 63) }
        next = end
      }
    }
  }

  private static func bounds(_ bits: [UInt64], words: Int, size: SIMD3<Int>) -> [Range<Int>] {
    var lower = size
    var upper = SIMD3(0, 0, 0)
    for row in 0..<size.y * size.z {
      let cells = bits[row * words..<(row + 1) * words]
      guard let first = cells.firstIndex(where: { $0 != 0 }),
        let last = cells.lastIndex(where: { $0 != 0 })
      else { continue }
      let (j, k) = (row % size.y, row / size.y)
      let begin = 64 * (first - row * words) + bits[first].trailingZeroBitCount
      let end = 64 * (last - row * words + 1) - bits[last].leadingZeroBitCount
      lower = pointwiseMin(lower, SIMD3(begin, j, k))
      upper = pointwiseMax(upper, SIMD3(end, j + 1, k + 1))
    }
    return (0..<3).map { lower[$0]..<max(lower[$0], upper[$0]) }
  }
}

/// Rows of bits that workers write, each its own.
private struct UncheckedRows: @unchecked Sendable {
  private let bits: UnsafeMutableBufferPointer<UInt64>
  private let words: Int

  init(_ bits: UnsafeMutableBufferPointer<UInt64>, words: Int) {
    self.bits = bits
    self.words = words
  }

  subscript(row: Int) -> UnsafeMutableBufferPointer<UInt64> {
    UnsafeMutableBufferPointer(rebasing: bits[row * words..<(row + 1) * words])
  }
}
