import KernelInterface
import Workers

/// A chain of convolutions without padding over a batch, forward and backward: each makes a smaller
/// image than it reads, and all but the last are followed by a ReLU.
///
/// `@unchecked Sendable`: within a job of the pool each worker writes its own planes, its own scratch or
/// its own part of the gradients.
final class WindowPass: @unchecked Sendable {
  let shape: BatchShape
  let layers: [WindowLayer]
  /// The patches, and what each layer makes.
  let values: [FeatureMap]
  /// Of the loss, for what each layer makes.
  let gradients: [FeatureMap]
  /// The same between zeros as wide as a kernel, voxels without a gap, where a layer passes it back.
  private let bordered: [FeatureMap?]
  private let table: KernelTable
  private let pool: WorkerPool
  private let scratch: [AlignedBuffer<Float>]
  private let zeros: AlignedBuffer<Float>
  private let ones: ConstantRows

  init(
    _ layout: ParameterLayout, _ shape: BatchShape, _ table: KernelTable, _ pool: WorkerPool
  ) throws(WorkersError) {
    self.shape = shape
    self.table = table
    self.pool = pool
    var layers: [WindowLayer] = []
    var values = [try FeatureMap.compact(shape, channels: 1)]
    var bordered: [FeatureMap?] = []
    for layer in layout.layers {
      let window = try WindowLayer(
        layer, inputStride: values[values.count - 1].stride, table)
      let shape = values[values.count - 1].shape.grown(by: -window.reach)
      layers.append(window)
      values.append(try FeatureMap(shape, channels: layer.outputs))
      bordered.append(
        layers.count == 1
          ? nil
          : try FeatureMap.compact(
            shape.grown(by: 2 * window.reach), channels: layer.outputs))
    }
    self.layers = layers
    self.values = values
    self.bordered = bordered
    var gradients: [FeatureMap] = []
    for value in values.dropFirst() {
      gradients.append(try FeatureMap(value.shape, channels: value.channels))
    }
    self.gradients = gradients
    let widest = values.dropFirst().map(\.stride).max() ?? 1
    zeros = try AlignedBuffer(count: widest)
    var scratch: [AlignedBuffer<Float>] = []
    for _ in 0..<pool.workerCount {
      scratch.append(try AlignedBuffer(count: table.convolutionScratch(shape.size.x, widest)))
    }
    self.scratch = scratch
    ones = try ConstantRows(value: 1, count: shape.size.y)
  }

  /// What the last layer makes.
  var result: FeatureMap { values[values.count - 1] }
  /// Its gradient, which is filled before ``backward(_:)``.
  var resultGradient: FeatureMap { gradients[gradients.count - 1] }

  /// Calls the body with every plane of a map.
  func forEachPlane(
    of map: FeatureMap, _ body: (_ sample: Int, _ k: Int, _ worker: Int) -> Void
  ) {
    let planes = map.shape.size.z
    pool.run(map.shape.samples * planes) { item, worker in
      body(item / planes, item % planes, worker)
    }
  }

  func forward(_ patches: [[Float]], _ parameters: UnsafePointer<Float>) {
    for layer in layers { layer.pack(parameters) }
    let size = shape.size
    forEachPlane(of: values[0]) { [self] sample, k, _ in
      for j in 0..<size.y {
        let row = values[0].row(sample: sample, k: k, j: j)
        for i in 0..<size.x { row[i] = patches[sample][(k * size.y + j) * size.x + i] }
      }
    }
    for (index, layer) in layers.enumerated() {
      convolve(
        values[index], kernel: layer.kernel, layer.forward,
        bias: parameters + layer.layer.bias, isRectified: index < layers.count - 1,
        into: values[index + 1])
    }
  }

  func backward(_ gradient: UnsafeMutablePointer<Float>) {
    for index in layers.indices.reversed() {
      addWeightGradient(index, gradient)
      guard index > 0, let border = bordered[index] else { return }
      copy(gradients[index], into: border, reach: 2 * layers[index].reach)
      convolve(
        border, kernel: layers[index].kernel, layers[index].backward, bias: zeros.pointer,
        isRectified: false, into: gradients[index - 1])
      gate(index)
    }
  }

  /// Convolves the windows of a map.
  private func convolve(
    _ input: FeatureMap, kernel: Int, _ weights: AlignedBuffer<Float>,
    bias: UnsafePointer<Float>, isRectified: Bool, into output: FeatureMap
  ) {
    forEachPlane(of: output) { [self] sample, k, worker in
      let operands = (0..<kernel * kernel).map { row in
        ConvolutionInput(
          table: input.table(sample: sample, k: k + row / kernel, j: row % kernel),
          channels: kernel * input.stride)
      }
      operands.withUnsafeBufferPointer { operands in
        guard let first = operands.baseAddress else { return }
        table.convolve1x1x1(
          ConvolutionArguments(
            inputs: first, inputCount: operands.count, weights: weights.pointer, bias: bias,
            output: ConvolutionOutput(
              rows: output.rows.pointer + output.shape.entry(sample: sample, k: k, j: 0),
              voxelStride: output.stride, channels: output.stride),
            residual: nil, rectified: isRectified, width: output.shape.size.x,
            rowCount: output.shape.size.y, scratch: scratch[worker].pointer))
      }
    }
  }

  /// Copies the channels of a map between zeros, which stay.
  private func copy(_ source: FeatureMap, into target: FeatureMap, reach: Int) {
    forEachPlane(of: source) { sample, k, _ in
      for j in 0..<source.shape.size.y {
        let from = source.row(sample: sample, k: k, j: j)
        let to =
          target.row(sample: sample, k: k + reach, j: j + reach) + reach * target.stride
        for i in 0..<source.shape.size.x {
          (to + i * target.stride).update(
            from: from + i * source.stride, count: source.channels)
        }
      }
    }
  }

  /// What passes through the ReLU behind a layer.
  private func gate(_ index: Int) {
    let (slopes, value) = (gradients[index - 1], values[index])
    forEachPlane(of: slopes) { [self] sample, k, _ in
      for j in 0..<slopes.shape.size.y {
        let row = slopes.row(sample: sample, k: k, j: j)
        table.training.gate(
          row, value.row(sample: sample, k: k, j: j), row, slopes.shape.size.x * slopes.stride)
      }
    }
  }

  private func addWeightGradient(_ index: Int, _ gradient: UnsafeMutablePointer<Float>) {
    let layer = layers[index]
    let parts = layer.parts
    layer.sums.elements.update(repeating: 0)
    pool.run(parts.count + 1) { [self] item, _ in
      if item == parts.count {
        return sum(
          index, 0, 0, ones.rows, stride: 0, channels: 0..<1,
          into: gradient + layer.layer.bias)
      }
      let part = parts[item]
      sum(
        index, part.plane, part.row, nil, stride: values[index].stride, channels: part.channels,
        into: layer.sums(of: part))
    }
    layer.add(to: gradient)
  }

  /// Sums the products of some channels of a window's row, or of ones, with the gradients.
  private func sum(
    _ index: Int, _ plane: Int, _ row: Int, _ constant: UnsafePointer<UnsafePointer<Float>>?,
    stride: Int, channels: Range<Int>, into sums: UnsafeMutablePointer<Float>
  ) {
    let slopes = gradients[index]
    let size = slopes.shape.size
    for sample in 0..<slopes.shape.samples {
      for k in 0..<size.z {
        let rows =
          constant ?? values[index].table(sample: sample, k: k + plane, j: row).rows
        table.training.addWeightGradient(
          WeightGradientArguments(
            inputs: rows, inputOffset: channels.lowerBound, inputStride: stride,
            inputCount: channels.count,
            gradients: slopes.table(sample: sample, k: k, j: 0).rows,
            gradientStride: slopes.stride, gradientCount: slopes.stride, rowCount: size.y,
            width: size.x, sums: sums, sumStride: slopes.stride))
      }
    }
  }
}

extension BatchShape {
  /// Patches with as many voxels more on every side.
  func grown(by voxels: Int) -> BatchShape {
    BatchShape(samples: samples, size: size &+ 2 * voxels)
  }
}
