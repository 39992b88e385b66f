import CSIMD

/// A block of accumulators: `rows` voxels or points by `vectors` vectors of output channels.
///
/// 1. Formula: ``PanelTask``. Per step `sums[r][v] += values[r] * weights[v]`.
/// 2. No pointer needs an alignment. Exactly the rows of the tile are read and written; prefetches
///    may name any address.
/// 3. All sums stay in registers: per step `vectors` loads, `rows` broadcasts and `rows * vectors`
///    multiply-adds. Two pipes with a latency of 4 cycles need 8 sums; 24 (AVX-512, NEON) or 12
///    (AVX2, SSE) fill the register file. Weights stream from L1 or L2, values from L1, where the
///    tile before has fetched them: without that fetch the direct convolution loses 6 % of the peak
///    and a 256->64 pointwise layer more than half of it.
/// 4. A sum runs in the order of the steps, each one fused multiply-add, whatever the tile; so results
///    do not depend on how rows are cut into tiles
///    (test `sumsRunInTheDocumentedOrder`). Bound: (steps + 2) * 2^-24 * sum of |products|.
/// 5. Speed: ``convolve3x3x3(_:)``, ``decodeRows(_:)``; `Benchmarks`, `kernel-benchmark`.
///    Strides known at compile time (16, 32, 64) were tried and gave nothing measurable.
///
/// `pairs` is 1 where values and weights are pairs of bfloat16, else 0.
struct RegisterTile<let rows: Int, let vectors: Int, let pairs: Int> {
  typealias Sums = InlineArray<rows, InlineArray<vectors, Vector>>

  /// Floats of a step's weights.
  @inline(__always) private static var width: Int { vectors * lanes }

  @inline(__always)
  static func run(_ task: PanelTask, tile: Int, at row: Int) {
    if let used = task.used, !used[tile].isAll {
      runUsed(task, used[tile], tile: tile, at: row)
    } else {
      runAll(task, tile: tile, at: row)
    }
  }

  // Apart from each other, because one function with both loops keeps the sums in memory.

  @inline(never)
  private static func runAll(_ task: PanelTask, tile: Int, at row: Int) {
    let start = task.start + row * task.startStride
    var sums = Sums { r in
      InlineArray { v in load(start + r * task.startStride + v * lanes) }
    }
    var upcoming = Upcoming(task, tile: tile)
    var weights = task.weights
    for index in 0..<task.segmentCount {
      let segment = task.segments[index]
      let values = segment.values + row * segment.stride
      var step = 0
      // Narrow panels have no load slots to spare for prefetching, and little to fetch.
      if vectors == Tiling.panelVectors {
        while step + chunk <= segment.length {
          fetchNext(values + step, stride: segment.stride)
          upcoming.fetch(4)
          accumulateChunk(
            &sums, values: values + step, stride: segment.stride, weights: weights + step * width)
          step += chunk
        }
        if step > 0 && step < segment.length { fetchNext(values + step, stride: segment.stride) }
      }
      while step < segment.length {
        accumulate(
          &sums, values: values + step, stride: segment.stride, weights: weights + step * width)
        step += 1
      }
      weights += segment.length * width
    }
    finish(&sums, task, at: row)
    save(sums, task, at: row)
  }

  /// The steps of a list, of the only segment.
  @inline(never)
  private static func runUsed(_ task: PanelTask, _ used: UsedUnits, tile: Int, at row: Int) {
    let start = task.start + row * task.startStride
    var sums = Sums { r in
      InlineArray { v in load(start + r * task.startStride + v * lanes) }
    }
    let segment = task.segments[0]
    let values = segment.values + row * segment.stride
    var upcoming = Upcoming(task, tile: tile)
    for index in 0..<used.count {
      let step = Int(used.steps[index])
      upcoming.fetch(1)
      accumulate(
        &sums, values: values + step, stride: segment.stride, weights: task.weights + step * width)
    }
    finish(&sums, task, at: row)
    save(sums, task, at: row)
  }

  /// The innermost step of all kernels.
  @inline(__always)
  private static func accumulate(
    _ sums: inout Sums, values: UnsafePointer<Float>, stride: Int, weights: UnsafePointer<Float>
  ) {
    let panel = InlineArray<vectors, Vector> { v in load(weights + v * lanes) }
    for r in 0..<rows {
      let value = broadcast(values[r * stride])
      for v in 0..<vectors {
        sums[r][v] =
          pairs == 1
          ? multiplyAddPairs(sums[r][v], value, panel[v]) : multiplyAdd(sums[r][v], value, panel[v])
      }
    }
  }

  /// Steps between two prefetches of a row: a cache line of its values.
  @inline(__always) private static var chunk: Int { 16 }

  @inline(__always)
  private static func accumulateChunk(
    _ sums: inout Sums, values: UnsafePointer<Float>, stride: Int, weights: UnsafePointer<Float>
  ) {
    #if ISA_NEON || ISA_SSE42
    // Four steps in a row would need more registers than there are: NEON code loads four values of
    // each row at once, SSE code holds every product apart from its sum.
    for step in 0..<chunk {
      accumulate(
        &sums, values: values + step, stride: stride, weights: weights + step * width)
    }
    #else
    var step = 0
    while step < chunk {
      // Spelled out, because the optimiser leaves a loop of this size alone: 1 to 2 % of the peak.
      let values = values + step
      let weights = weights + step * width
      accumulate(&sums, values: values, stride: stride, weights: weights)
      accumulate(&sums, values: values + 1, stride: stride, weights: weights + width)
      accumulate(&sums, values: values + 2, stride: stride, weights: weights + 2 * width)
      accumulate(&sums, values: values + 3, stride: stride, weights: weights + 3 * width)
      step += 4
    }
    #endif
  }

  /// Asks for the same chunk of the next tile's rows.
  @inline(__always)
  private static func fetchNext(_ values: UnsafePointer<Float>, stride: Int) {
    for r in 0..<rows { csimd_prefetch(values + (rows + r) * stride) }
  }

  /// ReLU and residual.
  @inline(__always)
  private static func finish(_ sums: inout Sums, _ task: PanelTask, at row: Int) {
    if task.rectified {
      for r in 0..<rows {
        for v in 0..<vectors { sums[r][v] = rectified(sums[r][v]) }
      }
    }
    guard let first = task.residual else { return }
    let residual = first + row * task.residualStride
    if task.residualIsBroadcast {
      for r in 0..<rows {
        let value = broadcast(residual[r * task.residualStride])
        for v in 0..<vectors { sums[r][v] += value }
      }
    } else {
      for r in 0..<rows {
        for v in 0..<vectors {
          sums[r][v] += load(residual + r * task.residualStride + v * lanes)
        }
      }
    }
  }

  @inline(__always)
  private static func save(_ sums: Sums, _ task: PanelTask, at row: Int) {
    let destination = task.destination + row * task.destinationStride
    #if ISA_AVX512BF16
    // A constant false where floats are read.
    if pairs == 1 && task.writesPairs {
      for r in 0..<rows {
        for v in 0..<vectors {
          storePairs(
            sums[r][v], to: destination + r * task.destinationStride + v * (lanes / 2))
        }
      }
      return
    }
    #endif
    for r in 0..<rows {
      for v in 0..<vectors {
        store(sums[r][v], to: destination + r * task.destinationStride + v * lanes)
      }
    }
    #if !ISA_AVX512BF16
    // In place and by another function: with more than an instruction per sum here, the optimiser
    // leaves the loops alone and keeps the sums in memory (half the speed of all layers). A row has
    // room for the floats: the panels behind this one are still to come.
    if pairs == 1 && task.writesPairs {
      roundInPlace(destination, stride: task.destinationStride, rows: rows, count: width)
    }
    #endif
  }
}

/// Weights of a later task, asked for a few cache lines at a time between the steps of this one.
private struct Upcoming {
  private var line: UnsafePointer<Float>
  private var left: Int

  @inline(__always)
  init(_ task: PanelTask, tile: Int) {
    line = task.upcoming + tile * task.upcomingLinesPerTile * 16
    left = task.upcomingLinesPerTile
  }

  @inline(__always)
  mutating func fetch(_ count: Int) {
    if left <= 0 { return }
    for index in 0..<count { csimd_prefetch_l2(line + index * 16) }
    line += count * 16
    left -= count
  }
}
