import KernelInterface
import Workers

/// A convolution of any kernel without padding, as a 1x1x1 convolution of rows of its window.
///
/// Where voxels lie without a gap, the neighbours along i are one run of channels; each row of the
/// window, K^2 of them, is an operand. So the kernels of 1x1x1 layers compute any layer, forward and
/// backward, and the gradients of its weights are sums over voxels as ever.
final class WindowLayer {
  let layer: LayerLayout
  /// K.
  let kernel: Int
  /// Floats from a voxel of the input to the next.
  private let inputStride: Int
  /// `[window row][neighbour][input][output]` with the input's padding, for the sums of gradients.
  let sums: AlignedBuffer<Float>
  /// Packed for the layer.
  let forward: AlignedBuffer<Float>
  /// Packed for the gradient of its input: taps in reverse, inputs and outputs exchanged.
  let backward: AlignedBuffer<Float>
  private let rows: AlignedBuffer<Float>
  private let packing: WeightPacking

  init(_ layer: LayerLayout, inputStride: Int, _ table: KernelTable) throws(WorkersError) {
    self.layer = layer
    kernel = Self.kernel(ofTaps: layer.taps)
    self.inputStride = inputStride
    packing = WeightPacking(layout: table.layout)
    let floats = layer.taps * inputStride * layer.paddedOutputs
    sums = try AlignedBuffer(count: floats)
    forward = try AlignedBuffer(count: floats)
    let turned = layer.taps * layer.outputs * FeatureLayout.paddedChannels(layer.inputs)
    backward = try AlignedBuffer(count: turned)
    rows = try AlignedBuffer(count: max(floats, turned))
  }

  /// The K of K^3 taps.
  static func kernel(ofTaps taps: Int) -> Int { (1...9).first { $0 * $0 * $0 == taps } ?? 1 }

  /// Voxels to each side that it reads.
  var reach: Int { kernel / 2 }
  /// Channels of a row of the window.
  var windowChannels: Int { kernel * inputStride }

  /// Packs its weights.
  func pack(_ parameters: UnsafePointer<Float>) {
    let (padded, outputs) = (layer.paddedOutputs, layer.outputs)
    for tap in 0..<layer.taps {
      for input in 0..<layer.inputs {
        (rows.pointer + (tap * inputStride + input) * padded).update(
          from: parameters + layer.index(output: 0, input: input, tap: tap), count: padded)
      }
      for input in layer.inputs..<inputStride {
        (rows.pointer + (tap * inputStride + input) * padded).update(repeating: 0, count: padded)
      }
    }
    packing.pack(
      rows.pointer, paddedOutputs: padded, reduction: layer.taps * inputStride,
      into: forward.pointer)
    let turned = FeatureLayout.paddedChannels(layer.inputs)
    for tap in 0..<layer.taps {
      for output in 0..<outputs {
        let row = rows.pointer + ((layer.taps - 1 - tap) * outputs + output) * turned
        for input in 0..<turned {
          row[input] =
            input < layer.inputs
            ? parameters[layer.index(output: output, input: input, tap: tap)] : 0
        }
      }
    }
    packing.pack(
      rows.pointer, paddedOutputs: turned, reduction: layer.taps * outputs,
      into: backward.pointer)
  }

  /// The parts into which the sums of its weights' gradients are divided, one worker each.
  var parts: [(plane: Int, row: Int, channels: Range<Int>)] {
    (0..<kernel * kernel).flatMap { row in
      WeightGradientPart.divided(windowChannels).map { (row / kernel, row % kernel, $0) }
    }
  }

  /// Where the sums of a part begin.
  func sums(of part: (plane: Int, row: Int, channels: Range<Int>)) -> UnsafeMutablePointer<Float> {
    let row = (part.plane * kernel + part.row) * windowChannels + part.channels.lowerBound
    return sums.pointer + row * layer.paddedOutputs
  }

  /// Adds the sums to a gradient in the order of the layout.
  func add(to gradient: UnsafeMutablePointer<Float>) {
    for tap in 0..<layer.taps {
      for input in 0..<layer.inputs {
        let source = sums.pointer + (tap * inputStride + input) * layer.paddedOutputs
        let target = gradient + layer.index(output: 0, input: input, tap: tap)
        for output in 0..<layer.outputs { target[output] += source[output] }
      }
    }
  }
}
