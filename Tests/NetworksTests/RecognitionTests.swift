import Checkpoints
import Foundation
import TestSupport
import Testing

@testable import Networks

@Suite("Recognition of networks")
struct RecognitionTests {
  static let configurations: [String] = (try? WeightFormula.configurations()) ?? []

  /// A checkpoint as a file of this configuration would give it.
  static func checkpoint(_ configuration: String) throws -> Checkpoint {
    Checkpoint(
      tensors: try WeightFormula.tensors(of: configuration).map {
        Tensor(name: $0.name, shape: $0.shape, values: $0.values)
      },
      metadata: [:], path: configuration)
  }

  @Test(arguments: configurations)
  func sizesAndCostsAreThoseOfTheManifest(configuration: String) throws {
    let entry = try WeightFormula.entry(of: configuration)
    let network = try ArSSRNetwork(checkpoint: Self.checkpoint(configuration))
    #expect(network.encoder.kind.rawValue == entry["encoder"] as? String)
    #expect(network.encoder.width == entry["width"] as? Int)
    #expect(network.featureChannels == entry["feature_dim"] as? Int)
    #expect(network.decoder.depth == entry["depth"] as? Int)
    #expect(network.decoder.width == entry["mlp_width"] as? Int)
    #expect(network.parameterCount == entry["parameters"] as? Int)
    #expect(network.encoder.parameterCount == entry["encoder_parameters"] as? Int)
    #expect(network.decoder.parameterCount == entry["decoder_parameters"] as? Int)
    #expect(network.encoderOperationsPerVoxel == entry["mac_per_lr_voxel"] as? Int)
    #expect(network.decoderOperationsPerVoxel == entry["mac_per_hr_voxel"] as? Int)
    #expect(network.variants == ArSSRVariants())
  }

  @Test(arguments: [("rdn_full", 28), ("rescnn_full", 20), ("srresnet_full", 39)])
  func haloIsThePublishedReceptiveField(configuration: String, halo: Int) throws {
    #expect(try ArSSRNetwork(checkpoint: Self.checkpoint(configuration)).halo == halo)
  }

  @Test func interimModelIsRecognisedWithItsVariants() throws {
    let path = Repository.folder.appendingPathComponent("Models/interim.safetensors").path
    let network = try ArSSRNetwork(checkpoint: Checkpoint.load(path: path))
    #expect(network.architecture == "arssr/SRResnet")
    #expect(network.featureChannels == 28)
    #expect(network.encoder.width == 16)
    #expect(network.parameterCount == 145_037)
    #expect(network.encoderOperationsPerVoxel == 130_032)
    #expect(network.decoderOperationsPerVoxel == 14_400)
    #expect(
      network.variants
        == ArSSRVariants(
          finalReLU: false, residual: .bspline3, padding: .border, coordinates: .relative,
          condition: .psf(default: 0), normalisation: "percentile:0.1,99.9"))
    #expect(network.notices.isEmpty)
  }
}
