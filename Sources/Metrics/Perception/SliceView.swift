/// Slices across one axis of several volumes, on one gray scale.
struct SliceView: Sendable {
  let size: (rows: Int, columns: Int)
  private let volumes: [[Float]]
  private let low: Double
  private let range: Double
  private let strides: (slice: Int, row: Int, column: Int)

  /// - Parameters:
  ///   - volumes: Voxels, i fastest; the truth first.
  ///   - size: Voxels along i, j, k.
  ///   - axis: Which the slices lie across.
  ///   - limits: What -1 and 1 stand for: the truth's least and largest value.
  init(
    _ volumes: [[Float]], size: SIMD3<Int>, axis: Int, limits: (low: Double, high: Double)
  ) {
    self.volumes = volumes
    let steps = [1, size.x, size.x * size.y]
    let (row, column) = GraySlice.axes(axis)
    strides = (steps[axis], steps[row], steps[column])
    self.size = (size[row], size[column])
    low = limits.low
    range = limits.high - limits.low
  }

  /// Volumes.
  var count: Int { volumes.count }

  /// The gray values of a row, -1 where there is no range, every second float of `target`.
  func load(
    _ image: Int, slice: Int, row: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let first = slice * strides.slice + row * strides.row
    volumes[image].withUnsafeBufferPointer { voxels in
      for column in 0..<size.columns {
        let value = Double(voxels[first + column * strides.column])
        target[2 * column] = range > 0 ? Float(2 * (value - low) / range - 1) : -1
      }
    }
  }

  /// Whether all volumes show the same slice, whose distance is 0.
  func isAlike(_ slice: Int) -> Bool {
    volumes[0].withUnsafeBufferPointer { truth in
      volumes.dropFirst().allSatisfy { volume in
        volume.withUnsafeBufferPointer { voxels in
          (0..<size.rows).allSatisfy { row in
            let first = slice * strides.slice + row * strides.row
            return (0..<size.columns).allSatisfy {
              let place = first + $0 * strides.column
              return voxels[place] == truth[place]
            }
          }
        }
      }
    }
  }
}
