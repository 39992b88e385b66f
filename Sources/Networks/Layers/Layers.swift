/// A 3-D convolution with bias: cross-correlation, stride 1, zero padding of half the kernel.
///
/// Arrays are (z, y, x) = voxel axes (k, j, i), so the first kernel axis runs along k (slowest).
public struct Convolution: Sendable, Equatable {
  /// Row-major `[out][in][k0][k1][k2]`, as in the file.
  public var weight: [Float]
  /// `[out]`.
  public var bias: [Float]
  /// Channels or numbers in.
  public var inputs: Int
  /// Channels or numbers out.
  public var outputs: Int
  /// Length of a side, odd.
  public var kernel: Int

  /// A layer; the numbers of weights and biases must fit the sizes.
  public init(weight: [Float], bias: [Float], inputs: Int, outputs: Int, kernel: Int) {
    precondition(
      weight.count == outputs * inputs * kernel * kernel * kernel && bias.count == outputs,
      "\(weight.count) weights, \(bias.count) biases for \(inputs) -> \(outputs), kernel \(kernel)")
    self.weight = weight
    self.bias = bias
    self.inputs = inputs
    self.outputs = outputs
    self.kernel = kernel
  }

  /// Multiply-accumulates per voxel: every weight is used once.
  public var operationsPerVoxel: Int { weight.count }

  /// Weights and biases.
  public var parameterCount: Int { weight.count + bias.count }

  /// Voxels that it reaches to each side.
  public var reach: Int { kernel / 2 }
}

/// A dense layer `y = W x + b`.
public struct Linear: Sendable, Equatable {
  /// Row-major `[out][in]`, as in the file.
  public var weight: [Float]
  /// `[out]`.
  public var bias: [Float]
  /// Channels or numbers in.
  public var inputs: Int
  /// Channels or numbers out.
  public var outputs: Int

  /// A layer; the numbers of weights and biases must fit the sizes.
  public init(weight: [Float], bias: [Float], inputs: Int, outputs: Int) {
    precondition(
      weight.count == outputs * inputs && bias.count == outputs,
      "\(weight.count) weights, \(bias.count) biases for \(inputs) -> \(outputs)")
    self.weight = weight
    self.bias = bias
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Multiply-accumulates per query point: every weight is used once.
  public var operationsPerPoint: Int { weight.count }

  /// Weights and biases.
  public var parameterCount: Int { weight.count + bias.count }
}
