extension RelatedNetwork {
  /// The network with those weights changed that make its result an interpolation of its input, so that
  /// a training begins there and need not find it first.
  ///
  /// Where the image is added to the result, the last layer becomes zero. Else one channel of every
  /// layer hands the image on, and the last layer reads that channel alone: SRCNN3D and DCSRN give the
  /// spline that they get, exactly where no voxel is negative. 3D-ESPCN has channels that hand on
  /// the image and its next neighbours, of which the last layer makes Keys' cubic interpolation (1981,
  /// four voxels along each axis; zeros lie around the volume). All other weights stay.
  ///
  /// - Returns: The network; itself where it is 3D-ESPCN with less than 8 channels.
  public func startingAsInterpolation() -> RelatedNetwork {
    var network = self
    switch layers {
    case .srrecnn3d(var chain):
      if chain.isResidual {
        chain.convolutions[chain.convolutions.count - 1].clear()
      } else {
        Self.handOn(&chain.convolutions)
      }
      network.layers = .srrecnn3d(chain)
    case .resCNN(var blocks):
      blocks.end.clear()
      network.layers = .resCNN(blocks)
    case .dcsrn(var dense):
      dense.reconstruction.clear()
      if !dense.isResidual {
        dense.first.handOn(0, to: 0)
        dense.reconstruction.connect(0, to: 0)
      }
      network.layers = .dcsrn(dense)
    case .srcnn3d(let chain):
      var convolutions = chain.convolutions
      Self.handOn(&convolutions)
      network.layers = .srcnn3d(
        SRCNN3D(first: convolutions[0], second: convolutions[1], third: convolutions[2]))
    case .espcn3d(var shuffle):
      guard shuffle.first.outputs >= 8 else { return self }
      shuffle.interpolate()
      network.layers = .espcn3d(shuffle)
    }
    return network
  }

  private static func handOn(_ convolutions: inout [Convolution]) {
    for index in convolutions.indices.dropLast() { convolutions[index].handOn(0, to: 0) }
    convolutions[convolutions.count - 1].clear()
    convolutions[convolutions.count - 1].connect(0, to: 0)
  }
}

extension Convolution {
  fileprivate mutating func clear() {
    weight = [Float](repeating: 0, count: weight.count)
    bias = [Float](repeating: 0, count: bias.count)
  }

  /// Makes an output a copy of an input, shifted by whole voxels (k, j, i).
  fileprivate mutating func handOn(_ input: Int, to output: Int, from shift: SIMD3<Int> = .zero) {
    let count = inputs * kernel * kernel * kernel
    weight.replaceSubrange(
      output * count..<(output + 1) * count, with: repeatElement(0, count: count))
    bias[output] = 0
    connect(input, to: output, from: shift)
  }

  /// Sets what an output gets from an input some voxels (k, j, i) away.
  fileprivate mutating func connect(
    _ input: Int, to output: Int, from shift: SIMD3<Int> = .zero, _ value: Float = 1
  ) {
    let tap = shift &+ reach
    let place = ((output * inputs + input) * kernel + tap.x) * kernel + tap.y
    weight[place * kernel + tap.z] = value
  }
}

extension ESPCN3D {
  /// Makes channels 0 to 7 of the inner layers the image and its neighbours above along each axis, and
  /// the last layer a cubic interpolation of these.
  fileprivate mutating func interpolate() {
    for channel in 0..<8 {
      first.handOn(0, to: channel, from: SIMD3(channel >> 2 & 1, channel >> 1 & 1, channel & 1))
      second.handOn(channel, to: channel)
    }
    third.clear()
    for output in 0..<third.outputs {
      let phases = [output / (factor * factor), output / factor % factor, output % factor]
      let taps = phases.map { Self.cubic(Float($0) / Float(factor)) }
      for k in 0..<4 {
        for j in 0..<4 {
          for i in 0..<4 {
            // Voxels -1 to 1 from the image itself, voxel 2 from its neighbour, read at 1.
            let isLast = (k == 3, j == 3, i == 3)
            let channel = (isLast.0 ? 4 : 0) + (isLast.1 ? 2 : 0) + (isLast.2 ? 1 : 0)
            third.connect(
              channel, to: output, from: SIMD3(min(k, 2), min(j, 2), min(i, 2)) &- 1,
              taps[0][k] * taps[1][j] * taps[2][i])
          }
        }
      }
    }
  }

  /// What voxels -1 to 2 contribute to a place between voxels 0 and 1.
  private static func cubic(_ t: Float) -> [Float] {
    [
      ((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1,
      ((-1.5 * t + 2) * t + 0.5) * t, (0.5 * t - 0.5) * t * t,
    ]
  }
}
