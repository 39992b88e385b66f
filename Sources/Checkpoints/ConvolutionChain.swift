import Files

/// One convolution as a file of another framework names it, its sizes and values agreeing.
struct ForeignConvolution: Sendable {
  /// Name of the layer, such as `conv1`.
  var name: String
  /// `[Cout][Cin][k0][k1][k2]`.
  var weight: Tensor
  /// `[Cout]`.
  var bias: Tensor
}

/// Convolutions `conv1` to `convL` that feed each other, as Caffe and chainer files hold them.
///
/// Checked: names without gap or duplicate, five sizes of 1 to 65536 per kernel, cubic odd kernels, a
/// bias as long as the outputs, inputs that are the outputs of the layer before, finite values.
struct ConvolutionChain {
  /// Largest size along one axis of a kernel.
  static let largestSize = 65_536

  private let layers: [ForeignConvolution]

  /// Puts the layers into their order and checks them.
  init(_ layers: [ForeignConvolution]) throws(ConvolutionChainFault) {
    guard !layers.isEmpty else { throw .noLayers }
    var byNumber: [Int: ForeignConvolution] = [:]
    for layer in layers {
      guard let number = Self.number(of: layer.name) else { throw .name(layer.name) }
      guard byNumber.updateValue(layer, forKey: number) == nil else {
        throw .duplicate(layer.name)
      }
    }
    var ordered: [ForeignConvolution] = []
    for number in 1...layers.count {
      guard let layer = byNumber[number] else { throw .missing("conv\(number)") }
      try Self.check(layer)
      if let outputs = ordered.last?.weight.shape[0], layer.weight.shape[1] != outputs {
        throw .inputs(layer.name, found: layer.weight.shape[1], needed: outputs)
      }
      ordered.append(layer)
    }
    self.layers = ordered
  }

  /// Weights and biases in the order of the layers, named `conv1.weight`, `conv1.bias` and so on.
  var tensors: [Tensor] { layers.flatMap { [$0.weight, $0.bias] } }

  /// Checks the channels that the last layer makes.
  func requireOutputs(
    _ isAllowed: (Int) -> Bool
  ) throws(ConvolutionChainFault) {
    guard let last = layers.last, isAllowed(last.weight.shape[0]) else {
      throw .outputs(layers.last?.name ?? "", found: layers.last?.weight.shape[0] ?? 0)
    }
  }

  /// Number of elements, or nil where a size is out of bounds or their product overflows.
  static func elementCount(_ shape: [Int]) -> Int? {
    guard areInBounds(shape) else { return nil }
    var product = 1
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return product
  }

  private static func areInBounds(_ sizes: [Int]) -> Bool {
    sizes.allSatisfy { (1...largestSize).contains($0) }
  }

  /// The number of `conv7`, written as whole numbers are: no sign, no zero in front.
  private static func number(of name: String) -> Int? {
    guard name.hasPrefix("conv"), let number = Int(name.dropFirst(4)), name == "conv\(number)"
    else { return nil }
    return number
  }

  private static func check(_ layer: ForeignConvolution) throws(ConvolutionChainFault) {
    let shape = layer.weight.shape
    guard shape.count == 5 else { throw .rank(layer.name, found: shape.count) }
    guard areInBounds(shape) else { throw .sizes(layer.name, shape) }
    guard shape[2] == shape[3], shape[3] == shape[4], shape[2] % 2 == 1 else {
      throw .kernel(layer.name, sizes: Array(shape[2...]))
    }
    guard layer.bias.shape == [shape[0]] else {
      throw .bias(layer.name, found: layer.bias.shape, needed: shape[0])
    }
  }
}

/// What is wrong with a row of convolutions.
public enum ConvolutionChainFault: Error, Sendable, Equatable {
  case noLayers
  case name(String)
  case duplicate(String)
  case missing(String)
  case rank(String, found: Int)
  case sizes(String, [Int])
  case kernel(String, sizes: [Int])
  case bias(String, found: [Int], needed: Int)
  case inputs(String, found: Int, needed: Int)
  case outputs(String, found: Int)
}

extension ConvolutionChainFault {
  var message: String {
    switch self {
    case .noLayers: "holds no convolution with weights"
    case .name(let name):
      "layer \(quoted(name)) has weights; convolutions must be named conv1, conv2 and so on"
    case .duplicate(let name): "layer \(quoted(name)) stands twice (duplicate)"
    case .missing(let name): "layer \(quoted(name)) is missing"
    case .rank(let name, let found):
      "weights of \(quoted(name)) have \(counted(found, "dimension")), must be 5"
    case .sizes(let name, let sizes):
      "weights of \(quoted(name)) are \(spelled(sizes)), "
        + "sizes must be 1 to \(ConvolutionChain.largestSize)"
    case .kernel(let name, let sizes):
      "kernel of \(quoted(name)) is \(spelled(sizes)), must be cubic and odd"
    case .bias(let name, let found, let needed):
      "bias of \(quoted(name)) is \(spelled(found)), the weights have \(needed) outputs"
    case .inputs(let name, let found, let needed):
      "layer \(quoted(name)) takes \(counted(found, "channel")), the layer before makes \(needed)"
    case .outputs(let name, let found):
      "last layer \(quoted(name)) makes \(counted(found, "channel")), which no known network does"
    }
  }
}
