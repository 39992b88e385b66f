import Checkpoints
import Networks
import TestSupport
import Testing

@testable import Training

/// A small network with a random batch, described by its form.
struct TrainingProblem: CustomTestStringConvertible, Sendable {
  var name: String
  var configuration: ArSSRConfiguration
  var variants = ArSSRVariants()
  var loss = Loss.l2
  var outputFactor: Float = 1
  var size = SIMD3(5, 4, 3)
  var usesGrid = true
  var samples = 2

  var testDescription: String { name }

  /// Weights of about the size that keeps values alive, by an integer hash.
  var tensors: [Tensor] {
    configuration.layers.flatMap { layer in
      let inputs = Float(layer.weight.dropFirst().reduce(1, *))
      return zip(layer.tensors, [(3 / inputs).squareRoot(), 0.1]).map { tensor, bound in
        Tensor(
          name: tensor.name, shape: tensor.shape,
          values: values(tensor.name, tensor.shape.reduce(1, *), bound: Float(bound)))
      }
    }
  }

  func values(_ what: String, _ count: Int, bound: Float, offset: Float = 0) -> [Float] {
    WeightFormula.values(
      seed: WeightFormula.seed(tag: name, name: what), count: count, bound: bound, offset: offset)
  }

  var batch: TrainingBatch {
    TrainingBatch(
      size: size,
      samples: (0..<samples).map { sample in
        func positions(_ what: String, _ count: Int, _ axis: Int) -> [Double] {
          let half = Float(size[axis]) / 2
          return values("\(what)\(sample)\(axis)", count, bound: half, offset: half - 0.5)
            .map(Double.init)
        }
        let points: QueryPoints =
          usesGrid
          ? .grid(i: positions("p", 4, 0), j: positions("p", 3, 1), k: positions("p", 5, 2))
          : .scattered(
            zip(positions("p", 60, 0), zip(positions("p", 60, 1), positions("p", 60, 2))).map {
              SIMD3($0, $1.0, $1.1)
            })
        return TrainingBatch.Sample(
          patch: values("patch\(sample)", size.x * size.y * size.z, bound: 0.5, offset: 0.5),
          points: points, targets: values("target\(sample)", 60, bound: 0.5, offset: 0.5),
          base: variants.residual == .none
            ? [] : values("base\(sample)", 60, bound: 0.5, offset: 0.5),
          psf: Float(sample))
      })
  }

  private static func form(
    _ encoder: EncoderKind, width: Int, growth: Int? = nil, blocks: Int = 2, layers: Int = 2,
    features: Int, depth: Int = 3, decoderWidth: Int, extraInputs: Int = 3
  ) -> ArSSRConfiguration {
    ArSSRConfiguration(
      encoder: encoder, width: width, growth: growth ?? width, blocks: blocks,
      layersPerBlock: layers, featureChannels: features, decoderDepth: depth,
      decoderWidth: decoderWidth, extraInputs: extraInputs)
  }

  /// Every encoder, kind of layer, variant and way of sampling, with widths that fill vectors and
  /// widths that do not.
  static let all: [TrainingProblem] = [
    TrainingProblem(
      name: "RDN, growth of its own",
      configuration: form(.rdn, width: 16, growth: 12, features: 20, decoderWidth: 24)),
    TrainingProblem(
      name: "RDN, scattered points",
      configuration: form(.rdn, width: 6, blocks: 1, features: 10, decoderWidth: 20),
      usesGrid: false),
    TrainingProblem(
      name: "ResCNN, L1",
      configuration: form(.resCNN, width: 7, layers: 3, features: 9, decoderWidth: 16),
      loss: .l1),
    TrainingProblem(
      name: "SRResNet of the fast preset, narrow",
      configuration: form(
        .srResNet, width: 16, features: 12, decoderWidth: 32, extraInputs: 4),
      variants: ArSSRVariants(
        finalReLU: false, residual: .bspline3, padding: .border, coordinates: .relative,
        condition: .psf(default: 0)), outputFactor: 0.05),
    TrainingProblem(
      name: "SRResNet, border, scattered, shallow decoder",
      configuration: form(
        .srResNet, width: 9, blocks: 1, features: 16, depth: 2, decoderWidth: 40),
      variants: ArSSRVariants(finalReLU: false, padding: .border), usesGrid: false),
    TrainingProblem(
      name: "RDN on whole Winograd tiles",
      configuration: form(.rdn, width: 20, blocks: 1, layers: 1, features: 17, decoderWidth: 18),
      size: SIMD3(8, 4, 4)),
  ]
}
