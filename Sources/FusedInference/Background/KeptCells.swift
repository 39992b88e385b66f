import Workers

/// The LR cells whose output voxels are computed although the volume has a background: those near
/// anything else.
///
/// A cell lies between a voxel and the next ones along i, j, k. It is kept if any voxel that is not
/// background lies within ``reach`` voxels of any of its points.
struct KeptCells: Sendable {
  /// Voxels from a cell to what decides on it.
  static let reach = 2

  /// Per row (j, k), the runs of kept cells along i.
  private let runs: [[Range<Int>]]
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
    let rowCount = size.y * size.z
    var alongI = [[Range<Int>]](repeating: [], count: rowCount)
    alongI.withUnsafeMutableBufferPointer { rows in
      let rows = UncheckedRows(rows)
      pool.run(size.z) { plane, _ in
        for row in plane * size.y..<(plane + 1) * size.y {
          rows[row] = Self.runs(row: row, background.value, voxels, width: size.x)
        }
      }
    }
    var runs = [[Range<Int>]](repeating: [], count: rowCount)
    runs.withUnsafeMutableBufferPointer { rows in
      let rows = UncheckedRows(rows)
      pool.run(size.z) { plane, _ in
        for row in 0..<size.y {
          var all: [Range<Int>] = []
          for k in Self.deciding(plane, size: size.z) {
            for j in Self.deciding(row, size: size.y) { all += alongI[k * size.y + j] }
          }
          rows[plane * size.y + row] = Self.merged(all)
        }
      }
    }
    self.runs = runs
    bounds = Self.bounds(runs, size: size)
  }

  /// The kept cells of row (j, k) along i.
  func runs(j: Int, k: Int) -> [Range<Int>] { runs[k * size.y + j] }

  /// The voxels along an axis that decide on a cell.
  private static func deciding(_ cell: Int, size: Int) -> Range<Int> {
    max(0, cell - reach)..<min(size, cell + 2 + reach)
  }

  /// The cells along i that a row of voxels keeps.
  private static func runs(
    row: Int, _ value: Float, _ voxels: [Float], width: Int
  ) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    voxels.withUnsafeBufferPointer { voxels in
      for i in 0..<width where voxels[row * width + i] != value {
        extend(&runs, by: max(0, i - 1 - reach)..<min(width, i + reach + 1))
      }
    }
    return runs
  }

  private static func merged(_ runs: [Range<Int>]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for run in runs.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      extend(&merged, by: run)
    }
    return merged
  }

  /// Adds a run that begins no earlier than the last one; they become one where they touch.
  private static func extend(_ runs: inout [Range<Int>], by run: Range<Int>) {
    if let last = runs.last, run.lowerBound <= last.upperBound {
      runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
    } else {
      runs.append(run)
    }
  }

  private static func bounds(_ runs: [[Range<Int>]], size: SIMD3<Int>) -> [Range<Int>] {
    var lower = size
    var upper = SIMD3(0, 0, 0)
    for (row, cells) in runs.enumerated() {
      guard let first = cells.first, let last = cells.last else { continue }
      let (j, k) = (row % size.y, row / size.y)
      lower = pointwiseMin(lower, SIMD3(first.lowerBound, j, k))
      upper = pointwiseMax(upper, SIMD3(last.upperBound, j + 1, k + 1))
    }
    return (0..<3).map { lower[$0]..<max(lower[$0], upper[$0]) }
  }
}

/// Rows that workers write, each its own.
private struct UncheckedRows: @unchecked Sendable {
  private let rows: UnsafeMutableBufferPointer<[Range<Int>]>

  init(_ rows: UnsafeMutableBufferPointer<[Range<Int>]>) { self.rows = rows }

  subscript(row: Int) -> [Range<Int>] {
    get { rows[row] }
    nonmutating set { rows[row] = newValue }
  }
}
