/// A division of the volume into blocks.
struct BlockDivision: Equatable, Sendable {
  /// Parts along i, j, k.
  var counts: SIMD3<Int>
  /// Bands that a layer makes per step; nil: all.
  var bandsPerStep: Int?
  /// Output planes held at once.
  var windowPlanes: Int
  /// Bytes of the whole job.
  var bytes: Int
}

/// Finds how to work through the volume within a memory limit.
///
/// First the whole volume as one wavefront, then with fewer and fewer bands per step, which costs
/// cache misses on the weights but computes nothing twice. Where even that is too much, the volume is
/// cut into blocks, whose margins are computed twice; of all divisions that fit, the one that
/// computes least is taken.
struct BlockSearch {
  /// Numbers of parts per axis that are tried; smaller blocks are nearly all margin.
  private static let partCounts = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40]
  private static let bandCounts = [64, 32, 16, 8, 4, 2, 1]
  /// Bands per step of blocks: few, since only tight limits need blocks.
  private static let bandCountsOfBlocks = [4, 1]

  let program: EncoderProgram
  let volume: SIMD3<Int>
  /// The LR cells along i, j, k in which outputs lie: what is divided.
  let cells: [Range<Int>]
  /// Voxels beyond its own that a cell reads, upwards.
  var above = 1
  /// The most output planes made by one slab of any division, and by some LR cells along k.
  let outputPlanesPerSlab: Int
  let outputPlanes: (Range<Int>) -> Int
  /// Whether output planes come in the order of the file.
  let streams: Bool
  /// Bytes of the whole job with such a largest block and so many output planes held.
  let bytes: (WavefrontShape, Int) -> Int

  /// The outcome of a search.
  enum Result: Equatable {
    case found(BlockDivision)
    /// None fits; the fewest bytes that any division needs.
    case tooSmall(least: Int)
  }

  /// One axis cut into parts.
  private struct AxisDivision {
    var count: Int
    /// Of the part of which most is computed.
    var largest: ValueRanges
    /// Per value, the voxels of all parts.
    var computed: [Int]
  }

  /// Finds the division to use within `limit` bytes.
  func find(limit: Int) -> Result {
    let divisions = (0..<3).map(divisions(axis:))
    var least = Int.max
    for bands in [nil] + Self.bandCounts {
      let division = division(divisions.map { $0[0] }, bandsPerStep: bands)
      if division.bytes <= limit { return .found(division) }
      least = min(least, division.bytes)
    }
    var best: (division: BlockDivision, work: Int)?
    for k in divisions[2] {
      for j in divisions[1] {
        for i in divisions[0] {
          let work = work([i, j, k])
          guard best.map({ work < $0.work }) ?? true else { continue }
          for bands in Self.bandCountsOfBlocks {
            let division = division([i, j, k], bandsPerStep: bands)
            least = min(least, division.bytes)
            guard division.bytes <= limit else { continue }
            best = (division, work)
            break
          }
        }
      }
    }
    guard let best else { return .tooSmall(least: least) }
    return .found(best.division)
  }

  private func division(_ axes: [AxisDivision], bandsPerStep: Int?) -> BlockDivision {
    let shape = WavefrontShape(
      program, target: program.result, ranges: axes.map(\.largest), bandsPerStep: bandsPerStep)
    let counts = SIMD3(axes[0].count, axes[1].count, axes[2].count)
    // A block of whole planes hands them on slab by slab; others fill all their planes together.
    let isWholePlanes = counts.x == 1 && counts.y == 1
    let window =
      streams && isWholePlanes ? outputPlanesPerSlab : mostOutputPlanes(count: counts.z)
    return BlockDivision(
      counts: counts, bandsPerStep: bandsPerStep, windowPlanes: window,
      bytes: bytes(shape, window))
  }

  /// The most output planes of a block when axis k is cut into `count` parts; at least one, for
  /// the planes in which no output lies.
  private func mostOutputPlanes(count: Int) -> Int {
    max(1, Block.parts(cells[2], count: count).map(outputPlanes).max() ?? 1)
  }

  private func work(_ axes: [AxisDivision]) -> Int {
    program.steps.reduce(0) { sum, step in
      let voxels = axes.reduce(1) { $0 * $1.computed[step.output] }
      return OperationCount.sum(sum, OperationCount.product(voxels, step.workPerVoxel))
    }
  }

  /// The part that takes most memory: along j whole bands count.
  private func largest(_ parts: [ValueRanges], axis: Int) -> ValueRanges {
    func size(_ part: ValueRanges) -> Int {
      guard axis == 1 else { return part.ranges.reduce(0) { $0 + $1.count } }
      return WavefrontShape.bands(of: part.ranges[0]).count
    }
    guard let largest = parts.max(by: { size($0) < size($1) }) else {
      preconditionFailure("an axis is cut into at least one part")
    }
    return largest
  }

  private func divisions(axis: Int) -> [AxisDivision] {
    let counts = Self.partCounts.filter { $0 == 1 || $0 <= cells[axis].count }
    return counts.map { count in
      let parts = Block.parts(cells[axis], count: count).map {
        ValueRanges(
          program, target: program.result,
          needed: Block.needed($0, above: above, size: volume[axis]), axis: axis,
          size: volume[axis])
      }
      return AxisDivision(
        count: count, largest: largest(parts, axis: axis),
        computed: program.channels.indices.map { value in
          parts.reduce(0) { $0 + $1.ranges[value].count }
        })
    }
  }
}
