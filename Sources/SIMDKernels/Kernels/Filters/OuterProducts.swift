import CSIMD
import KernelInterface

/// A symmetric update of rank `count`.
///
/// 1. Formula, layouts: `OuterProductArguments`, `SymmetricPanels`.
/// 2. No alignment is needed. Exactly the squares of the panels given are read and written.
/// 3. As ``RegisterTile``: sums of some rows by some vectors of columns stay in registers over all samples.
///    The columns of 64 samples in float64, or 128 in float32, are 16 KB in L1, rows stream from L2, and
///    a tile of the sums is asked for before and so is there when it is added.
/// 4. A sum runs sample by sample from zero and is added to memory once, whatever the tiles. Bound:
///    (count + 2) * 2^-53 (float32: 2^-24) * sum of |products|.
/// 5. `related.md` of the results.
func addOuterProducts(_ arguments: OuterProductArguments) {
  guard arguments.count > 0 else { return }
  for panel in arguments.panels {
    let square = SymmetricPanels.start(ofPanel: panel)
    let columns = panel * arguments.stride * 32
    var rowPanel = arguments.rows.lowerBound
    while rowPanel < arguments.rows.upperBound, rowPanel <= panel {
      let rows = rowPanel * arguments.stride * 32
      let target = arguments.sums + square + rowPanel * 1024
      switch arguments.samples {
      case .double(let samples):
        OuterProductTiling.run(
          samples + rows, samples + columns, target, count: arguments.count,
          subtracts: arguments.subtracts)
      case .single(let samples):
        SingleProductTiling.run(
          samples + rows, samples + columns, target, count: arguments.count,
          subtracts: arguments.subtracts)
      }
      rowPanel += 1
    }
  }
}

/// A square of 32 x 32 sums as tiles.
private enum OuterProductTiling {
  @inline(__always)
  static func run(
    _ rows: UnsafePointer<Double>, _ columns: UnsafePointer<Double>,
    _ target: UnsafeMutablePointer<Double>, count: Int, subtracts: Bool
  ) {
    #if ISA_AVX512 || ISA_AVX512BF16
    var row = 0
    while row < 30 {
      OuterProductTile<6, 4>.run(
        rows + row, columns, target + row * 32, count: count, subtracts: subtracts)
      row += 6
    }
    OuterProductTile<2, 4>.run(
      rows + row, columns, target + row * 32, count: count, subtracts: subtracts)
    #else
    var column = 0
    while column < 32 {
      var row = 0
      while row < 32 {
        #if ISA_NEON
        OuterProductTile<8, 2>.run(
          rows + row, columns + column, target + row * 32 + column, count: count,
          subtracts: subtracts)
        row += 8
        #else
        OuterProductTile<4, 2>.run(
          rows + row, columns + column, target + row * 32 + column, count: count,
          subtracts: subtracts)
        row += 4
        #endif
      }
      column += 2 * wideLanes
    }
    #endif
  }
}

/// Sums of `rows` elements by `vectors` vectors of elements.
private struct OuterProductTile<let rows: Int, let vectors: Int> {
  typealias Sums = InlineArray<rows, InlineArray<vectors, Wide>>

  @inline(never)
  static func run(
    _ rowValues: UnsafePointer<Double>, _ columnValues: UnsafePointer<Double>,
    _ target: UnsafeMutablePointer<Double>, count: Int, subtracts: Bool
  ) {
    for r in 0..<rows {
      for v in 0..<vectors { csimd_prefetch(target + r * 32 + v * wideLanes) }
    }
    var sums = Sums { _ in InlineArray { _ in Wide.zero } }
    var (row, column) = (rowValues, columnValues)
    for _ in 0..<count {
      let panel = InlineArray<vectors, Wide> { v in load(column + v * wideLanes) }
      for r in 0..<rows {
        let value = Wide(repeating: row[r])
        for v in 0..<vectors { sums[r][v] = multiplyAdd(sums[r][v], value, panel[v]) }
      }
      row += 32
      column += 32
    }
    for r in 0..<rows {
      for v in 0..<vectors { add(sums[r][v], to: target + r * 32 + v * wideLanes, subtracts) }
    }
  }
}

/// A square of 32 x 32 sums of products in float32 as tiles of two vectors of columns.
///
/// Tiles of 12 rows, whose loop the compiler does not unroll, keep their sums in memory and take three times
/// as long.
private enum SingleProductTiling {
  @inline(__always)
  static func run(
    _ rows: UnsafePointer<Float>, _ columns: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Double>, count: Int, subtracts: Bool
  ) {
    var column = 0
    while column < 32 {
      var row = 0
      while row < 32 {
        #if ISA_AVX512 || ISA_AVX512BF16 || ISA_NEON
        SingleProductTile<8>.run(
          rows + row, columns + column, target + row * 32 + column, count: count,
          subtracts: subtracts)
        row += 8
        #else
        SingleProductTile<4>.run(
          rows + row, columns + column, target + row * 32 + column, count: count,
          subtracts: subtracts)
        row += 4
        #endif
      }
      column += 2 * lanes
    }
  }
}

/// Sums of `rows` elements by two vectors of elements.
private struct SingleProductTile<let rows: Int> {
  @inline(never)
  static func run(
    _ rowValues: UnsafePointer<Float>, _ columnValues: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Double>, count: Int, subtracts: Bool
  ) {
    for r in 0..<rows {
      for v in 0..<4 { csimd_prefetch(target + r * 32 + v * wideLanes) }
    }
    var first = InlineArray<rows, Vector> { _ in broadcast(0) }
    var second = InlineArray<rows, Vector> { _ in broadcast(0) }
    var (row, column) = (rowValues, columnValues)
    for _ in 0..<count {
      let (a, b) = (load(column), load(column + lanes))
      for r in 0..<rows {
        let value = broadcast(row[r])
        first[r] = multiplyAdd(first[r], value, a)
        second[r] = multiplyAdd(second[r], value, b)
      }
      row += 32
      column += 32
    }
    for r in 0..<rows {
      let place = target + r * 32
      add(widenedLow(first[r]), to: place, subtracts)
      add(widenedHigh(first[r]), to: place + wideLanes, subtracts)
      add(widenedLow(second[r]), to: place + 2 * wideLanes, subtracts)
      add(widenedHigh(second[r]), to: place + 3 * wideLanes, subtracts)
    }
  }
}

@inline(__always)
private func add(_ sum: Wide, to place: UnsafeMutablePointer<Double>, _ subtracts: Bool) {
  store(subtracts ? load(place) - sum : load(place) + sum, to: place)
}
