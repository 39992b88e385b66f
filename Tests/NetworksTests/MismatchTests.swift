import Checkpoints
import TestSupport
import Testing

@testable import Networks

/// What is said of checkpoints that are nearly a network.
@Suite("Networks that do not fit")
struct MismatchTests {
  private func fault(_ change: (inout Checkpoint) -> Void) throws -> (code: String, message: String)
  {
    var checkpoint = try RecognitionTests.checkpoint("rdn_odd")
    change(&checkpoint)
    let error = #expect(throws: NetworkError.self) { try ArSSRNetwork(checkpoint: checkpoint) }
    #expect(error?.subject == "rdn_odd")
    return (error?.code ?? "", error?.message ?? "")
  }

  private func remove(_ names: String..., from checkpoint: inout Checkpoint) {
    checkpoint.tensors.removeAll { names.contains($0.name) }
  }

  @Test func missingTensorsAreNamedAndCounted() throws {
    let (code, message) = try fault {
      remove("encoder.gff.1.bias", "encoder.output.bias", from: &$0)
    }
    #expect(code == "model.mismatch")
    #expect(
      message.hasPrefix(
        "tensor \"encoder.gff.1.bias\" is missing for architecture arssr/RDN; 2 tensors missing"))
    #expect(message.contains("0 unknown"))
  }

  @Test func surplusTensorsAreNamedAndCounted() throws {
    let (code, message) = try fault {
      $0.tensors.append(Tensor(name: "encoder.head.weight", shape: [1], values: [0]))
    }
    #expect(code == "model.mismatch")
    #expect(
      message.hasPrefix("tensor \"encoder.head.weight\" is unknown to architecture arssr/RDN"))
  }

  @Test func decoderOfAnotherFeatureSizeIsExplained() throws {
    let (_, message) = try fault { checkpoint in
      let index = checkpoint.tensors.firstIndex { $0.name == "decoder.stage_one.0.weight" } ?? 0
      checkpoint.tensors[index] = Tensor(
        name: "decoder.stage_one.0.weight", shape: [20, 9], values: Array(repeating: 0, count: 180))
    }
    #expect(
      message.hasPrefix(
        "decoder.stage_one.0.weight is 20 x 9; this encoder makes 10 features, so 20 x 13 is needed"
      ))
  }

  @Test func lostConditionIsSuggested() throws {
    var checkpoint = try Checkpoint.load(
      path: Repository.folder.appendingPathComponent("Models/interim.safetensors").path)
    checkpoint.metadata["arssr.condition"] = nil
    let error = #expect(throws: NetworkError.self) { try ArSSRNetwork(checkpoint: checkpoint) }
    #expect(error?.message.contains("arssr.condition=psf") == true)
  }

  @Test func integerWeightsAreAnElementTypeError() throws {
    let (code, _) = try fault { checkpoint in checkpoint.tensors[0].elementType = .int32 }
    #expect(code == "model.dtype")
  }

  @Test func countersOfNormalisationLayersAreIgnored() throws {
    var checkpoint = try RecognitionTests.checkpoint("rdn_odd")
    checkpoint.tensors.append(
      Tensor(name: "encoder.num_batches_tracked", shape: [], values: [3], elementType: .int64))
    _ = try ArSSRNetwork(checkpoint: checkpoint)
  }

  @Test func namesCannotClaimAnyNumberOfLayers() throws {
    let (code, message) = try fault {
      $0.tensors.append(
        Tensor(name: "encoder.rdbs.99999999999999999999.lff.weight", shape: [1], values: [0]))
      $0.tensors.append(Tensor(name: "encoder.rdbs.4000000.lff.weight", shape: [1], values: [0]))
    }
    #expect(code == "model.mismatch")
    #expect(message.contains("2 unknown"))
  }

  @Test(arguments: [
    ("arssr.format", "2", "model.version"), ("arssr.format", "x", "model.version"),
    ("arssr.arch", "hyperssr", "model.mismatch"), ("arssr.arch", "srcnn3d", "model.mismatch"),
    ("arssr.encoder", "ResCNN", "model.mismatch"), ("arssr.encoder", "rdn", "config.value"),
    ("arssr.final_relu", "yes", "config.value"), ("arssr.residual", "cubic", "config.value"),
    ("arssr.padding", "mirror", "config.value"), ("arssr.coordinates", "none", "config.value"),
    ("arssr.margin", "9", "config.value"), ("arssr.margin", "1.5", "config.value"),
    ("arssr.condition", "noise", "config.value"),
    ("arssr.condition.default", "nan", "config.value"),
    ("arssr.condition.default", "11", "config.value"),
    ("arssr.deconvolution.lambda", "-1", "config.value"),
    ("arssr.deconvolution.version", "2", "config.value"),
    ("arssr.normalisation", "percentile:99,1", "config.value"),
    ("arssr.normalisation", "scale:0", "config.value"), ("arssr.scales", "0.5", "config.value"),
    ("arssr.normalisation", "scale:1e-45", "config.value"),
    ("arssr.normalisation", "scale:1e300", "config.value"),
    ("arssr.scales", "2x2", "config.value"), ("arssr.training", "{", "config.value"),
  ])
  func badMetadataAreRefused(key: String, value: String, code: String) throws {
    let found = try fault { $0.metadata[key] = value }
    #expect(found.code == code)
    #expect(found.message.contains(key))
  }

  @Test func unknownKeysAreANoticeOnly() throws {
    var checkpoint = try RecognitionTests.checkpoint("rdn_odd")
    checkpoint.metadata = ["arssr.format": "1", "arssr.paddding": "border", "other": "x"]
    let network = try ArSSRNetwork(checkpoint: checkpoint)
    #expect(
      network.notices.map(\.message) == ["metadata key \"arssr.paddding\" is unknown and ignored"])
    #expect(network.variants.padding == .zeros)
  }

  @Test func growthMayDifferFromWidth() throws {
    let configuration = ArSSRConfiguration(
      encoder: .rdn, width: 6, growth: 4, blocks: 2, layersPerBlock: 3, featureChannels: 5,
      decoderDepth: 2, decoderWidth: 7)
    let tensors = configuration.layers.flatMap(\.tensors).map { name, shape in
      Tensor(name: name, shape: shape, values: Array(repeating: 0.5, count: shape.reduce(1, *)))
    }
    let network = try ArSSRNetwork(checkpoint: Checkpoint(tensors: tensors, metadata: [:]))
    guard case .rdn(let encoder) = network.encoder else {
      Issue.record("not an RDN")
      return
    }
    #expect(encoder.growth == 4)
    #expect(encoder.blocks[1].layers.map(\.inputs) == [6, 10, 14])
    #expect(encoder.blocks[1].fusion.inputs == 18)
    #expect(encoder.blocks[1].fusion.outputs == 6)
    #expect(encoder.globalFusion1.inputs == 12)
    #expect(network.halo == 2 + 2 * 3 + 2)
  }
}
