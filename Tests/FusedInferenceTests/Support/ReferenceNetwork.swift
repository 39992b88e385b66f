import Networks

/// An ArSSR network evaluated straight from its definition, in double precision and without any
/// fusing: one feature vector per query point, one decoder call per point.
///
/// It shares no code with the engine; stages and points of the goldens hold it to the published
/// implementation.
struct ReferenceNetwork {
  /// Values `[channel][k][j][i]` on the grid of the input.
  struct Map {
    var size: SIMD3<Int>
    var channels: [[UncertainValue]]

    static func + (left: Map, right: Map) -> Map {
      var sum = left
      for channel in sum.channels.indices {
        // One channel is added to all.
        let other = right.channels[right.channels.count == 1 ? 0 : channel]
        for index in other.indices { sum.channels[channel][index].add(1, other[index]) }
      }
      return sum
    }

    func joined(_ other: Map) -> Map { Map(size: size, channels: channels + other.channels) }

    var rectified: Map { Map(size: size, channels: channels.map { $0.map(\.rectified) }) }
  }

  let network: ArSSRNetwork

  /// The feature map, and every named stage on the way (names of golden/arssr/stages).
  func encode(_ image: Map) -> (features: Map, stages: [String: Map]) {
    var stages: [String: Map] = [:]
    var features: Map
    switch network.encoder {
    case .rdn(let rdn):
      let shallow = convolve(image, rdn.shallow1)
      var current = convolve(shallow, rdn.shallow2)
      stages["sfe1"] = shallow
      stages["sfe2"] = current
      var kept: Map?
      for (index, block) in rdn.blocks.enumerated() {
        var dense = current
        for layer in block.layers { dense = dense.joined(convolve(dense, layer).rectified) }
        current = current + convolve(dense, block.fusion)
        stages["rdb\(index)"] = current
        kept = kept?.joined(current) ?? current
      }
      let global = convolve(kept ?? current, rdn.globalFusion1)
      let fused = convolve(global, rdn.globalFusion2) + shallow
      stages["gff"] = fused
      features = convolve(fused, rdn.output)
    case .resCNN(let resCNN):
      var current = convolve(image, resCNN.start).rectified
      stages["conv_start"] = current
      for (index, block) in resCNN.blocks.enumerated() {
        var inner = current
        for layer in block { inner = convolve(inner, layer).rectified }
        current = current + inner
        stages["block\(index + 1)"] = current
      }
      features = convolve(current, resCNN.end) + image
    case .srResNet(let srResNet):
      var current = convolve(image, srResNet.start)
      stages["features.0"] = current
      for (index, block) in srResNet.blocks.enumerated() {
        current = current + convolve(convolve(current, block.first).rectified, block.second)
        stages["features.\(index + 1)"] = current
      }
      current = convolve(current, srResNet.middle)
      stages["features.\(srResNet.blocks.count + 1)"] = current
      features = convolve(current, srResNet.end)
    }
    stages["features"] = features
    return (features, stages)
  }

  /// Cross-correlation, stride 1, zero padding of half the kernel.
  private func convolve(_ map: Map, _ layer: Convolution) -> Map {
    let size = map.size
    let reach = layer.kernel / 2
    var result = Map(size: size, channels: [])
    for output in 0..<layer.outputs {
      var values: [UncertainValue] = []
      for k in 0..<size.z {
        for j in 0..<size.y {
          for i in 0..<size.x {
            var sum = UncertainValue(layer.bias[output])
            var tap = output * layer.inputs * layer.kernel * layer.kernel * layer.kernel
            for input in 0..<layer.inputs {
              for dk in -reach...reach {
                for dj in -reach...reach {
                  for di in -reach...reach {
                    let (x, y, z) = (i + di, j + dj, k + dk)
                    if x >= 0, x < size.x, y >= 0, y < size.y, z >= 0, z < size.z {
                      sum.add(
                        Double(layer.weight[tap]),
                        map.channels[input][(z * size.y + y) * size.x + x])
                    }
                    tap += 1
                  }
                }
              }
            }
            values.append(sum)
          }
        }
      }
      result.channels.append(values)
    }
    return result
  }

  /// The decoder's input at LR position `u` (i, j, k): sampled features, coordinates, condition.
  func decoderInput(_ features: Map, at u: SIMD3<Double>, condition: Double) -> [UncertainValue] {
    var result = features.channels.map { sample($0, size: features.size, at: u) }
    for axis in [2, 1, 0] {
      let size = Double(features.size[axis])
      var coordinate =
        network.variants.coordinates == .absolute
        ? UncertainValue(value: (2 * u[axis] + 1) / size - 1, variance: 0)
        : UncertainValue(
          value: u[axis] - (u[axis] + 0.5 + 1e-6).rounded(.down), variance: 0)
      coordinate.round()
      result.append(coordinate)
    }
    if network.variants.condition != .none {
      result.append(UncertainValue(value: condition, variance: 0))
    }
    return result
  }

  /// Trilinear interpolation by eight taps.
  private func sample(
    _ values: [UncertainValue], size: SIMD3<Int>, at u: SIMD3<Double>
  ) -> UncertainValue {
    var place = u
    if network.variants.padding == .border {
      for axis in 0..<3 { place[axis] = min(max(place[axis], 0), Double(size[axis] - 1)) }
    }
    let base = SIMD3<Double>(
      place.x.rounded(.down), place.y.rounded(.down), place.z.rounded(.down))
    var sum = UncertainValue.zero
    for corner in 0..<8 {
      var weight = 1.0
      var voxel = SIMD3<Int>()
      for axis in 0..<3 {
        let isUpper = corner >> axis & 1 == 1
        let fraction = place[axis] - base[axis]
        weight *= isUpper ? fraction : 1 - fraction
        voxel[axis] = Int(base[axis]) + (isUpper ? 1 : 0)
      }
      let isInside = (0..<3).allSatisfy { voxel[$0] >= 0 && voxel[$0] < size[$0] }
      guard isInside, weight != 0 else { continue }
      sum.add(weight, values[(voxel.z * size.y + voxel.y) * size.x + voxel.x])
      sum.round()
    }
    return sum
  }

  /// The decoder's result, and every stage on the way (names of golden/arssr/points).
  func decode(
    _ input: [UncertainValue]
  ) -> (output: UncertainValue, stages: [String: [UncertainValue]]) {
    var stages: [String: [UncertainValue]] = ["decoder_input": input]
    var values = input
    for (index, layer) in network.decoder.stageOne.enumerated() {
      values = apply(layer, to: values).map(\.rectified)
      stages["stage_one.\(2 * index)+relu"] = values
    }
    for index in values.indices { values[index].add(1, input[index]) }
    stages["stage_two_input"] = values
    for (index, layer) in network.decoder.stageTwo.enumerated() {
      let isLast = index == network.decoder.stageTwo.count - 1
      values = apply(layer, to: values)
      stages["stage_two.\(2 * index)"] = values
      if !isLast || network.variants.finalReLU { values = values.map(\.rectified) }
    }
    stages["output"] = values
    return (values[0], stages)
  }

  private func apply(_ layer: Linear, to values: [UncertainValue]) -> [UncertainValue] {
    (0..<layer.outputs).map { output in
      var sum = UncertainValue(layer.bias[output])
      for input in 0..<layer.inputs {
        sum.add(Double(layer.weight[output * layer.inputs + input]), values[input])
      }
      return sum
    }
  }
}

extension ReferenceNetwork.Map {
  /// A volume as a map of one channel.
  init(_ input: GoldenInput) {
    self.init(size: input.size, channels: [input.voxels.map(UncertainValue.init)])
  }
}
