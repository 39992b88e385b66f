import KernelInterface

#if ISA_AVX512 || ISA_AVX512BF16
private typealias WideTile = OneChannelTile<8>
#elseif ISA_SSE42
private typealias WideTile = OneChannelTile<2>
#else
private typealias WideTile = OneChannelTile<4>
#endif

/// Convolution to one channel.
///
/// 1. Formula, layouts, order of the sums: `OneChannelArguments`.
/// 2. No pointer needs an alignment, though voxels on cache lines are faster. Rows are read `edge / 2`
///    voxels beyond both ends; exactly the voxels of the region are written.
/// 3. A tile of neighbouring voxels shares every load of weights: per step and voxel one load and one
///    multiply-add, so loads are the bound. A panel of 16 outputs, 15 of them padding, would take 16
///    times the multiply-adds.
/// 4. Bound: (steps of a partial sum + 6) * 2^-24 * sum of |products|; tests `OneChannelTests`.
/// 5. Not in the table of the module's README; a whole SRReCNN3D: `related-speed.md` of the results.
func convolveToOne(_ arguments: OneChannelArguments) {
  assert(arguments.inputCount > 0 && arguments.edge % 2 == 1)
  for row in 0..<arguments.rowCount {
    var voxel = 0
    while voxel + WideTile.width <= arguments.width {
      WideTile.run(arguments, row: row, voxel: voxel)
      voxel += WideTile.width
    }
    while voxel < arguments.width {
      OneChannelTile<1>.run(arguments, row: row, voxel: voxel)
      voxel += 1
    }
  }
}

/// Neighbouring voxels of a row, with 16 partial sums each.
private struct OneChannelTile<let voxels: Int> {
  private typealias Sums = InlineArray<voxels, PartialSums>

  @inline(__always) static var width: Int { voxels }

  @inline(never)
  static func run(_ arguments: OneChannelArguments, row: Int, voxel: Int) {
    var sums = Sums(repeating: PartialSums(repeating: broadcast(0)))
    var weights = arguments.weights
    let edge = arguments.edge
    for index in 0..<arguments.inputCount {
      let input = arguments.inputs[index]
      let stride = input.table.voxelStride
      let granule = FeatureLayout.channelGranule
      let channels = (input.channels + granule - 1) / granule * granule
      // Where channels fill their voxels, the taps along i are one run of memory.
      let isMerged = channels == stride
      let runs = isMerged ? 1 : edge
      let length = isMerged ? edge * stride : channels
      for k in 0..<edge {
        for j in 0..<edge {
          var values = input.table.row(plane: k, row: row + j) + (voxel - edge / 2) * stride
          for _ in 0..<runs {
            accumulate(&sums, values: values, stride: stride, weights: weights, length: length)
            values += stride
            weights += length
          }
        }
      }
    }
    finish(sums, arguments, row: row, voxel: voxel)
  }

  @inline(__always)
  private static func accumulate(
    _ sums: inout Sums, values: UnsafePointer<Float>, stride: Int, weights: UnsafePointer<Float>,
    length: Int
  ) {
    var step = 0
    while step < length {
      let panel = PartialSums { v in load(weights + step + v * lanes) }
      for p in 0..<voxels {
        let voxel = values + p * stride + step
        for v in panel.indices {
          sums[p][v] = multiplyAdd(sums[p][v], load(voxel + v * lanes), panel[v])
        }
      }
      step += 16
    }
  }

  @inline(__always)
  private static func finish(
    _ sums: Sums, _ arguments: OneChannelArguments, row: Int, voxel: Int
  ) {
    let target = arguments.rows[row] + voxel
    for p in 0..<voxels { target[p] = treeSum(sums[p]) + arguments.bias }
    guard let residual = arguments.residual else { return }
    let values = residual.row(plane: 0, row: row) + voxel * residual.voxelStride
    for p in 0..<voxels { target[p] += values[p * residual.voxelStride] }
  }
}
