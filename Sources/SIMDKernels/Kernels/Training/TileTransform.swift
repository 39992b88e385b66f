import KernelInterface

/// `B^T d` of a tile of inputs, channels as lanes: along i, then j, then k.
func transformInputTile(_ arguments: TileTransformArguments) {
  let alongI = arguments.scratch
  let alongJ = alongI + 216 * lanes
  var channel = 0
  while channel < arguments.channels {
    for row in 0..<36 {
      let voxel = Columns(arguments, row: row, channel: channel)
      transformInput(
        voxel[0], voxel[1], voxel[2], voxel[3], voxel[4], voxel[5],
        to: alongI + row * 6 * lanes, stride: lanes)
    }
    for k in 0..<6 {
      for i in 0..<6 {
        transformInput(
          alongI + (36 * k + i) * lanes, stride: 6 * lanes, to: alongJ + (36 * k + i) * lanes,
          targetStride: 6 * lanes, isLong: true)
      }
    }
    let target = arguments.values + channel
    for place in 0..<36 {
      transformInput(
        alongJ + place * lanes, stride: 36 * lanes,
        to: target + place * arguments.frequencyStride,
        targetStride: 36 * arguments.frequencyStride, isLong: true)
    }
    channel += lanes
  }
}

/// `A e` of a tile of output gradients, channels as lanes: along i, then j, then k.
func transformGradientTile(_ arguments: TileTransformArguments) {
  let alongI = arguments.scratch
  let alongJ = alongI + 216 * lanes
  var channel = 0
  while channel < arguments.channels {
    for row in 0..<16 {
      let voxel = Columns(arguments, row: row, channel: channel)
      gradientsToPoints(
        voxel[0], voxel[1], voxel[2], voxel[3], into: alongI + row * 6 * lanes, stride: lanes)
    }
    for k in 0..<4 {
      for i in 0..<6 {
        gradientsToPoints(
          alongI + (24 * k + i) * lanes, stride: 6 * lanes, into: alongJ + (36 * k + i) * lanes,
          targetStride: 6 * lanes)
      }
    }
    let target = arguments.values + channel
    for place in 0..<36 {
      gradientsToPoints(
        alongJ + place * lanes, stride: 36 * lanes,
        into: target + place * arguments.frequencyStride,
        targetStride: 36 * arguments.frequencyStride)
    }
    channel += lanes
  }
}

/// A row of a tile, zero outside the volume.
private struct Columns {
  let first: UnsafePointer<Float>
  let stride: Int
  let column: Int
  let width: Int

  @inline(__always)
  init(_ arguments: TileTransformArguments, row: Int, channel: Int) {
    first = arguments.rows[row] + channel
    stride = arguments.voxelStride
    column = arguments.column
    width = arguments.width
  }

  @inline(__always)
  subscript(_ index: Int) -> Vector {
    let place = column + index
    return place >= 0 && place < width ? load(first + place * stride) : broadcast(0)
  }
}

@inline(__always)
private func gradientsToPoints(
  _ source: UnsafeMutablePointer<Float>, stride: Int, into target: UnsafeMutablePointer<Float>,
  targetStride: Int
) {
  gradientsToPoints(
    load(source), load(source + stride), load(source + 2 * stride), load(source + 3 * stride),
    into: target, stride: targetStride)
}

/// ``PointValues`` of a line of gradients.
@inline(__always)
private func gradientsToPoints(
  _ e0: Vector, _ e1: Vector, _ e2: Vector, _ e3: Vector,
  into target: UnsafeMutablePointer<Float>, stride: Int
) {
  PointValues(ofGradients: e0, e1, e2, e3).save(to: target, stride: stride)
}

/// `G^T` of the products' sums, outputs as lanes: along k, then j, then i.
func filterGradient(_ arguments: FilterGradientArguments) {
  let alongK = arguments.scratch
  let alongJ = alongK + 216 * lanes
  var output = 0
  while output < arguments.outputs {
    let source = arguments.values + output
    for place in 0..<36 {
      let taps = PointTaps(
        source + place * arguments.frequencyStride, stride: 36 * arguments.frequencyStride)
      for tap in 0..<3 { store(taps[tap], to: alongK + (36 * tap + place) * lanes) }
    }
    for k in 0..<3 {
      for i in 0..<6 {
        let taps = PointTaps(alongK + (36 * k + i) * lanes, stride: 6 * lanes)
        for tap in 0..<3 { store(taps[tap], to: alongJ + (18 * k + 6 * tap + i) * lanes) }
      }
    }
    for line in 0..<9 {
      let taps = PointTaps(alongJ + 6 * line * lanes, stride: lanes)
      for tap in 0..<3 {
        let target = arguments.gradient + (3 * line + tap) * arguments.tapStride + output
        store(load(target) + taps[tap], to: target)
      }
    }
    output += lanes
  }
}

/// The three taps of six points.
struct PointTaps {
  private let zeroth: Vector
  private let firstTap: Vector
  private let secondTap: Vector

  @inline(__always)
  init(_ source: UnsafePointer<Float>, stride: Int) {
    let (inner, outer) = (WinogradPoints.inner, WinogradPoints.outer)
    let (inner2, outer2) = (inner * inner, outer * outer)
    let innerFactor = broadcast(1 / (2 * inner2 * (inner2 - outer2)))
    let outerFactor = broadcast(1 / (2 * outer2 * (outer2 - inner2)))
    let (v1, v2) = (load(source + stride), load(source + 2 * stride))
    let (v3, v4) = (load(source + 3 * stride), load(source + 4 * stride))
    let innerEven = (v1 + v2) * innerFactor
    let outerEven = (v3 + v4) * outerFactor
    zeroth = multiplyAdd(
      innerEven + outerEven, load(source), broadcast(1 / (inner2 * outer2)))
    firstTap = multiplyAdd(
      (v1 - v2) * innerFactor * broadcast(inner), (v3 - v4) * outerFactor, broadcast(outer))
    secondTap = multiplyAdd(
      multiplyAdd(load(source + 5 * stride), innerEven, broadcast(inner2)), outerEven,
      broadcast(outer2))
  }

  @inline(__always)
  init(_ source: UnsafeMutablePointer<Float>, stride: Int) {
    self.init(UnsafePointer(source), stride: stride)
  }

  @inline(__always)
  subscript(_ tap: Int) -> Vector { tap == 0 ? zeroth : tap == 1 ? firstTap : secondTap }
}
