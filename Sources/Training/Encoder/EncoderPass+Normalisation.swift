import Glibc

extension EncoderPass {
  /// The operands of a normalisation with their first channels.
  private func operands(of node: EncoderGraph.Node) -> [(map: FeatureMap, first: Int)] {
    var first = 0
    return node.inputs.map { value in
      defer { first += graph.channels[value] }
      return (values[value], first)
    }
  }

  private var planeCount: Int { shape.samples * shape.size.z }

  /// Numbers that a mean is taken over.
  private var voxelCount: Int { planeCount * shape.size.y * shape.size.x }

  /// Calls the body with every row of a plane.
  private func forEachRow(_ body: (_ j: Int) -> Void) {
    for j in 0..<shape.size.y { body(j) }
  }

  /// Makes the value of a normalisation and the ELU behind it.
  func normalise(_ node: EncoderGraph.Node, _ index: Int, _ parameters: UnsafePointer<Float>) {
    let moments = moments[index]
    let inputs = operands(of: node)
    let count = Double(voxelCount)
    // In two passes: a sum of squares alone would lose what is small beside the mean.
    sumOverPlanes(moments, inputs)
    let mean = moments.total(planes: planeCount).first.map { $0 / count }
    moments.mean = mean.map { Float($0) }
    sumOverPlanes(moments, inputs, squaresAbout: mean)
    let variance = moments.total(planes: planeCount).first.map { $0 / count }
    let epsilon = statistics?.epsilon ?? 0
    moments.inverse = variance.map { Float(1 / ($0 + epsilon).squareRoot()) }
    statistics?.take(index, mean: mean, variance: variance, count: voxelCount)
    let place = normalisations[index]
    let scale = (0..<moments.channels).map { parameters[place.weight + $0] * moments.inverse[$0] }
    let shift = (0..<moments.channels).map {
      parameters[place.bias + $0] - moments.mean[$0] * scale[$0]
    }
    let output = values[node.output]
    forEachPlane { [self] sample, k, _ in
      forEachRow { j in
        let target = output.row(sample: sample, k: k, j: j)
        for (map, first) in inputs {
          let source = map.row(sample: sample, k: k, j: j)
          for i in 0..<shape.size.x {
            for channel in 0..<map.channels {
              let z =
                source[i * map.stride + channel] * scale[first + channel] + shift[first + channel]
              target[i * output.stride + first + channel] = z > 0 ? z : expm1f(z)
            }
          }
        }
      }
    }
  }

  /// From the gradient of a normalisation's value to that of what entered its ELU, in place, and to
  /// those of its parameters.
  func differentiate(
    _ node: EncoderGraph.Node, _ index: Int, _ gradient: UnsafeMutablePointer<Float>
  ) {
    let moments = moments[index]
    let inputs = operands(of: node)
    let (output, slopes) = (values[node.output], gradients[node.output])
    forEachPlane { [self] sample, k, _ in
      let sums = moments.sums(plane: sample * shape.size.z + k)
      sums.update(repeating: 0, count: 2 * moments.channels)
      forEachRow { j in
        let made = output.row(sample: sample, k: k, j: j)
        let slope = slopes.row(sample: sample, k: k, j: j)
        for (map, first) in inputs {
          let source = map.row(sample: sample, k: k, j: j)
          for i in 0..<shape.size.x {
            for channel in 0..<map.channels {
              let place = i * output.stride + first + channel
              // exp(z) is one more than the ELU there.
              let passed = slope[place] * (made[place] > 0 ? 1 : made[place] + 1)
              slope[place] = passed
              let normal =
                (source[i * map.stride + channel] - moments.mean[first + channel])
                * moments.inverse[first + channel]
              sums[first + channel] += Double(passed)
              sums[moments.channels + first + channel] += Double(passed) * Double(normal)
            }
          }
        }
      }
    }
    let (slopeSum, productSum) = moments.total(planes: planeCount)
    moments.slopeSum = slopeSum.map { Float($0) }
    moments.productSum = productSum.map { Float($0) }
    let place = normalisations[index]
    for channel in 0..<moments.channels {
      gradient[place.bias + channel] = moments.slopeSum[channel]
      gradient[place.weight + channel] = moments.productSum[channel]
    }
  }

  /// Adds to the gradient of a value what comes back through the normalisations that read it.
  func addNormalised(
    _ value: Int, _ readers: [GradientSources.Reader], _ parameters: UnsafePointer<Float>
  ) {
    let target = gradients[value]
    let source = values[value]
    let share = 1 / Float(voxelCount)
    for reader in readers {
      let moments = moments[reader.layer]
      let first = reader.firstChannel
      let weight = parameters + normalisations[reader.layer].weight + first
      let slopes = gradients[reader.output]
      forEachPlane { [self] sample, k, _ in
        forEachRow { j in
          let row = target.row(sample: sample, k: k, j: j)
          let read = source.row(sample: sample, k: k, j: j)
          let slope = slopes.row(sample: sample, k: k, j: j)
          for i in 0..<shape.size.x {
            for channel in 0..<source.channels {
              let inverse = moments.inverse[first + channel]
              let normal =
                (read[i * source.stride + channel] - moments.mean[first + channel]) * inverse
              let mean =
                (moments.slopeSum[first + channel]
                  + normal * moments.productSum[first + channel]) * share
              row[i * target.stride + channel] +=
                weight[channel] * inverse * (slope[i * slopes.stride + first + channel] - mean)
            }
          }
        }
      }
    }
  }

  /// Sums per channel and plane: of the values, or of their squared differences from a mean.
  private func sumOverPlanes(
    _ moments: BatchMoments, _ inputs: [(map: FeatureMap, first: Int)],
    squaresAbout mean: [Double]? = nil
  ) {
    forEachPlane { [self] sample, k, _ in
      let sums = moments.sums(plane: sample * shape.size.z + k)
      sums.update(repeating: 0, count: 2 * moments.channels)
      forEachRow { j in
        for (map, first) in inputs {
          let row = map.row(sample: sample, k: k, j: j)
          for i in 0..<shape.size.x {
            for channel in 0..<map.channels {
              let value = Double(row[i * map.stride + channel])
              if let mean {
                let difference = value - mean[first + channel]
                sums[first + channel] += difference * difference
              } else {
                sums[first + channel] += value
              }
            }
          }
        }
      }
    }
  }
}
