import Checkpoints
import Networks
import TestSupport

@testable import Training

/// The loss of a network by plain loops in double precision, from the specification's formulas:
/// shares nothing with the code under test but the names of tensors.
struct ReferenceNetwork {
  let configuration: ArSSRConfiguration
  let variants: ArSSRVariants
  let loss: Loss
  let outputFactor: Double
  /// By name, in the order of the file.
  var tensors: [String: [Double]]

  /// Numbers at the voxels of one patch, `[channel][k][j][i]`.
  private typealias Map = [[Double]]

  /// Mean loss over all points.
  func loss(of batch: TrainingBatch) -> Double {
    var sum = 0.0
    for sample in batch.samples {
      let features = encode([sample.patch.map(Double.init)], batch.size)
      let points = positions(sample.points)
      for (index, position) in points.enumerated() {
        var input = sampled(features, position, batch.size)
        for axis in [2, 1, 0] { input.append(coordinate(position[axis], batch.size[axis])) }
        if variants.condition != .none { input.append(Double(sample.psf)) }
        let base = sample.base.isEmpty ? 0 : Double(sample.base[index])
        let target = (Double(sample.targets[index]) - base) / outputFactor
        let difference = decode(input) - target
        sum += loss == .l1 ? abs(difference) : difference * difference
      }
    }
    return sum / Double(batch.pointCount)
  }

  private func encode(_ patch: Map, _ size: SIMD3<Int>) -> Map {
    func convolve(_ name: String, _ map: Map, relu: Bool = false) -> Map {
      convolution("encoder.\(name)", map, size, relu: relu)
    }
    let blocks = configuration.blocks
    switch configuration.encoder {
    case .rdn:
      let shallow = convolve("sfe1", patch)
      var current = convolve("sfe2", shallow)
      var results: Map = []
      for block in 0..<blocks {
        var dense = current
        for layer in 0..<configuration.layersPerBlock {
          dense += convolve("rdbs.\(block).layers.\(layer).conv", dense, relu: true)
        }
        current = added(current, convolve("rdbs.\(block).lff", dense))
        results += current
      }
      return convolve("output", added(convolve("gff.1", convolve("gff.0", results)), shallow))
    case .resCNN:
      var current = convolve("conv_start.0", patch, relu: true)
      for block in 1...blocks {
        var inner = current
        for layer in 0..<configuration.layersPerBlock {
          inner = convolve("block\(block).\(2 * layer)", inner, relu: true)
        }
        current = added(current, inner)
      }
      let end = convolve("conv_end.0", current)
      return added(end, Map(repeating: patch[0], count: end.count))
    case .srResNet:
      var current = convolve("features.0.0", patch)
      for block in 1...blocks {
        let inner = convolve("features.\(block).m.0.0", current, relu: true)
        current = added(current, convolve("features.\(block).m.1.0", inner))
      }
      return convolve(
        "features.\(blocks + 2).0", convolve("features.\(blocks + 1).0", current))
    }
  }

  private func added(_ first: Map, _ second: Map) -> Map {
    zip(first, second).map { zip($0, $1).map(+) }
  }

  private func convolution(
    _ name: String, _ map: Map, _ size: SIMD3<Int>, relu: Bool
  ) -> Map {
    guard let weight = tensors[name + ".weight"], let bias = tensors[name + ".bias"] else {
      preconditionFailure(name)
    }
    let extent = weight.count == bias.count * map.count ? 1 : 3
    let half = extent / 2
    return bias.indices.map { output in
      var result = [Double](repeating: bias[output], count: size.x * size.y * size.z)
      for input in map.indices {
        for tap in 0..<extent * extent * extent {
          let factor = weight[(output * map.count + input) * extent * extent * extent + tap]
          let shift = SIMD3(
            tap % extent - half, tap / extent % extent - half, tap / (extent * extent) - half)
          for k in max(0, -shift.z)..<size.z - max(0, shift.z) {
            for j in max(0, -shift.y)..<size.y - max(0, shift.y) {
              for i in max(0, -shift.x)..<size.x - max(0, shift.x) {
                let source = ((k + shift.z) * size.y + j + shift.y) * size.x + i + shift.x
                result[(k * size.y + j) * size.x + i] += factor * map[input][source]
              }
            }
          }
        }
      }
      return relu ? result.map { max($0, 0) } : result
    }
  }

  private func positions(_ points: QueryPoints) -> [SIMD3<Double>] {
    switch points {
    case .scattered(let positions): positions
    case .grid(let i, let j, let k):
      k.flatMap { k in j.flatMap { j in i.map { i in SIMD3(i, j, k) } } }
    }
  }

  private func sampled(
    _ features: Map, _ position: SIMD3<Double>, _ size: SIMD3<Int>
  ) -> [Double] {
    var place = position
    if variants.padding == .border {
      for axis in 0..<3 { place[axis] = min(max(place[axis], 0), Double(size[axis] - 1)) }
    }
    let lower = SIMD3<Int>(place.rounded(.down))
    var sums = [Double](repeating: 0, count: features.count)
    for corner in 0..<8 {
      let upper = SIMD3(corner & 1, corner >> 1 & 1, corner >> 2)
      let voxel = lower &+ upper
      guard (0..<3).allSatisfy({ voxel[$0] >= 0 && voxel[$0] < size[$0] }) else { continue }
      var weight = 1.0
      for axis in 0..<3 {
        let fraction = place[axis] - Double(lower[axis])
        weight *= upper[axis] == 1 ? fraction : 1 - fraction
      }
      let index = (voxel.z * size.y + voxel.y) * size.x + voxel.x
      for channel in features.indices { sums[channel] += weight * features[channel][index] }
    }
    return sums
  }

  private func coordinate(_ position: Double, _ size: Int) -> Double {
    switch variants.coordinates {
    case .absolute: (2 * position + 1) / Double(size) - 1
    case .relative: position - (position + 0.5 + 1e-6).rounded(.down)
    }
  }

  private func decode(_ input: [Double]) -> Double {
    let skip = zip(input, stage("stage_one", input, lastReLU: true)).map(+)
    return stage("stage_two", skip, lastReLU: variants.finalReLU)[0]
  }

  private func stage(_ name: String, _ input: [Double], lastReLU: Bool) -> [Double] {
    var values = input
    for layer in 0..<configuration.decoderDepth {
      guard let weight = tensors["decoder.\(name).\(2 * layer).weight"],
        let bias = tensors["decoder.\(name).\(2 * layer).bias"]
      else { preconditionFailure(name) }
      let isRectified = layer < configuration.decoderDepth - 1 || lastReLU
      values = bias.indices.map { output in
        var sum = bias[output]
        for index in values.indices { sum += weight[output * values.count + index] * values[index] }
        return isRectified ? max(sum, 0) : sum
      }
    }
    return values
  }
}
