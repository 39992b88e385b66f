import Checkpoints
import Files

extension RelatedNetwork {
  /// Recognises a network in the tensors and metadata of a checkpoint.
  ///
  /// Where `arssr.arch` is absent the names and shapes tell. Names, shapes and element types of all
  /// tensors must be exactly those of the architecture: nothing missing, nothing left over. Sizes come
  /// from the shapes.
  ///
  /// - Throws: ``NetworkError`` with the path of the checkpoint.
  public init(checkpoint: Checkpoint) throws(NetworkError) {
    do throws(NetworkFault) {
      let unknownKeys = try MetadataKey.check(checkpoint.metadata)
      let index = TensorIndex(checkpoint)
      let architecture = try Self.architecture(index, checkpoint.metadata)
      let metadata = checkpoint.metadata
      let axes =
        metadata[MetadataKey.axes.rawValue].flatMap(KernelAxes.init)
        ?? architecture.publishedKernelAxes
      let reader = RelatedReader(
        architecture: architecture, index: index, axes: axes, metadata: metadata)
      self.init(try reader.layers(), kernelAxes: axes)
      guard self.architecture == architecture else {
        throw .architectureDiffers(
          stated: architecture.rawValue, found: self.architecture.rawValue)
      }
      if let stated = metadata[MetadataKey.normalisation.rawValue] { normalisation = stated }
      if let stated = metadata[MetadataKey.degradation.rawValue] { degradation = stated }
      notices = unknownKeys.map { .unknownKey($0, in: checkpoint.path) }
    } catch {
      throw NetworkError(subject: checkpoint.path, cause: error)
    }
  }

  /// The architecture that a file states, or else that its names and shapes show.
  private static func architecture(
    _ index: TensorIndex, _ metadata: [String: String]
  ) throws(NetworkFault) -> Architecture {
    if let text = metadata[MetadataKey.architecture.rawValue] {
      guard let stated = Architecture(rawValue: text) else { throw .unknownArchitecture(text) }
      guard stated != .arssr, stated != .gradientFilters else { throw .otherArchitecture(text) }
      return stated
    }
    guard let found = Architecture(relatedIn: index) else {
      throw .notRecognised(examples: Array(index.names.prefix(3)), count: index.names.count)
    }
    return found
  }
}

extension Architecture {
  /// The related network whose layers these are, by names and kernels; nil for none.
  ///
  /// Three layers with kernels 3, 1, 3 are those of 3D-ESPCN, other unequal ones those of SRCNN3D.
  init?(relatedIn index: TensorIndex) {
    if index["conv0.weight"] != nil {
      self = .dcsrn
    } else if index["conv_start.0.weight"] != nil {
      self = .resCNN
    } else if index["conv1.weight"] != nil {
      let kernels = (1...3).map { index.size("conv\($0).weight", axis: 2) }
      if index.count(of: "conv", ".weight") != 4 || Set(kernels).count == 1 {
        self = index.size("conv1.weight", axis: 1) == 2 ? .srrecnn3dMulti : .srrecnn3d
      } else {
        self = kernels == ESPCN3D.kernels ? .espcn3d : .srcnn3d
      }
    } else {
      return nil
    }
  }
}

/// Takes the layers of a related network from its tensors, comparing them with what it needs.
private struct RelatedReader {
  let architecture: Architecture
  let index: TensorIndex
  let axes: KernelAxes
  let metadata: [String: String]

  /// What a tensor of a layer must be.
  private typealias Needed = (name: String, shape: [Int])

  func layers() throws(NetworkFault) -> RelatedNetwork.Layers {
    switch architecture {
    case .srrecnn3d: try .srrecnn3d(chain(images: 1))
    case .srrecnn3dMulti: try .srrecnn3d(chain(images: 2))
    case .srcnn3d: try .srcnn3d(srcnn())
    case .dcsrn: try .dcsrn(dcsrn())
    case .resCNN: try .resCNN(resCNN())
    case .espcn3d: try .espcn3d(espcn())
    case .arssr, .gradientFilters: throw .otherArchitecture(architecture.rawValue)
    }
  }

  // MARK: - Networks

  private func chain(images: Int) throws(NetworkFault) -> SRReCNN3D {
    // Names count from 1.
    let count = max(2, index.count(of: "conv", ".weight") - 1)
    let names = (1...count).map { "conv\($0)" }
    let layers = try convolutions(names, inputs: images) { $0 == count - 1 ? 1 : nil }
    guard layers.allSatisfy({ $0.kernel == layers[0].kernel }) else {
      throw .kernels(
        layers.map(\.kernel), needed: nil, architecture: architecture.rawValue)
    }
    return SRReCNN3D(convolutions: layers, isResidual: flag(.residual, absent: true))
  }

  private func srcnn() throws(NetworkFault) -> SRCNN3D {
    let layers = try convolutions(["conv1", "conv2", "conv3"], inputs: 1) { $0 == 2 ? 1 : nil }
    return SRCNN3D(first: layers[0], second: layers[1], third: layers[2])
  }

  private func espcn() throws(NetworkFault) -> ESPCN3D {
    let layers = try convolutions(["conv1", "conv2", "conv3"], inputs: 1) { _ in nil }
    guard layers.map(\.kernel) == ESPCN3D.kernels else {
      throw .kernels(
        layers.map(\.kernel), needed: ESPCN3D.kernels, architecture: architecture.rawValue)
    }
    guard let factor = ESPCN3D.factor(outputs: layers[2].outputs),
      let network = ESPCN3D(
        first: layers[0], second: layers[1],
        third: axes.channelsExchanged(layers[2], factor: factor))
    else { throw .noCube(outputs: layers[2].outputs) }
    return network
  }

  private func resCNN() throws(NetworkFault) -> ResCNN {
    let blocks = max(1, index.count(of: "block", ".0.weight") - 1)
    let layersPerBlock = max(1, (index.count(of: "block1.", ".weight") + 1) / 2)
    guard blocks <= ArSSRConfiguration.mostLayers / layersPerBlock else {
      throw .tooManyLayers(limit: ArSSRConfiguration.mostLayers)
    }
    let inner = (1...blocks).flatMap { block in
      (0..<layersPerBlock).map { "block\(block).\(2 * $0)" }
    }
    // The sum of a block needs as many channels out as in.
    let width = size("conv_start.0").outputs
    let names = ["conv_start.0"] + inner + ["conv_end.0"]
    let layers = try convolutions(names, inputs: 1) { $0 == names.count - 1 ? 1 : width }
    return ResCNN(
      start: layers[0],
      blocks: (0..<blocks).map { block in
        Array(layers[1 + block * layersPerBlock..<1 + (block + 1) * layersPerBlock])
      },
      end: layers[layers.count - 1])
  }

  private func dcsrn() throws(NetworkFault) -> DCSRN {
    let count = max(1, index.count(of: "unit", ".conv.weight") - 1)
    let first = size("conv0")
    let growth = size("unit1.conv").outputs
    var needed = tensors("conv0", outputs: first.outputs, inputs: 1, kernel: first.kernel)
    var channels = first.outputs
    for unit in 0..<count {
      let name = DCSRN.unitName(unit)
      for part in ["weight", "bias", "running_mean", "running_var"] {
        needed.append((name: "\(name).bn.\(part)", shape: [channels]))
      }
      needed += tensors(
        name + ".conv", outputs: growth, inputs: channels, kernel: size(name + ".conv").kernel)
      channels += growth
    }
    needed += tensors("recon", outputs: 1, inputs: channels, kernel: size("recon").kernel)
    try compare(needed)
    return DCSRN(
      first: convolution("conv0"),
      units: (0..<count).map { unit in
        let name = DCSRN.unitName(unit)
        return DCSRN.Unit(
          normalisation: normalisation(name + ".bn"), convolution: convolution(name + ".conv"))
      },
      reconstruction: convolution("recon"), isResidual: flag(.residual, absent: false))
  }

  // MARK: - Layers

  /// A chain of layers, each with as many inputs as the one before has outputs.
  ///
  /// `outputs` says what a layer, counted from 0, must make; nil: what its weights have.
  private func convolutions(
    _ names: [String], inputs: Int, outputs: (Int) -> Int?
  ) throws(NetworkFault) -> [Convolution] {
    var needed: [Needed] = []
    var channels = inputs
    for (number, name) in names.enumerated() {
      let found = size(name)
      let made = outputs(number) ?? found.outputs
      needed += tensors(name, outputs: made, inputs: channels, kernel: found.kernel)
      channels = made
    }
    try compare(needed)
    return names.map(convolution)
  }

  /// Outputs and side of a layer as its weights have them, 1 and 3 where they do not tell; no more
  /// outputs than make the check fail, whatever is claimed.
  private func size(_ name: String) -> (outputs: Int, kernel: Int) {
    let kernel = index.size(name + ".weight", axis: 2) ?? 3
    let outputs = index.size(name + ".weight", axis: 0) ?? 1
    return (min(outputs, Self.mostChannels + 1), kernel % 2 == 1 ? kernel : 3)
  }

  private func tensors(_ name: String, outputs: Int, inputs: Int, kernel: Int) -> [Needed] {
    [
      (name: name + ".weight", shape: [outputs, inputs, kernel, kernel, kernel]),
      (name: name + ".bias", shape: [outputs]),
    ]
  }

  private func convolution(_ name: String) -> Convolution {
    guard let weight = index[name + ".weight"], let bias = index[name + ".bias"] else {
      preconditionFailure("\(name): the table was checked")
    }
    return axes.exchanged(
      Convolution(
        weight: weight.values, bias: bias.values, inputs: weight.shape[1],
        outputs: weight.shape[0], kernel: weight.shape[2]))
  }

  private func normalisation(_ name: String) -> BatchNormalisation {
    func values(_ part: String) -> [Float] { index["\(name).\(part)"]?.values ?? [] }
    let stated = metadata[MetadataKey.normalisationEpsilon.rawValue]
    return BatchNormalisation(
      weight: values("weight"), bias: values("bias"), runningMean: values("running_mean"),
      runningVariance: values("running_var"),
      epsilon: stated.flatMap { MetadataKey.number($0) } ?? BatchNormalisation.standardEpsilon)
  }

  private func flag(_ key: MetadataKey, absent: Bool) -> Bool {
    metadata[key.rawValue].map { $0 == "true" } ?? absent
  }

  // MARK: - Checks

  /// Sides beyond this, and wider layers than this, no honest file has.
  private static let largestKernel = 31
  private static let mostChannels = 1_000_000

  private func compare(_ needed: [Needed]) throws(NetworkFault) {
    guard
      needed.allSatisfy({ _, shape in
        shape.prefix(2).allSatisfy { (1...Self.mostChannels).contains($0) }
          && shape.dropFirst(2).allSatisfy { (1...Self.largestKernel).contains($0) }
      })
    else { throw .sizes }
    let difference = TableDifference(
      architecture: architecture.rawValue, needed: needed, index: index)
    guard difference.isEmpty else { throw .tensors(difference) }
    for (name, _) in needed where name.hasSuffix("running_var") {
      if let values = index[name]?.values, values.contains(where: { $0 < 0 }) {
        throw .negativeVariance(name)
      }
    }
  }
}

extension TableDifference {
  /// Compares a table of names and shapes with the tensors that are there.
  ///
  /// - Parameters:
  ///   - architecture: Its name for messages.
  ///   - needed: All tensors, in the order of the table.
  ///   - index: Those of the file.
  init(architecture: String, needed: [(name: String, shape: [Int])], index: TensorIndex) {
    self.init(
      architecture: architecture, featureChannels: 0, extraInputs: 0, missing: [], surplus: [],
      wrongShapes: [], wrongTypes: [])
    compare(needed, with: index)
  }

  /// Notes what differs between a table and the tensors that are there.
  mutating func compare(_ needed: [(name: String, shape: [Int])], with index: TensorIndex) {
    var known: Set<String> = []
    for (name, shape) in needed {
      known.insert(name)
      guard let tensor = index[name] else {
        missing.append(name)
        continue
      }
      if tensor.shape != shape {
        wrongShapes.append(.init(name: name, found: tensor.shape, needed: shape))
      } else if !tensor.elementType.isFloatingPoint {
        wrongTypes.append(name)
      }
    }
    surplus = index.names.filter { !known.contains($0) }
  }
}
