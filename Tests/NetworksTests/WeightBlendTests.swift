import Checkpoints
import TestSupport
import Testing

@testable import Networks

/// Weights that depend on what is known of the input.
@Suite struct WeightBlendTests {
  private static let rule = WeightBlend(spacings: [2, 4], blurs: [0, 1])

  @Test(arguments: [
    // Voxel edges and blur; shares of (2, 0), (2, 1), (4, 0), (4, 1) and of unlike edges.
    (SIMD3<Double>(2, 2, 2), 0.0, [Float(1), 0, 0, 0, 0]),
    (SIMD3(4, 4, 4), 1, [0, 0, 0, 1, 0]),
    (SIMD3(0.5, 0.5, 0.5), 0, [1, 0, 0, 0, 0]),
    (SIMD3(9, 9, 9), 7, [0, 0, 0, 1, 0]),
    (SIMD3(8.0.squareRoot(), 2, 2), 0.25, [0.375, 0.125, 0.375, 0.125, 0.5]),
    (SIMD3(1, 1, 4), 0, [0, 0, 1, 0, 1]),
  ])
  func sharesAreLinearBetweenKnotsAndConstantBeyond(
    _ spacing: SIMD3<Double>, _ blur: Double, _ expected: [Float]
  ) {
    let shares = Self.rule.shares(for: InputTraits(spacing: spacing, blur: blur))
    #expect(shares.count == Self.rule.setCount)
    for (share, wanted) in zip(shares, expected) { #expect(abs(share - wanted) < 1e-6) }
  }

  @Test func oneKnotOfEachKindServesAll() {
    let rule = WeightBlend(spacings: [3], blurs: [0])
    #expect(rule.setCount == 2)
    for edge in [1.0, 3, 5] {
      let traits = InputTraits(spacing: SIMD3(repeating: edge), blur: edge)
      #expect(rule.shares(for: traits) == [1, 0])
    }
  }

  private static let configuration = ArSSRConfiguration(
    encoder: .srResNet, width: 4, growth: 4, blocks: 1, layersPerBlock: 2, featureChannels: 3,
    decoderDepth: 2, decoderWidth: 5, extraInputs: 4)

  /// A network with five sets, of which each has other values.
  private func checkpoint(
    dropping dropped: String? = nil, metadata: [String: String] = [:]
  ) -> Checkpoint {
    let variants = ArSSRVariants(
      finalReLU: false, condition: .deconvolution(lambda: 0.01, default: 0), blend: Self.rule)
    var tensors: [Tensor] = []
    for set in -1..<Self.rule.setCount {
      let prefix = set < 0 ? "" : BlendedWeights.prefix(set: set)
      for tensor in Initialisation.detail.tensors(Self.configuration, seed: UInt64(set + 2)) {
        var renamed = tensor
        renamed.name = prefix + tensor.name
        tensors.append(renamed)
      }
    }
    return Checkpoint(
      tensors: tensors.filter { $0.name != dropped },
      metadata: variants.metadata.merging(metadata) { _, given in given })
  }

  @Test func theNetworkOfAnInputIsTheSumOfItsSets() throws {
    let checkpoint = checkpoint()
    let network = try ArSSRNetwork(checkpoint: checkpoint)
    #expect(network.variants.blend == Self.rule)
    #expect(network.configuration == Self.configuration)
    let blended = network.blended(
      for: InputTraits(spacing: SIMD3(8.0.squareRoot(), 2, 2), blur: 0.25))
    #expect(blended.blend == nil && blended.variants.blend == nil)
    #expect(blended.variants.condition == network.variants.condition)
    let name = "encoder.features.0.0.weight"
    let byName = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0.values) })
    let common = try #require(byName[name])
    guard case .srResNet(let encoder) = blended.encoder else {
      Issue.record("another encoder")
      return
    }
    for index in common.indices {
      var expected = Double(common[index])
      for (set, share) in [0.375, 0.125, 0.375, 0.125, 0.5].enumerated() {
        let values = try #require(byName[BlendedWeights.prefix(set: set) + name])
        expected += share * Double(values[index])
      }
      #expect(abs(Double(encoder.start.weight[index]) - expected) < 1e-6)
    }
  }

  @Test func networksWithoutSetsStayAsTheyAre() throws {
    let tensors = Initialisation.detail.tensors(Self.configuration, seed: 1)
    let network = try ArSSRNetwork(
      checkpoint: Checkpoint(
        tensors: tensors,
        metadata: ArSSRVariants(condition: .psf(default: 0)).metadata))
    #expect(network.blend == nil)
    let same = network.blended(for: InputTraits(spacing: SIMD3(repeating: 4), blur: 1))
    #expect(same.decoder.stageOne[0].weight == network.decoder.stageOne[0].weight)
  }

  @Test(arguments: [
    (["arssr.blend.spacings": "4,2"], "rising numbers above 0"),
    (["arssr.blend.spacings": "0,2"], "rising numbers above 0"),
    (["arssr.blend.spacings": "2,nan"], "rising numbers above 0"),
    (["arssr.blend.spacings": ""], "rising numbers above 0"),
    (["arssr.blend.blurs": "-1,0"], "rising numbers from 0"),
    (["arssr.blend.blurs": (0..<17).map { "\($0)" }.joined(separator: ",")], "at most 16"),
    // Another number of sets than there are.
    (["arssr.blend.blurs": "0"], "blend.3."),
    (["arssr.blend.blurs": "0,0.5,1"], "blend.5."),
  ])
  func rulesThatDoNotFitAreRefused(_ metadata: [String: String], _ words: String) throws {
    let error = #expect(throws: NetworkError.self) {
      _ = try ArSSRNetwork(checkpoint: checkpoint(metadata: metadata))
    }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func aSetThatLacksATensorIsRefused() throws {
    let name = BlendedWeights.prefix(set: 2) + "decoder.stage_one.0.bias"
    let error = #expect(throws: NetworkError.self) {
      _ = try ArSSRNetwork(checkpoint: checkpoint(dropping: name))
    }
    #expect(error?.message.contains("decoder.stage_one.0.bias") == true)
  }

  @Test func halfARuleIsRefused() throws {
    var half = checkpoint()
    half.metadata["arssr.blend.blurs"] = nil
    let error = #expect(throws: NetworkError.self) { _ = try ArSSRNetwork(checkpoint: half) }
    #expect(error?.message.contains("arssr.blend.blurs") == true, "\(error?.message ?? "")")
  }
}
