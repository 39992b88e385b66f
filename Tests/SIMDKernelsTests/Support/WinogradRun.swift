import KernelInterface

/// Tiles to compute; those of different tiles along k by calls of their own.
struct TileRegion {
  var i: Range<Int>
  var j: Range<Int>
  var k: Range<Int>
}

extension ConvolutionOperands {
  /// The grid whose first full tile along k begins at `phase`.
  func axes(phase: Int) -> (i: TileAxis, j: TileAxis, k: TileAxis) {
    (
      i: TileAxis(size: problem.width, phase: 0), j: TileAxis(size: problem.rows, phase: 0),
      k: TileAxis(size: problem.planes, phase: phase)
    )
  }

  /// Runs the Winograd kernel of `table` on some tiles (nil: all) and collects the output map.
  func runWinograd(
    _ table: KernelTable, _ precision: Precision, phase: Int = 0, regions: [TileRegion]? = nil
  ) -> Outcome {
    let buffers = maps.map { GuardedBuffer($0, misalignment: 1) }
    let inputs = zip(problem.operands, buffers).map { haloMap($1, stride: $0.voxelStride) }
    let stride = problem.paddedOutputs
    let output = GuardedBuffer(
      guarded: strides(stride).plane * (problem.planes + 2 * problem.halo), misalignment: 3)
    let residuals = GuardedBuffer(residual, misalignment: 2)
    let residualStride = problem.residual == .broadcast ? 1 : stride
    let summand = Map(
      origin: residuals.pointer, voxelStride: residualStride,
      rowStride: problem.width * residualStride,
      planeStride: problem.rows * problem.width * residualStride)
    let padded = problem.operands.reduce(0) { $0 + FeatureLayout.paddedChannels($1.channels) }
    let isFloat32 = precision == .float32
    let scratch = isFloat32 ? table.winogradScratch : table.pairWinogradScratch
    let call = WinogradCall(
      kernel: isFloat32 ? table.convolveWinograd : table.convolveWinogradPairs,
      problem: problem, axes: axes(phase: phase), inputs: inputs,
      output: haloMap(output, stride: stride), summand: problem.residual == .none ? nil : summand,
      filters: GuardedBuffer(transformedFilters(table.layout, precision)),
      biases: GuardedBuffer(bias), scratch: GuardedBuffer(guarded: scratch(padded, stride)))
    let axes = call.axes
    let all = TileRegion(i: 0..<axes.i.count, j: 0..<axes.j.count, k: 0..<axes.k.count)
    for region in regions ?? [all] {
      for k in region.k {
        call.run(tilesI: region.i, tilesJ: region.j, tileK: axes.k.tile(k), self)
      }
    }
    withExtendedLifetime((buffers, residuals)) {}
    precondition(call.scratch.zonesAreIntact, "scratch overrun: \(problem)")
    let values = collect(output, voxelStride: stride)
    let written = output.values.indices.filter { !output.isUntouched($0) }.count
    let expected = values.filter { $0.bitPattern != GuardedBuffer.guardValue.bitPattern }.count
    let inputsAreIntact = zip(maps, buffers).allSatisfy { map, buffer in
      buffer.zonesAreIntact && map.map(\.bitPattern) == buffer.values.map(\.bitPattern)
    }
    return Outcome(
      values: values,
      strayWrites: abs(written - expected) + (output.zonesAreIntact ? 0 : 1)
        + (inputsAreIntact ? 0 : 1))
  }

  private func transformedFilters(_ layout: PackedLayout, _ precision: Precision) -> [Float] {
    let filters = WinogradFilters(
      layout: layout, operands: problem.operands.map(\.channels), outputs: problem.outputs,
      precision: precision)
    var packed = [Float](repeating: .nan, count: filters.count)
    packed.withUnsafeMutableBufferPointer { target in
      weights.withUnsafeBufferPointer { weights in
        guard let target = target.baseAddress, let first = weights.baseAddress else { return }
        for part in 0..<filters.parts {
          filters.pack(
            { first + ($0 * problem.inputChannels + $1) * 27 }, part: part, into: target)
        }
      }
    }
    return packed
  }
}

/// What all calls on one problem have in common.
private struct WinogradCall {
  let kernel: @Sendable (WinogradArguments) -> Void
  let problem: ConvolutionProblem
  let axes: (i: TileAxis, j: TileAxis, k: TileAxis)
  let inputs: [ConvolutionOperands.Map]
  let output: ConvolutionOperands.Map
  let summand: ConvolutionOperands.Map?
  let filters: GuardedBuffer
  let biases: GuardedBuffer
  let scratch: GuardedBuffer

  func run(
    tilesI: Range<Int>, tilesJ: Range<Int>, tileK: WinogradTile,
    _ operands: ConvolutionOperands
  ) {
    let column = axes.i.tile(tilesI.lowerBound).lower
    let last = axes.j.tile(tilesJ.upperBound - 1)
    let readRows = axes.j.tile(tilesJ.lowerBound).start - 1..<last.start + last.length + 1
    let readPlanes = tileK.start - 1..<tileK.start + tileK.length + 1
    let rows = axes.j.voxels(of: tilesJ)
    let planes = tileK.lower..<tileK.upper
    // A row outside the volume is a row of zeros; one of NaN stands before and behind it.
    let widest = inputs.map { (problem.width + 2) * $0.voxelStride }.max() ?? 0
    let zeros = GuardedBuffer([Float](repeating: 0, count: widest))
    let sources = inputs.map { map in
      readPlanes.flatMap { k in
        readRows.map { j -> UnsafePointer<Float> in
          let isInside = (0..<problem.planes).contains(k) && (0..<problem.rows).contains(j)
          let row = isInside ? map.row(j, k) : zeros.pointer + map.voxelStride
          return UnsafePointer(row + column * map.voxelStride)
        }
      }
    }
    func written(_ map: ConvolutionOperands.Map) -> [UnsafeMutablePointer<Float>] {
      planes.flatMap { k in rows.map { map.row($0, k) + column * map.voxelStride } }
    }
    let residuals = summand.map { written($0).map { UnsafePointer($0) } } ?? []
    operands.withAddresses(of: sources + [residuals]) { addresses in
      let list = zip(zip(problem.operands, inputs), addresses).map { pair, rowList in
        ConvolutionInput(
          table: RowTable(
            rows: rowList, rowsPerPlane: readRows.count, voxelStride: pair.1.voxelStride),
          channels: pair.0.channels)
      }
      let residual = summand.map {
        ConvolutionResidual(
          table: RowTable(
            rows: addresses[inputs.count], rowsPerPlane: rows.count, voxelStride: $0.voxelStride),
          isBroadcast: problem.residual == .broadcast)
      }
      list.withUnsafeBufferPointer { list in
        written(output).withUnsafeBufferPointer { targets in
          guard let first = list.baseAddress, let target = targets.baseAddress else { return }
          kernel(
            WinogradArguments(
              inputs: first, inputCount: list.count, filters: filters.pointer,
              bias: biases.pointer,
              output: ConvolutionOutput(
                rows: target, voxelStride: output.voxelStride, channels: problem.paddedOutputs),
              residual: residual, rectified: problem.rectified, axes: (axes.i, axes.j),
              tilesI: tilesI, tilesJ: tilesJ, tileK: tileK, scratch: scratch.pointer))
        }
      }
    }
    withExtendedLifetime(zeros) {}
  }
}
