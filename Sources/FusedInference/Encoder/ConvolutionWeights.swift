import Networks

/// A convolution layer, or the part of one that acts on some of its input channels.
struct ConvolutionWeights {
  private let layer: Convolution
  /// The input channels of the layer that take part.
  let inputs: Range<Int>
  /// A part of a sum of several has no bias of its own.
  let hasBias: Bool

  init(_ layer: Convolution) {
    self.init(layer, inputs: 0..<layer.inputs, hasBias: true)
  }

  init(_ layer: Convolution, inputs: Range<Int>, hasBias: Bool) {
    precondition(inputs.upperBound <= layer.inputs, "inputs: \(inputs) of \(layer.inputs)")
    self.layer = layer
    self.inputs = inputs
    self.hasBias = hasBias
  }

  var outputs: Int { layer.outputs }
  /// Edge of the kernel, odd.
  var kernel: Int { layer.kernel }
  /// Taps of the kernel.
  var taps: Int { kernel * kernel * kernel }
  /// Products per output value.
  var reduction: Int { inputs.count * taps }
  /// Multiply-accumulates per voxel.
  var operationsPerVoxel: Int { outputs * reduction }

  /// Row-major `[outputs][layer inputs][k][j][i]` of the whole layer.
  var values: [Float] { layer.weight }
  var bias: [Float] { layer.bias }
  /// Values per output of the whole layer.
  var rowLength: Int { layer.inputs * taps }
}
