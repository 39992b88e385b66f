import KernelInterface

/// A region of a layer: one call of the kernel.
struct Region {
  var rows: Range<Int>
  var planes: Range<Int>
}

extension ConvolutionOperands {
  /// What a run left behind.
  struct Outcome {
    /// `[k][j][i][paddedOutputs]`.
    var values: [Float]
    /// Floats outside the region's channels that were changed, in any buffer.
    var strayWrites: Int
  }

  var wholeLayer: [Region] { [Region(rows: 0..<problem.rows, planes: 0..<problem.planes)] }

  /// A map in memory whose rows the kernels get one by one.
  struct Map {
    /// Channel 0 of voxel (0, 0, 0).
    var origin: UnsafeMutablePointer<Float>
    var voxelStride: Int
    var rowStride: Int
    var planeStride: Int

    func row(_ j: Int, _ k: Int) -> UnsafeMutablePointer<Float> {
      origin + k * planeStride + j * rowStride
    }

    /// Rows of planes around `plane`, `reach` beyond the region on every side.
    func rows(plane: Int, rows: Range<Int>, reach: Int) -> [UnsafePointer<Float>] {
      (plane - reach...plane + reach).flatMap { k in
        (rows.lowerBound - reach..<rows.upperBound + reach).map { UnsafePointer(row($0, k)) }
      }
    }
  }

  /// Runs the kernel of `table` region by region and collects the output map, whose voxels have
  /// `outputPadding` floats between them.
  func run(
    _ table: KernelTable, regions: [Region]? = nil, outputPadding: Int = 0,
    precision: Precision = .float32
  ) -> Outcome {
    let buffers = maps.map { GuardedBuffer($0, misalignment: 1) }
    let inputs = zip(problem.operands, buffers).map { haloMap($1, stride: $0.voxelStride) }
    let voxelStride = problem.paddedOutputs + outputPadding
    let output = GuardedBuffer(
      guarded: strides(voxelStride).plane * (problem.planes + 2 * problem.halo), misalignment: 3)
    call(
      table, inputs: inputs, output: haloMap(output, stride: voxelStride),
      regions: regions ?? wholeLayer, precision: precision)
    let values = collect(output, voxelStride: voxelStride)
    let written = output.values.indices.filter { !output.isUntouched($0) }.count
    let inputsAreIntact = zip(maps, buffers).allSatisfy { map, buffer in
      buffer.zonesAreIntact && map.map(\.bitPattern) == buffer.values.map(\.bitPattern)
    }
    return Outcome(
      values: values,
      strayWrites: abs(written - values.count) + (output.zonesAreIntact ? 0 : 1)
        + (inputsAreIntact ? 0 : 1))
  }

  /// Runs an in-place layer: the output overwrites input 0 (which has as many channels).
  func runInPlace(
    _ table: KernelTable, residualIsOutput: Bool, precision: Precision = .float32
  ) -> [Float] {
    let buffers = maps.map { GuardedBuffer($0) }
    let inputs = zip(problem.operands, buffers).map { haloMap($1, stride: $0.voxelStride) }
    let stride = problem.operands[0].voxelStride
    let target = inputs[0]
    call(
      table, inputs: inputs, output: target, residual: residualIsOutput ? target : nil,
      regions: wholeLayer, precision: precision)
    return collect(buffers[0], voxelStride: stride)
  }

  func haloMap(_ buffer: GuardedBuffer, stride: Int) -> Map {
    Map(
      origin: buffer.pointer + index(stride, 0, 0, 0), voxelStride: stride,
      rowStride: strides(stride).row, planeStride: strides(stride).plane)
  }

  private func call(
    _ table: KernelTable, inputs: [Map], output: Map, residual inPlaceResidual: Map? = nil,
    regions: [Region], precision: Precision
  ) {
    let weights = GuardedBuffer(
      precision == .float32 ? packedWeights(table.layout) : packedPairs(table.layout))
    let biases = GuardedBuffer(bias)
    let residuals = GuardedBuffer(residual, misalignment: 2)
    let scratch = GuardedBuffer(
      guarded: precision == .float32
        ? table.convolutionScratch(problem.width, problem.paddedOutputs)
        : table.pairConvolutionScratch(problem.width, problem.pairs, problem.paddedOutputs))
    let residualStride = problem.residual == .broadcast ? 1 : problem.paddedOutputs
    let operand = Map(
      origin: residuals.pointer, voxelStride: residualStride,
      rowStride: problem.width * residualStride,
      planeStride: problem.rows * problem.width * residualStride)
    let summand = inPlaceResidual ?? (problem.residual == .none ? nil : operand)
    for region in regions {
      for plane in region.planes {
        call(
          table, inputs: inputs, output: output, summand: summand, plane: plane, rows: region.rows,
          weights: weights, biases: biases, scratch: scratch, precision: precision)
      }
    }
    // The kernels know the buffers by their rows' addresses only.
    withExtendedLifetime((weights, biases, residuals)) {}
    precondition(scratch.zonesAreIntact, "scratch overrun: \(problem)")
  }

  private func call(
    _ table: KernelTable, inputs: [Map], output: Map, summand: Map?, plane: Int, rows: Range<Int>,
    weights: GuardedBuffer, biases: GuardedBuffer, scratch: GuardedBuffer, precision: Precision
  ) {
    let reach = problem.extent / 2
    let sources = inputs.map { $0.rows(plane: plane, rows: rows, reach: reach) }
    let targets = rows.map { output.row($0, plane) }
    let residuals = summand.map { $0.rows(plane: plane, rows: rows, reach: 0) }
    let pointwise = precision == .float32 ? table.convolve1x1x1 : table.convolve1x1x1Pairs
    let kernel: (ConvolutionArguments) -> Void =
      switch problem.extent {
      case 1: pointwise
      case 3: table.convolve3x3x3
      default: { table.related.convolveCube($0, problem.extent) }
      }
    withAddresses(of: sources + [residuals ?? []]) { addresses in
      let list = zip(problem.operands, addresses).map { operand, rowList in
        ConvolutionInput(
          table: RowTable(
            rows: rowList, rowsPerPlane: rows.count + 2 * reach, voxelStride: operand.voxelStride),
          channels: operand.channels)
      }
      let residual = summand.map {
        ConvolutionResidual(
          table: RowTable(
            rows: addresses[inputs.count], rowsPerPlane: rows.count, voxelStride: $0.voxelStride),
          isBroadcast: problem.residual == .broadcast)
      }
      list.withUnsafeBufferPointer { list in
        targets.withUnsafeBufferPointer { targets in
          guard let first = list.baseAddress, let target = targets.baseAddress else { return }
          kernel(
            ConvolutionArguments(
              inputs: first, inputCount: list.count, weights: weights.pointer,
              bias: biases.pointer,
              output: ConvolutionOutput(
                rows: target, voxelStride: output.voxelStride, channels: problem.paddedOutputs),
              residual: residual, rectified: problem.rectified, width: problem.width,
              rowCount: rows.count, scratch: scratch.pointer))
        }
      }
    }
  }

  /// The addresses of several lists of rows, for as long as `body` runs.
  func withAddresses(
    of lists: [[UnsafePointer<Float>]],
    _ body: ([UnsafePointer<UnsafePointer<Float>>]) -> Void
  ) {
    let all = lists.flatMap { $0 }
    all.withUnsafeBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return }
      var starts: [UnsafePointer<UnsafePointer<Float>>] = []
      var next = 0
      for list in lists {
        starts.append(first + next)
        next += list.count
      }
      body(starts)
    }
  }

  /// Packs by the public rule: `[input][tap][channel]` within a panel.
  private func packedWeights(_ layout: PackedLayout) -> [Float] {
    var sources: [Int] = []
    let taps = problem.extent * problem.extent * problem.extent
    var firstChannel = 0
    for operand in problem.operands {
      for tap in 0..<taps {
        for channel in 0..<operand.channels {
          sources.append((firstChannel + channel) * taps + tap)
        }
      }
      firstChannel += operand.channels
    }
    var packed = [Float](repeating: .nan, count: problem.paddedOutputs * problem.reduction)
    layout.pack(
      weights, rowLength: problem.reduction, outputs: problem.outputs,
      paddedOutputs: problem.paddedOutputs,
      reduction: problem.reduction, source: { sources[$0] }, into: &packed)
    return packed
  }

  /// Packs a 1x1x1 layer by the public rule: `[input][pair of channels]` within a panel.
  private func packedPairs(_ layout: PackedLayout) -> [Float] {
    var sources: [Int?] = []
    for operand in problem.operands {
      let first = sources.reduce(0) { $1 == nil ? $0 : $0 + 1 }
      sources += (first..<first + operand.channels).map { $0 }
      if operand.channels % 2 == 1 { sources.append(nil) }
    }
    var packed = [Float](repeating: .nan, count: problem.paddedOutputs * problem.pairs)
    layout.packPairs(
      weights, rowLength: problem.reduction, outputs: problem.outputs,
      paddedOutputs: problem.paddedOutputs, pairs: problem.pairs, source: { sources[$0] },
      into: &packed)
    return packed
  }

  func collect(_ buffer: GuardedBuffer, voxelStride: Int) -> [Float] {
    var values: [Float] = []
    for k in 0..<problem.planes {
      for j in 0..<problem.rows {
        for i in 0..<problem.width {
          let voxel = index(voxelStride, i, j, k)
          for channel in 0..<problem.paddedOutputs {
            values.append(buffer.pointer[voxel + channel])
          }
        }
      }
    }
    return values
  }
}
