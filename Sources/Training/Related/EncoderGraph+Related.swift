import Networks

extension EncoderGraph {
  /// The convolutions of a related network; what is added to their result is not part of it.
  ///
  /// Kernels are 1 or 3 with zero padding, so SRCNN3D is not among them.
  init(_ network: RelatedNetwork) {
    self.init(inputs: network.images, network.layerShapes)
    switch network.layers {
    case .srrecnn3d, .espcn3d, .srcnn3d: appendChain(network.convolutions.count)
    case .resCNN(let network):
      appendBlocks(network.blocks.count, layersPerBlock: network.blocks[0].count)
    case .dcsrn(let network): appendDense(network.units.count)
    }
  }

  private mutating func appendChain(_ count: Int) {
    var current = 0
    for layer in 0..<count { current = convolve([current], isRectified: layer < count - 1) }
  }

  /// See `ResCNN`; the image is added by whoever compares the result.
  private mutating func appendBlocks(_ count: Int, layersPerBlock: Int) {
    var current = convolve([0], isRectified: true)
    for _ in 0..<count {
      var inner = current
      for _ in 0..<layersPerBlock { inner = convolve([inner], isRectified: true) }
      current = sum(current, inner)
    }
    _ = convolve([current])
  }

  /// See `DCSRN`.
  private mutating func appendDense(_ units: Int) {
    var dense = [convolve([0])]
    for _ in 0..<units { dense.append(convolve([normalise(dense)])) }
    _ = convolve(dense)
  }
}
