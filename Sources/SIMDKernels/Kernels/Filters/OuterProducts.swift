import CSIMD
import KernelInterface

/// A symmetric update of rank `count`.
///
/// 1. Formula, layouts: `OuterProductArguments`, `SymmetricPanels`.
/// 2. No alignment is needed. Exactly the squares of the panels given are read and written.
/// 3. As ``RegisterTile``: sums of up to 6 rows by a panel of columns (AVX-512, NEON) or a part of one stay
///    in registers over all samples. The columns of 64 samples are 16 KB in L1, rows stream from L2, and
///    a tile of the sums is asked for before and so is there when it is added.
/// 4. A sum runs sample by sample from zero and is added to memory once, whatever the tiles. Bound:
///    (count + 2) * 2^-53 * sum of |products|.
/// 5. `related.md` of the results.
func addOuterProducts(_ arguments: OuterProductArguments) {
  guard arguments.count > 0 else { return }
  for panel in arguments.panels {
    let square = SymmetricPanels.start(ofPanel: panel)
    for rowPanel in arguments.panels.lowerBound...panel {
      let rows = arguments.samples + rowPanel * arguments.count * 32
      let columns = arguments.samples + panel * arguments.count * 32
      let target = arguments.sums + square + rowPanel * 1024
      OuterProductTiling.run(
        rows, columns, target, count: arguments.count, subtracts: arguments.subtracts)
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
      for v in 0..<vectors {
        let place = target + r * 32 + v * wideLanes
        store(subtracts ? load(place) - sums[r][v] : load(place) + sums[r][v], to: place)
      }
    }
  }
}
