import Checkpoints
import Networks
import Testing

/// The related networks as they are recognised in tensors, and written.
@Suite struct RelatedRecognitionTests {
  /// A tensor whose values count up.
  private func tensor(_ name: String, _ shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor(name: name, shape: shape, values: (0..<count).map { Float($0 % 8191) })
  }

  private func layer(_ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int) -> [Tensor] {
    [
      tensor(name + ".weight", [outputs, inputs, kernel, kernel, kernel]),
      tensor(name + ".bias", [outputs]),
    ]
  }

  private func network(
    _ tensors: [Tensor], _ metadata: [String: String] = [:]
  ) throws -> RelatedNetwork {
    try RelatedNetwork(checkpoint: Checkpoint(tensors: tensors, metadata: metadata))
  }

  private func fault(_ tensors: [Tensor], _ metadata: [String: String] = [:]) -> NetworkFault? {
    #expect(throws: NetworkError.self) { try network(tensors, metadata) }?.cause
  }

  private var chain: [Tensor] {
    layer("conv1", 1, 6, 3) + layer("conv2", 6, 5, 3) + layer("conv3", 5, 4, 3)
      + layer("conv4", 4, 1, 3)
  }

  @Test func architecturesAreToldByTheirLayers() throws {
    let three = layer("conv1", 1, 8, 9) + layer("conv2", 8, 4, 1) + layer("conv3", 4, 1, 5)
    let shuffle = layer("conv1", 1, 8, 3) + layer("conv2", 8, 4, 1) + layer("conv3", 4, 27, 3)
    let guided = layer("conv1", 2, 6, 5) + layer("conv2", 6, 1, 5)
    for (tensors, architecture, axes) in [
      (chain, Architecture.srrecnn3d, KernelAxes.xyz), (guided, .srrecnn3dMulti, .xyz),
      (three, .srcnn3d, .xyz), (shuffle, .espcn3d, .zyx), (densenet, .dcsrn, .zyx),
      (residual, .resCNN, .zyx),
    ] {
      let found = try network(tensors)
      #expect(found.architecture == architecture)
      #expect(found.kernelAxes == axes)
      guard case .related = try Network(checkpoint: Checkpoint(tensors: tensors, metadata: [:]))
      else { throw NetworkError(subject: "", cause: .sizes) }
      // What a file says of itself must agree.
      #expect(try network(tensors, ["arssr.arch": architecture.rawValue]) == found)
    }
    #expect(try network(guided).images == 2)
    #expect(try network(three).edgePadding == 6)
    #expect(try network(shuffle).fixedFactor == 3)
    #expect(try network(chain).reach == 4)
  }

  private var densenet: [Tensor] {
    var tensors = layer("conv0", 1, 8, 3)
    for unit in 1...2 {
      let channels = 4 + 4 * unit
      for part in ["weight", "bias", "running_mean", "running_var"] {
        tensors.append(tensor("unit\(unit).bn.\(part)", [channels]))
      }
      tensors += layer("unit\(unit).conv", channels, 4, 3)
    }
    return tensors + layer("recon", 16, 1, 1)
  }

  private var residual: [Tensor] {
    layer("conv_start.0", 1, 4, 3) + layer("block1.0", 4, 4, 3) + layer("block1.2", 4, 4, 3)
      + layer("block2.0", 4, 4, 3) + layer("block2.2", 4, 4, 3) + layer("conv_end.0", 4, 1, 3)
  }

  @Test func whatIsWrittenIsRecognisedAsTheSame() throws {
    for tensors in [chain, densenet, residual] {
      for axes in KernelAxes.allCases {
        let found = try network(tensors, ["arssr.axes": axes.rawValue])
        #expect(found.tensors == tensors)
        #expect(try network(found.tensors, found.metadata) == found)
      }
    }
    let stated = ["arssr.arch": "dcsrn", "arssr.bn_eps": "0.001", "arssr.residual": "true"]
    var found = try network(densenet, stated)
    #expect(found.isResidual)
    guard case .dcsrn(let layers) = found.layers else { return }
    #expect(layers.units[1].normalisation.epsilon == 0.001)
    found.normalisation = "minmax"
    #expect(try network(found.tensors, found.metadata) == found)
  }

  @Test func kernelsTurnWithTheAxesOfTheFile() throws {
    let same = try network(chain, ["arssr.axes": "zyx"]).convolutions[1]
    let turned = try network(chain, ["arssr.axes": "xyz"]).convolutions[1]
    #expect(same.weight == chain[2].values)
    for pair in 0..<30 {
      for tap in 0..<27 {
        let (a, b, c) = (tap / 9, tap / 3 % 3, tap % 3)
        #expect(turned.weight[pair * 27 + c * 9 + b * 3 + a] == same.weight[pair * 27 + tap])
      }
    }
  }

  @Test func aPixelShuffleTurnsItsChannelsToo() throws {
    let tensors = layer("conv1", 1, 2, 3) + layer("conv2", 2, 2, 1) + layer("conv3", 2, 8, 3)
    let metadata = ["arssr.arch": "espcn3d"]
    let same = try network(tensors, metadata.merging(["arssr.axes": "zyx"]) { $1 })
    let turned = try network(tensors, metadata.merging(["arssr.axes": "xyz"]) { $1 })
    // Channel (a, b, c) of the file makes the voxel (c, b, a) of arrays in the other order.
    #expect(same.convolutions[2].bias == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(turned.convolutions[2].bias == [0, 4, 2, 6, 1, 5, 3, 7])
    #expect(turned.tensors == tensors)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    var gap = chain
    gap.removeAll { $0.name.hasPrefix("conv2") }
    guard case .tensors(let missing)? = fault(gap) else {
      throw NetworkError(subject: "", cause: .sizes)
    }
    #expect(missing.missing == ["conv2.weight", "conv2.bias"])
    guard case .tensors? = fault(chain + layer("other", 1, 1, 3)) else {
      throw NetworkError(subject: "", cause: .sizes)
    }
    guard case .tensors? = fault(layer("conv1", 1, 6, 3) + layer("conv2", 5, 1, 3)) else {
      throw NetworkError(subject: "", cause: .sizes)
    }
    #expect(
      fault(chain.dropLast(2) + layer("conv4", 4, 1, 5))
        == .kernels([3, 3, 3, 5], needed: nil, architecture: "srrecnn3d"))
    // The layers of SRCNN3D with one channel out would be a pixel shuffle by 1.
    let valid = layer("conv1", 1, 8, 9) + layer("conv2", 8, 4, 1) + layer("conv3", 4, 1, 5)
    #expect(
      fault(valid, ["arssr.arch": "espcn3d"])
        == .kernels([9, 1, 5], needed: [3, 1, 3], architecture: "espcn3d"))
    #expect(
      fault(layer("conv1", 1, 8, 3) + layer("conv2", 8, 4, 1) + layer("conv3", 4, 9, 3))
        == .noCube(outputs: 9))
    var variance = densenet
    let place = try #require(variance.firstIndex { $0.name == "unit1.bn.running_var" })
    variance[place].values[3] = -1
    #expect(fault(variance) == .negativeVariance("unit1.bn.running_var"))
    #expect(fault(chain, ["arssr.arch": "srcnn3d"]) != nil)
    #expect(fault(chain, ["arssr.arch": "arssr"]) == .otherArchitecture("arssr"))
    #expect(fault(chain, ["arssr.axes": "yxz"]) != nil)
    #expect(fault(chain, ["arssr.arch": "srrecnn3d", "arssr.residual": "bspline3"]) != nil)
    #expect(fault([tensor("x", [1])]) == .notRecognised(examples: ["x"], count: 1))
  }

  @Test func sizesBeyondReasonAreRefusedWithoutOverflow() {
    for name in ["conv1", "conv0", "conv_start.0"] {
      let empty = Tensor(
        name: name + ".weight", shape: [Int.max, 0, 3, 3, 3], values: [])
      #expect(fault([empty]) == .sizes)
    }
    let wide = Tensor(name: "conv1.weight", shape: [1, 1, 0x7FFF_FFFF, 1, 1], values: [])
    #expect(fault([wide]) == .sizes)
  }
}
