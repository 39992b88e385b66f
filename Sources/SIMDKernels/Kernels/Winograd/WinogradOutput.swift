import KernelInterface

/// The inverse transform of one tile, with bias, ReLU and residual.
struct WinogradOutput {
  let workspace: WinogradWorkspace
  let bias: UnsafePointer<Float>
  let output: ConvolutionOutput
  let residual: ConvolutionResidual?
  let isRectified: Bool
  let tileI: WinogradTile
  let tileJ: WinogradTile
  let tileK: WinogradTile
  /// The voxel at which rows begin, the tables' first row and rows per plane.
  let firstColumn: Int
  let firstRow: Int
  let rowsPerPlane: Int

  @inline(__always)
  init(
    _ arguments: WinogradArguments, _ workspace: WinogradWorkspace, tileI: WinogradTile,
    tileJ: WinogradTile
  ) {
    self.workspace = workspace
    bias = arguments.bias
    output = arguments.output
    residual = arguments.residual
    isRectified = arguments.rectified
    self.tileI = tileI
    self.tileJ = tileJ
    tileK = arguments.tileK
    firstColumn = arguments.firstColumn
    firstRow = arguments.firstRow
    rowsPerPlane = arguments.rowCount
  }

  /// Makes one vector of channels from the products of the tile at frequency 0 and these channels.
  @inline(__always)
  func transform(_ products: UnsafePointer<Float>, channel: Int) {
    transformAlongKAndJ(products)
    let shift = load(bias + channel)
    for k in tileK.lower - tileK.start..<tileK.upper - tileK.start {
      for j in tileJ.lower - tileJ.start..<tileJ.upper - tileJ.start {
        let line = workspace.lines + WinogradWorkspace.secondLine + (k * 4 + j) * (6 * lanes)
        let (m0, m1, m2, m5) = (
          load(line), load(line + lanes), load(line + 2 * lanes), load(line + 5 * lanes)
        )
        let row = Row(
          self, row: tileJ.start + j - firstRow, plane: tileK.start + k - tileK.lower,
          channel: channel, bias: shift)
        if tileI.isLong {
          let outputs = transformOutput(
            m0, m1, m2, load(line + 3 * lanes), load(line + 4 * lanes), m5)
          if tileI.isWhole {
            row.finish(outputs.0, 0)
            row.finish(outputs.1, 1)
            row.finish(outputs.2, 2)
            row.finish(outputs.3, 3)
          } else {
            row.finishStored(outputs.0, 0)
            row.finishStored(outputs.1, 1)
            row.finishStored(outputs.2, 2)
            row.finishStored(outputs.3, 3)
          }
        } else {
          let outputs = transformOutput(m0, m1, m2, m5)
          row.finishStored(outputs.0, 0)
          row.finishStored(outputs.1, 1)
        }
      }
    }
  }

  @inline(__always)
  private func transformAlongKAndJ(_ products: UnsafePointer<Float>) {
    let stride = workspace.productStride
    let lines = workspace.lines
    let second = lines + WinogradWorkspace.secondLine
    for j in 0..<6 where tileJ.isLong || WinogradPoints.isShort(j) {
      for i in 0..<6 where tileI.isLong || WinogradPoints.isShort(i) {
        transformOutput(
          products + (j * 6 + i) * stride, stride: 36 * stride, to: lines + (j * 6 + i) * lanes,
          targetStride: 36 * lanes, isLong: tileK.isLong)
      }
    }
    for k in 0..<tileK.length {
      for i in 0..<6 where tileI.isLong || WinogradPoints.isShort(i) {
        transformOutput(
          UnsafePointer(lines + (k * 36 + i) * lanes), stride: 6 * lanes,
          to: second + (k * 24 + i) * lanes, targetStride: 6 * lanes, isLong: tileJ.isLong)
      }
    }
  }

  /// A row of the tile's voxels.
  struct Row {
    let tile: WinogradTile
    let bias: Vector
    let isRectified: Bool
    let output: UnsafeMutablePointer<Float>
    let outputStride: Int
    let residual: UnsafePointer<Float>?
    let residualStride: Int
    let residualIsBroadcast: Bool

    @inline(__always)
    init(_ parent: WinogradOutput, row: Int, plane: Int, channel: Int, bias: Vector) {
      tile = parent.tileI
      self.bias = bias
      isRectified = parent.isRectified
      let place = plane * parent.rowsPerPlane + row
      let column = tile.start - parent.firstColumn
      output = parent.output.rows[place] + column * parent.output.voxelStride + channel
      outputStride = parent.output.voxelStride
      guard let operand = parent.residual else {
        residual = nil
        residualStride = 0
        residualIsBroadcast = false
        return
      }
      residual =
        operand.table.rows[place] + column * operand.table.voxelStride
        + (operand.isBroadcast ? 0 : channel)
      residualStride = operand.table.voxelStride
      residualIsBroadcast = operand.isBroadcast
    }

    /// Bias, ReLU, residual.
    @inline(__always)
    func finish(_ sum: Vector, _ index: Int) {
      var value = sum + bias
      if isRectified { value = rectified(value) }
      if let residual {
        let place = residual + index * residualStride
        value += residualIsBroadcast ? broadcast(place[0]) : load(place)
      }
      store(value, to: output + index * outputStride)
    }

    /// The same for a voxel that may lie outside the volume.
    @inline(__always)
    func finishStored(_ sum: Vector, _ index: Int) {
      let place = tile.start + index
      guard place >= tile.lower && place < tile.upper else { return }
      finish(sum, index)
    }
  }
}
