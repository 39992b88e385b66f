import Workers

/// Interpolates one volume at the points of a sampling, row by row, without a dense result.
///
/// Rows may be asked for in any order and from any thread; a row's values depend on nothing but
/// the volume and the sampling, so results are the same bytes for any number of workers. Arithmetic
/// is float32, positions and weights come from double. Values must be finite: one that is not
/// spreads over whole lines of the cubic method.
///
/// The rules are those of scipy.ndimage.zoom(grid_mode=True) with mode nearest (order 0 and 1) or
/// mirror (order 3). On an axis where every position is a voxel centre no interpolation takes
/// place, and where that holds for all axes the result is the input bit for bit.
public struct Interpolator: Sendable {
  /// The positions and their taps.
  public let sampling: PreparedSampling
  /// Voxels, or B-spline coefficients of the axes that need them, `[k][j][i]`.
  let coefficients: [Float]

  /// Prepares a volume; the cubic method filters it on all workers.
  ///
  /// It filters in place where the caller gives the array away, and a copy where others hold it.
  ///
  /// - Parameters:
  ///   - voxels: The input, `[k][j][i]` (i fastest) of `sampling.inputSize`.
  ///   - sampling: Where values are wanted, and the method.
  ///   - pool: Does the filtering.
  public init(voxels: consuming [Float], sampling: PreparedSampling, pool: WorkerPool) {
    let size = sampling.inputSize
    precondition(
      voxels.count == size.x * size.y * size.z, "voxels: \(voxels.count), size: \(size)")
    self.sampling = sampling
    if sampling.method == .cubic, sampling.filteredAxes.contains(true) {
      var filtered = voxels
      BSplinePrefilter.apply(
        to: &filtered, size: size, along: sampling.filteredAxes, pool: pool)
      coefficients = filtered
    } else {
      coefficients = voxels
    }
  }

  /// Interpolates one row.
  ///
  /// For a separable sampling j and k count positions along INPUT axes j and k, and the row runs
  /// along INPUT axis i; for a general sampling all three are the target's own axes.
  ///
  /// - Parameters:
  ///   - j: Index along axis j of ``PreparedSampling/rowBox``.
  ///   - k: Index along axis k of it.
  ///   - row: `rowBox.x` values. Points outside the field of view get 0.
  ///   - adding: Adds to what the row holds instead of storing.
  public func row(
    j: Int, k: Int, into row: UnsafeMutableBufferPointer<Float>, adding: Bool = false
  ) {
    precondition(row.count == sampling.rowBox.x, "row: \(row.count) of \(sampling.rowBox.x)")
    let inside: Range<Int>
    switch sampling.sampling {
    case .separable: inside = separableRow(j: j, k: k, into: row, adding: adding)
    case .general(let general):
      inside = generalRow(general, j: j, k: k, into: row, adding: adding)
    }
    if !adding {
      row[..<inside.lowerBound].update(repeating: 0)
      row[inside.upperBound...].update(repeating: 0)
    }
  }

  /// Interpolates the whole target, in the order of its voxel array (its i fastest).
  ///
  /// - Parameters:
  ///   - target: Room for all voxels of the target.
  ///   - pool: Shares the rows.
  public func interpolate(into target: UnsafeMutableBufferPointer<Float>, pool: WorkerPool) {
    let box = sampling.rowBox
    precondition(target.count == box.x * box.y * box.z, "target: \(target.count) for \(box)")
    let sink = RowSink(target: target, strides: sampling.outputStrides)
    pool.run(box.y * box.z) { item, _ in
      let (k, j) = item.quotientAndRemainder(dividingBy: box.y)
      sink.store(j: j, k: k, length: box.x) { row(j: j, k: k, into: $0) }
    }
  }

  /// Interpolates the whole target, in the order of its voxel array (its i fastest).
  public func interpolated(pool: WorkerPool) -> [Float] {
    let box = sampling.rowBox
    let count = box.x * box.y * box.z
    return [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      buffer.initialize(repeating: 0)
      interpolate(into: buffer, pool: pool)
      initializedCount = count
    }
  }
}

/// Where finished rows go.
///
/// Rows share no element of the target, so workers may store at once.
private struct RowSink: @unchecked Sendable {
  let target: UnsafeMutableBufferPointer<Float>
  let strides: SIMD3<Int>

  func store(j: Int, k: Int, length: Int, _ fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    let start = j * strides.y + k * strides.z
    if strides.x == 1 {
      fill(UnsafeMutableBufferPointer(rebasing: target[start..<(start + length)]))
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { row in
      row.initialize(repeating: 0)
      fill(row)
      for i in 0..<length { target[start + i * strides.x] = row[i] }
    }
  }
}
