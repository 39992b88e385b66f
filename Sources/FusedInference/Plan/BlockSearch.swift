/// What a division of the volume into blocks needs at once.
struct BlockFootprint: Equatable, Sendable {
  /// The largest box of any block, and the largest needed part.
  var box: SIMD3<Int>
  var needed: SIMD3<Int>
  /// Output planes held.
  var windowPlanes: Int
}

/// A division of the volume into blocks.
struct BlockDivision: Equatable, Sendable {
  /// Parts along i, j, k.
  var counts: SIMD3<Int>
  /// Output planes held at once.
  var windowPlanes: Int
  /// Bytes of the whole job.
  var bytes: Int
}

/// Finds the division into blocks that encodes the fewest voxels within a memory limit.
///
/// The axes are independent: a division has `counts.x * counts.y * counts.z` blocks, its encoded
/// voxels are a product of three sums, its largest box of three maxima. So all divisions can be
/// tried.
struct BlockSearch {
  /// Parts per axis that are tried; smaller blocks are nearly all halo.
  private static let mostParts = 40

  private struct AxisDivision {
    var encoded: Int
    var box: Int
    var needed: Int
  }

  let volume: SIMD3<Int>
  /// The LR cells along i, j, k in which outputs lie: what is divided.
  let cells: [Range<Int>]
  let halo: Int
  /// Output planes along k made by some LR cells.
  let outputPlanes: (Range<Int>) -> Int
  /// Output planes held at once where one block covers whole planes.
  let streamedPlanes: Int
  /// Bytes of the whole job with such a largest block.
  let bytes: (BlockFootprint) -> Int

  /// The outcome of a search.
  enum Result: Equatable {
    case found(BlockDivision)
    /// None fits; the fewest bytes that any division needs.
    case tooSmall(least: Int)
  }

  /// Finds the division to use within `limit` bytes.
  func find(limit: Int) -> Result {
    let divisions = (0..<3).map(divisions(axis:))
    var best: (division: BlockDivision, encoded: Int)?
    var least = Int.max
    for (ck, k) in divisions[2].enumerated() {
      let planesPerBlock = mostOutputPlanes(count: ck + 1)
      for (cj, j) in divisions[1].enumerated() {
        for (ci, i) in divisions[0].enumerated() {
          // A block of whole planes hands them on while it decodes; others fill them together.
          let isWholePlanes = ci == 0 && cj == 0
          let window = isWholePlanes ? min(streamedPlanes, planesPerBlock) : planesPerBlock
          let needs = bytes(
            BlockFootprint(
              box: SIMD3(i.box, j.box, k.box), needed: SIMD3(i.needed, j.needed, k.needed),
              windowPlanes: window))
          least = min(least, needs)
          let encoded = i.encoded * j.encoded * k.encoded
          if needs <= limit, best.map({ encoded < $0.encoded }) ?? true {
            let counts = SIMD3(ci + 1, cj + 1, ck + 1)
            best = (BlockDivision(counts: counts, windowPlanes: window, bytes: needs), encoded)
          }
        }
      }
    }
    guard let best else { return .tooSmall(least: least) }
    return .found(best.division)
  }

  /// The most output planes of a block when axis k is cut into `count` parts; at least one, for
  /// the planes in which no output lies.
  private func mostOutputPlanes(count: Int) -> Int {
    max(1, Block.parts(cells[2], count: count).map(outputPlanes).max() ?? 1)
  }

  private func divisions(axis: Int) -> [AxisDivision] {
    let size = volume[axis]
    return (1...max(1, min(cells[axis].count, Self.mostParts))).map { count in
      var division = AxisDivision(encoded: 0, box: 0, needed: 0)
      for part in Block.parts(cells[axis], count: count) {
        let needed = Block.needed(part, size: size)
        let box = Block.box(needed, size: size, halo: halo)
        division.encoded += box.count
        division.box = max(division.box, box.count)
        division.needed = max(division.needed, needed.count)
      }
      return division
    }
  }
}
