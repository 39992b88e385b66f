import Networks
import RandomNumbers
import Training

/// The shapes of a training step.
enum Preset {
  /// RDN of the published size, 15 patches of 10 x 10 x 10, 8000 single points each.
  case paper
  /// The network of `interim`, 2 patches of 16 x 16 x 16, a grid of 20 x 20 x 20 points each.
  case fast

  var configuration: ArSSRConfiguration {
    switch self {
    case .paper: .published(.rdn)
    case .fast:
      ArSSRConfiguration(
        encoder: .srResNet, width: 16, growth: 16, blocks: 8, layersPerBlock: 2,
        featureChannels: 28, decoderDepth: 3, decoderWidth: 64, extraInputs: 4)
    }
  }

  var variants: ArSSRVariants {
    switch self {
    case .paper: ArSSRVariants()
    case .fast:
      ArSSRVariants(
        finalReLU: false, residual: .bspline3, padding: .border, coordinates: .relative,
        condition: .psf(default: 0))
    }
  }

  var outputFactor: Float { self == .paper ? 1 : 0.05 }

  func batch(_ generator: inout SplitMix64) -> TrainingBatch {
    let (side, count) = self == .paper ? (10, 15) : (16, 2)
    let samples = (0..<count).map { _ in
      TrainingBatch.Sample(
        patch: (0..<side * side * side).map { _ in generator.nextSigned() },
        points: points(&generator), targets: (0..<8000).map { _ in generator.nextSigned() },
        base: [Float](repeating: 0.5, count: 8000))
    }
    return TrainingBatch(size: SIMD3(side, side, side), samples: samples)
  }

  private func points(_ generator: inout SplitMix64) -> QueryPoints {
    switch self {
    case .paper:
      return .scattered(
        (0..<8000).map { _ in
          let values = (0..<3).map { _ in 4.5 + 5 * Double(generator.nextSigned()) }
          return SIMD3(values[0], values[1], values[2])
        })
    case .fast:
      let axes = (0..<3).map { _ in
        (0..<20).map { _ in 7.5 + 6 * Double(generator.nextSigned()) }.sorted()
      }
      return .grid(i: axes[0], j: axes[1], k: axes[2])
    }
  }

  /// Operations of forward and backward by the definition: three times those of the forward pass.
  static func operations(_ configuration: ArSSRConfiguration, _ batch: TrainingBatch) -> Int {
    let layers = configuration.layers
    let (encoder, decoder) = (
      layers.filter { $0.weight.count == 5 }, layers.filter { $0.weight.count == 2 }
    )
    func products(_ layers: [LayerShape]) -> Int {
      layers.reduce(0) { $0 + $1.weight.reduce(1, *) }
    }
    let voxels = batch.samples.count * batch.size.x * batch.size.y * batch.size.z
    return 6 * (voxels * products(encoder) + batch.pointCount * products(decoder))
  }
}
