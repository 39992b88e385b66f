extension ForeignConvolution {
  /// Takes weights and bias of a layer after checking their sizes against their values.
  init(
    _ name: String, _ blobs: [Caffe_BlobProto], _ settings: Caffe_ConvolutionParameter
  ) throws(CaffeFault) {
    guard blobs.count == 2 else { throw .blobs(layer: name, count: blobs.count) }
    let unusual =
      settings.stride.map { ("stride", $0) } + settings.dilation.map { ("dilation", $0) }
      + (settings.hasGroup ? [("group", settings.group)] : [])
    for (setting, value) in unusual where value != 1 {
      throw .setting(layer: name, name: setting, value: value)
    }
    let weight = try blobs[0].tensor(named: name + ".weight")
    var bias = try blobs[1].tensor(named: name + ".bias")
    // The old form gives every blob four sizes; those of a bias are 1, 1, 1, Cout.
    if bias.shape.dropLast().allSatisfy({ $0 == 1 }) { bias.shape = [bias.values.count] }
    self.init(name: name, weight: weight, bias: bias)
  }
}

extension Caffe_BlobProto {
  /// The blob as a tensor: as many values as its sizes say, in one of both precisions.
  ///
  /// Sizes decide nothing but whether the values that are there are as many.
  fileprivate func tensor(named name: String) throws(CaffeFault) -> Tensor {
    guard data.isEmpty || doubleData.isEmpty else { throw .bothPrecisions(tensor: name) }
    let shape = try sizes(named: name)
    let found = max(data.count, doubleData.count)
    guard let needed = ConvolutionChain.elementCount(shape), needed == found else {
      throw .valueCount(
        tensor: name, found: found, needed: ConvolutionChain.elementCount(shape) ?? .max)
    }
    return Tensor(
      name: name, shape: shape, values: doubleData.isEmpty ? data : doubleData.map { Float($0) },
      elementType: doubleData.isEmpty ? .float32 : .float64)
  }

  private func sizes(named name: String) throws(CaffeFault) -> [Int] {
    let isLegacy = hasNum || hasChannels || hasHeight || hasWidth
    let legacy = [num, channels, height, width].map { Int($0) }
    guard hasShape else {
      guard isLegacy else { throw .noShape(tensor: name) }
      return legacy
    }
    let sizes = shape.dim.map { Int($0) }
    guard !isLegacy || legacy.drop(while: { $0 == 1 }) == sizes.drop(while: { $0 == 1 }) else {
      throw .shapesDisagree(tensor: name)
    }
    return sizes
  }
}
