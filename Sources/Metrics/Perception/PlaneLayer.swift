import KernelInterface
import Workers

/// A convolution with ReLU whose weights are packed for the kernels.
struct PlaneLayer: Sendable {
  let layer: PerceptualNetwork.Layer
  /// Channels that it reads.
  let inputs: Int
  private let isWinograd: Bool
  private let weights: AlignedBuffer<Float>
  private let bias: AlignedBuffer<Float>
  private let kernels: KernelTable

  /// Packs a layer; 3x3 layers of whole vectors go through Winograd's algorithm.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  init(
    _ layer: PerceptualNetwork.Layer, _ values: LayerWeights, kernels: KernelTable
  ) throws(WorkersError) {
    let pixels = layer.extent * layer.extent
    let inputs = values.weights.count / (layer.outputs * pixels)
    self.layer = layer
    self.inputs = inputs
    self.kernels = kernels
    bias = try AlignedBuffer(values.bias)
    isWinograd = layer.extent == 3 && inputs % FeatureLayout.channelGranule == 0
    if isWinograd {
      let filters = PlaneWinogradFilters(
        layout: kernels.layout, inputs: inputs, outputs: layer.outputs)
      weights = try AlignedBuffer(count: filters.count)
      var channel = 0
      while channel < layer.outputs {
        channel += filters.pack(values.weights, panelAt: channel, into: weights.pointer)
      }
    } else {
      weights = try AlignedBuffer(count: layer.outputs * inputs * pixels)
      kernels.layout.pack(
        values.weights, rowLength: inputs * pixels, outputs: layer.outputs,
        paddedOutputs: layer.outputs, reduction: inputs * pixels,
        source: { $0 % inputs * pixels + $0 / inputs }, into: weights.pointer)
    }
  }

  /// Floats of scratch for rows of `columns` pixels.
  func scratchFloats(columns: Int) -> Int {
    isWinograd
      ? PlaneWinogradArguments.scratchFloats(inputChannels: inputs, outputChannels: layer.outputs)
      : kernels.convolutionScratch(columns, layer.outputs)
  }

  /// Makes `output` of `input`.
  ///
  /// - Parameters:
  ///   - input: Images of one size.
  ///   - output: The same images; every row and the zeros at its ends are written.
  ///   - zeros: The first pixel of a row of zeros, as wide as any of `input`.
  ///   - spare: A row that may be written, as wide as any of `output`.
  ///   - scratch: As many floats as ``scratchFloats(columns:)`` says, 64-byte aligned.
  func run(
    _ input: FeatureStack, into output: FeatureStack, zeros: UnsafePointer<Float>,
    spare: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let reads = isWinograd ? tileRows(input, zeros) : windowRows(input, output, zeros)
    let writes = outputRows(output, spare)
    reads.withUnsafeBufferPointer { reads in
      writes.withUnsafeBufferPointer { writes in
        guard let reads = reads.baseAddress, let writes = writes.baseAddress else { return }
        let target = ConvolutionOutput(
          rows: writes, voxelStride: output.channels, channels: output.channels)
        if isWinograd {
          kernels.convolvePlaneWinograd(
            PlaneWinogradArguments(
              input: ConvolutionInput(
                table: RowTable(rows: reads, rowsPerPlane: 6, voxelStride: inputs),
                channels: inputs),
              filters: weights.pointer, bias: bias.pointer, output: target, rectified: true,
              width: output.columns, tileRows: output.images * tileRowCount(output),
              scratch: scratch))
        } else {
          convolveWindows(reads, into: target, output, scratch)
        }
      }
    }
    output.clearEnds()
  }

  /// Rows of tiles of an image.
  private func tileRowCount(_ output: FeatureStack) -> Int { (output.rows + 3) / 4 }

  /// Six rows for every row of tiles.
  private func tileRows(
    _ input: FeatureStack, _ zeros: UnsafePointer<Float>
  ) -> [UnsafePointer<Float>] {
    (0..<input.images).flatMap { image in
      (0..<tileRowCount(input)).flatMap { tile in
        (0..<6).map { row(input, image, 4 * tile + $0 - 1, zeros) }
      }
    }
  }

  /// For every row of the window those that the output's rows begin at.
  private func windowRows(
    _ input: FeatureStack, _ output: FeatureStack, _ zeros: UnsafePointer<Float>
  ) -> [UnsafePointer<Float>] {
    (0..<layer.extent).flatMap { y in
      (0..<input.images).flatMap { image in
        (0..<output.rows).map { line in
          row(input, image, line * layer.stride + y - layer.padding, zeros)
            - layer.padding * inputs
        }
      }
    }
  }

  private func row(
    _ input: FeatureStack, _ image: Int, _ line: Int, _ zeros: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    (0..<input.rows).contains(line) ? UnsafePointer(input.row(image, line)) : zeros
  }

  private func outputRows(
    _ output: FeatureStack, _ spare: UnsafeMutablePointer<Float>
  ) -> [UnsafeMutablePointer<Float>] {
    let count = isWinograd ? 4 * tileRowCount(output) : output.rows
    return (0..<output.images).flatMap { image in
      (0..<count).map { $0 < output.rows ? output.row(image, $0) : spare }
    }
  }

  /// The direct form: a row of the window is one run of numbers, so a layer of n x n taps is a 1x1
  /// convolution of n inputs that overlap.
  private func convolveWindows(
    _ reads: UnsafePointer<UnsafePointer<Float>>, into target: ConvolutionOutput,
    _ output: FeatureStack, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let rowCount = output.images * output.rows
    let operands = (0..<layer.extent).map { y in
      ConvolutionInput(
        table: RowTable(
          rows: reads + y * rowCount, rowsPerPlane: rowCount, voxelStride: layer.stride * inputs),
        channels: layer.extent * inputs)
    }
    operands.withUnsafeBufferPointer { operands in
      guard let first = operands.baseAddress else { return }
      kernels.convolve1x1x1(
        ConvolutionArguments(
          inputs: first, inputCount: operands.count, weights: weights.pointer,
          bias: bias.pointer, output: target, residual: nil, rectified: true,
          width: output.columns, rowCount: rowCount, scratch: scratch))
    }
  }
}
