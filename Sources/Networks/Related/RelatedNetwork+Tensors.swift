import Checkpoints

extension RelatedNetwork {
  /// All tensors in the order of a file, kernels in the order of ``kernelAxes``; recognition makes the
  /// same network of them.
  public var tensors: [Tensor] {
    var convolutions = convolutions.map(kernelAxes.exchanged)
    if case .espcn3d(let network) = layers {
      convolutions[2] = kernelAxes.channelsExchanged(convolutions[2], factor: network.factor)
    }
    return zip(Self.layerNames(layers), convolutions).flatMap { name, layer in
      normalisation(before: name) + convolution(name, layer)
    }
  }

  /// Names and sizes of all convolutions in the order of a file.
  public var layerShapes: [LayerShape] {
    zip(Self.layerNames(layers), convolutions).map { name, layer in
      let side = layer.kernel
      return LayerShape(name: name, weight: [layer.outputs, layer.inputs, side, side, side])
    }
  }

  /// The names of all batch normalisations in the order of a file, without `.weight` and so on.
  public var normalisationNames: [String] {
    guard case .dcsrn(let network) = layers else { return [] }
    return network.units.indices.map { DCSRN.unitName($0) + ".bn" }
  }

  /// The metadata that make a file of these tensors this network, its kind first of all.
  public var metadata: [String: String] {
    var metadata: [String: String] = [
      MetadataKey.architecture.rawValue: architecture.rawValue,
      MetadataKey.axes.rawValue: kernelAxes.rawValue,
      MetadataKey.normalisation.rawValue: normalisation,
    ]
    metadata[MetadataKey.degradation.rawValue] = degradation
    switch layers {
    case .srrecnn3d(let network):
      metadata[MetadataKey.residual.rawValue] = "\(network.isResidual)"
    case .dcsrn(let network):
      metadata[MetadataKey.residual.rawValue] = "\(network.isResidual)"
      metadata[MetadataKey.normalisationEpsilon.rawValue] =
        "\(network.units[0].normalisation.epsilon)"
    case .srcnn3d, .resCNN, .espcn3d: break
    }
    return metadata
  }

  private func convolution(_ name: String, _ layer: Convolution) -> [Tensor] {
    let side = layer.kernel
    return [
      Tensor(
        name: name + ".weight", shape: [layer.outputs, layer.inputs, side, side, side],
        values: layer.weight),
      Tensor(name: name + ".bias", shape: [layer.outputs], values: layer.bias),
    ]
  }

  /// The normalisation of a unit of DCSRN comes before its convolution.
  private func normalisation(before name: String) -> [Tensor] {
    guard case .dcsrn(let network) = layers,
      let index = network.units.indices.first(where: { DCSRN.unitName($0) + ".conv" == name })
    else { return [] }
    let values = network.units[index].normalisation
    let first = DCSRN.unitName(index) + ".bn."
    return [
      Tensor(name: first + "weight", shape: [values.channels], values: values.weight),
      Tensor(name: first + "bias", shape: [values.channels], values: values.bias),
      Tensor(
        name: first + "running_mean", shape: [values.channels], values: values.runningMean),
      Tensor(
        name: first + "running_var", shape: [values.channels], values: values.runningVariance),
    ]
  }

  /// The names of all convolutions in the order of ``convolutions``, without `.weight` and `.bias`.
  static func layerNames(_ layers: Layers) -> [String] {
    switch layers {
    case .srrecnn3d(let network): (1...network.convolutions.count).map { "conv\($0)" }
    case .srcnn3d, .espcn3d: (1...3).map { "conv\($0)" }
    case .dcsrn(let network):
      ["conv0"] + network.units.indices.map { DCSRN.unitName($0) + ".conv" } + ["recon"]
    case .resCNN(let network):
      ["conv_start.0"]
        + network.blocks.enumerated().flatMap { block, layers in
          layers.indices.map { "block\(block + 1).\(2 * $0)" }
        } + ["conv_end.0"]
    }
  }
}

extension DCSRN {
  /// `unit1` and so on, for units counted from 0.
  static func unitName(_ index: Int) -> String { "unit\(index + 1)" }
}
