import KernelInterface

/// `B^T d B` of all tiles of a plane: `PlaneTransformArguments`.
///
/// 1. Channels are lanes; first along i, then along j, from where the numbers are stored.
/// 2. Two tiles at a time, because neighbouring tiles are paired, too.
/// 3. A tile takes 144 operations per vector, as many loads and half as many stores; the products of
///    16 channels with 16 take 864.
/// 4. Rounding: at most 7 per axis, and one to bfloat16; tests `PlaneConvolutionTests`.
func transformPlaneInputs(_ arguments: PlaneTransformArguments) {
  PlaneTiles<6>.run(arguments)
}

/// `A e A^T` of all tiles of a plane.
func transformPlaneGradients(_ arguments: PlaneTransformArguments) {
  PlaneTiles<4>.run(arguments)
}

/// Tiles of which `side` voxels per axis are read: 6 for inputs, 4 for gradients.
private struct PlaneTiles<let side: Int> {
  @inline(never)
  static func run(_ arguments: PlaneTransformArguments) {
    assert(arguments.channels % FeatureLayout.channelGranule == 0)
    let tilesI = (arguments.width + 3) / 4
    let count = tilesI * arguments.tileRows
    let (first, second) = (arguments.scratch, arguments.scratch + 36 * lanes)
    var channel = 0
    while channel < arguments.channels {
      var (tile, i, j) = (0, 0, 0)
      while tile < count {
        alongI(arguments, i: i, j: j, channel: channel, into: first)
        i += 1
        if i == tilesI { (i, j) = (0, j + 1) }
        tile += 1
        if tile < count {
          alongI(arguments, i: i, j: j, channel: channel, into: second)
          i += 1
          if i == tilesI { (i, j) = (0, j + 1) }
        } else {
          clear(second)
        }
        tile += 1
        alongJ(arguments, first, second, pair: tile / 2 - 1, channel: channel)
      }
      channel += lanes
    }
  }

  @inline(__always)
  private static func alongI(
    _ arguments: PlaneTransformArguments, i: Int, j: Int, channel: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let column = 4 * i - (side - 4) / 2
    let stride = arguments.voxelStride
    // Of inputs the zero behind the row counts among them.
    let readable = arguments.width + (side - 4) / 2 - column
    for row in 0..<side {
      let voxels = arguments.rows[4 * j + row] + column * stride + channel
      let line = target + 6 * row * lanes
      if readable >= side {
        values(voxels, stride: stride).save(to: line, stride: lanes)
      } else {
        values(voxels, stride: stride, readable: readable).save(to: line, stride: lanes)
      }
    }
  }

  @inline(__always)
  private static func values(_ source: UnsafePointer<Float>, stride: Int) -> PointValues {
    if side == 6 {
      PointValues(
        ofInputs: load(source), load(source + stride), load(source + 2 * stride),
        load(source + 3 * stride), load(source + 4 * stride), load(source + 5 * stride))
    } else {
      PointValues(
        ofGradients: load(source), load(source + stride), load(source + 2 * stride),
        load(source + 3 * stride))
    }
  }

  /// The same where only some voxels lie inside.
  @inline(__always)
  private static func values(
    _ source: UnsafePointer<Float>, stride: Int, readable: Int
  ) -> PointValues {
    func voxel(_ index: Int) -> Vector {
      index < readable ? load(source + index * stride) : broadcast(0)
    }
    return side == 6
      ? PointValues(ofInputs: voxel(0), voxel(1), voxel(2), voxel(3), voxel(4), voxel(5))
      : PointValues(ofGradients: voxel(0), voxel(1), voxel(2), voxel(3))
  }

  @inline(__always)
  private static func alongJ(
    _ arguments: PlaneTransformArguments, _ first: UnsafeMutablePointer<Float>,
    _ second: UnsafeMutablePointer<Float>, pair: Int, channel: Int
  ) {
    // In place, because the values of both tiles do not fit the registers of NEON.
    for i in 0..<6 {
      let column = first + i * lanes
      values(column, stride: 6 * lanes).save(to: column, stride: 6 * lanes)
    }
    for i in 0..<6 {
      let a = first + i * lanes
      let b = values(second + i * lanes, stride: 6 * lanes)
      place(arguments, load(a), b.v0, point: i, pair: pair, channel: channel)
      place(arguments, load(a + 6 * lanes), b.v1, point: i + 6, pair: pair, channel: channel)
      place(arguments, load(a + 12 * lanes), b.v2, point: i + 12, pair: pair, channel: channel)
      place(arguments, load(a + 18 * lanes), b.v3, point: i + 18, pair: pair, channel: channel)
      place(arguments, load(a + 24 * lanes), b.v4, point: i + 24, pair: pair, channel: channel)
      place(arguments, load(a + 30 * lanes), b.v5, point: i + 30, pair: pair, channel: channel)
    }
  }

  /// The numbers of two tiles at a point, in whichever order they are wanted.
  @inline(__always)
  private static func place(
    _ arguments: PlaneTransformArguments, _ first: Vector, _ second: Vector, point: Int, pair: Int,
    channel: Int
  ) {
    let channels = arguments.channels
    if let values = arguments.values {
      let target = values + point * arguments.pointStride + pair * channels + channel / 2
      if let tilePairs = arguments.tilePairs {
        storePairs(
          first, to: target, second, to: target + channels / 2,
          lanes: tilePairs + point * arguments.tilePairStride + pair * channels + channel)
      } else {
        storePairs(first, to: target)
        storePairs(second, to: target + channels / 2)
      }
    } else if let tilePairs = arguments.tilePairs {
      store(
        lanePairs(first, second),
        to: tilePairs + point * arguments.tilePairStride + pair * channels + channel)
    }
  }

  @inline(__always)
  private static func clear(_ tile: UnsafeMutablePointer<Float>) {
    for index in 0..<6 * side { store(broadcast(0), to: tile + index * lanes) }
  }
}
