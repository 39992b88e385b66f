import KernelInterface

/// Walks through the reduction of a convolution: inputs in order, within an input tap by tap (k,
/// then j, then i fastest), and lists the parts of it that one pass over the weights takes.
///
/// Where the channels of an input fill its voxels without a gap, the taps along i are
/// contiguous in memory, in the order of the packed weights: they become one segment. That makes
/// the first layer (one channel) and the small widths efficient.
struct Reduction {
  /// The most segments of one pass, and so the capacity of the table in scratch.
  @inline(__always) static var segmentCapacity: Int { 32 }
  /// Floats of scratch that the table takes, a multiple of a cache line.
  @inline(__always) static var tableFloats: Int {
    segmentCapacity * MemoryLayout<Segment>.stride / MemoryLayout<Float>.stride
  }

  /// Taps per axis, odd.
  let extent: Int
  let inputs: UnsafePointer<ConvolutionInput>
  let inputCount: Int

  /// A place in the walk: an input and one of its taps, counted from the corner of the kernel.
  struct Position {
    var input = 0
    var k = 0
    var j = 0
    var i = 0

    /// Moves to the next tap, or to the next input after the last one.
    @inline(__always)
    mutating func advance(extent: Int, alongI: Int) {
      i += 1
      if i < alongI { return }
      i = 0
      j += 1
      if j < extent { return }
      j = 0
      k += 1
      if k < extent { return }
      k = 0
      input += 1
    }
  }

  /// What ``list(from:limit:plane:row:into:)`` found.
  struct Pass {
    var segmentCount = 0
    var steps = 0
    var end = Position()
  }

  /// Steps of the whole reduction: how many rows each panel of packed weights has.
  var steps: Int {
    var channels = 0
    for index in 0..<inputCount { channels += inputs[index].channels }
    return channels * extent * extent * extent
  }

  @inline(__always)
  func isEnd(_ position: Position) -> Bool { position.input == inputCount }

  /// Lists the segments of one pass, for voxel 0 of a row.
  ///
  /// A pass begins at `position` and ends before it would exceed `limit` steps, but has at least one
  /// segment. Where it ends does not depend on the row.
  func list(
    from position: Position, limit: Int, row: Int, into table: UnsafeMutablePointer<Segment>
  ) -> Pass {
    var pass = Pass()
    pass.end = position
    let offset = extent / 2
    while pass.end.input < inputCount && pass.segmentCount < Reduction.segmentCapacity {
      let input = inputs[pass.end.input]
      let voxelStride = input.table.voxelStride
      let isMerged = extent > 1 && input.channels == voxelStride
      let length = isMerged ? extent * input.channels : input.channels
      if pass.segmentCount > 0 && pass.steps + length > limit { break }
      let values =
        input.table.row(plane: pass.end.k, row: row + pass.end.j)
        + (pass.end.i - offset) * voxelStride
      table[pass.segmentCount] = Segment(values: values, stride: voxelStride, length: length)
      pass.segmentCount += 1
      pass.steps += length
      pass.end.advance(extent: extent, alongI: isMerged ? 1 : extent)
    }
    return pass
  }
}

/// The table of segments at the beginning of a worker's scratch memory.
@inline(__always)
func segmentTable(in scratch: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Segment> {
  UnsafeMutableRawPointer(scratch).bindMemory(
    to: Segment.self, capacity: Reduction.segmentCapacity)
}
