import KernelInterface
import Networks

/// Where the weights and the bias of one layer lie in a ``ParameterLayout``.
///
/// Weights are `[operand][tap][channel][output]`, where the operands are the values whose concatenation
/// the layer reads, and outputs are padded with zeros to whole cache lines: the order in which kernels
/// read weights forward, and one in which the gradients of neighbouring taps lie side by side. The decoder's last layer, which
/// has one output, is one row of padded inputs instead.
struct LayerLayout: Sendable, Equatable {
  /// Name without `.weight` or `.bias`.
  var name: String
  var inputs: Int
  var outputs: Int
  /// Channels of each operand; together the inputs.
  var operands: [Int]
  /// 27, 1, or 1 for a dense layer.
  var taps: Int
  /// The decoder's last layer.
  var isRow: Bool
  /// Where the weights begin.
  var weights: Int

  init(_ shape: LayerShape, operands: [Int], isRow: Bool, weights: Int) {
    name = shape.name
    outputs = shape.weight[0]
    inputs = shape.weight[1]
    taps = shape.weight.dropFirst(2).reduce(1, *)
    self.operands = operands
    self.isRow = isRow
    self.weights = weights
  }

  /// Floats from an input to the next.
  var paddedOutputs: Int { FeatureLayout.paddedChannels(outputs) }
  /// Floats of the weights.
  var weightCount: Int {
    isRow ? FeatureLayout.paddedChannels(inputs) : taps * inputs * paddedOutputs
  }
  /// Where the bias begins.
  var bias: Int { weights + weightCount }
  /// One beyond the last float.
  var end: Int { bias + paddedOutputs }

  /// The row of the weights of an input at a tap.
  func row(input: Int, tap: Int) -> Int {
    var first = 0
    for channels in operands {
      if input < first + channels { return taps * first + tap * channels + input - first }
      first += channels
    }
    preconditionFailure("input \(input) of \(inputs)")
  }

  /// Where a weight lies.
  func index(output: Int, input: Int, tap: Int) -> Int {
    isRow ? weights + input : weights + row(input: input, tap: tap) * paddedOutputs + output
  }
}
