import Checkpoints
import Foundation
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import FusedInference

@Suite("Layers in bfloat16")
struct PrecisionTests {
  private static let shipped = ["interim", "brain-t1w-lite", "brain-t1w"]

  /// The plain loops take minutes on the wide models, which the other sets cover.
  private static func isCovered(_ model: String, _ set: InstructionSet) -> Bool {
    set != .generic || model == "interim"
  }

  private static func shipped(_ model: String) throws -> ArSSRNetwork {
    let path = Repository.folder.appendingPathComponent("Models/\(model).safetensors").path
    return try ArSSRNetwork(checkpoint: Checkpoint.load(path: path))
  }

  private static func upsampler(
    _ network: ArSSRNetwork, _ precision: Precision, set: InstructionSet, threads: Int = 2
  ) throws -> Upsampler {
    try Upsampler(
      network: network, precision: precision, kernels: KernelTables.table(for: set),
      pool: WorkerPool(threads: threads))
  }

  /// 55 dB is what the option has to keep to.
  ///
  /// The largest difference stays far below the bound that sidecars state, which holds on whole brains.
  @Test(arguments: InstructionSet.available, shipped)
  func shippedModelsStayNearTheirFloat32Values(_ set: InstructionSet, _ model: String) throws {
    guard Self.isCovered(model, set) else { return }
    let network = try Self.shipped(model)
    let input = GoldenInput(
      try NumPyArray(contentsOf: Golden.folder("interim").appendingPathComponent("input.npy")))
    for scale in [[2.0, 2, 2], [1, 2.5, 1.5]] {
      let sampling = try input.sampling(scale: scale)
      let exact = try upsampled(
        Self.upsampler(network, .float32, set: set), input, sampling: sampling)
      let upsampler = try Self.upsampler(network, .bfloat16, set: set)
      let rounded = try upsampled(upsampler, input, sampling: sampling)
      let deviation = Deviation(expected: exact.map(Double.init), actual: rounded)
      let range = Double((exact.max() ?? 0) - (exact.min() ?? 0))
      #expect(20 * log10(range / deviation.rootMeanSquare) >= 55, "\(scale): \(deviation)")
      #expect(deviation.maximum <= 0.06 * range, "\(scale): \(deviation)")
      #expect(upsampler.errorBound == 0.16)
      #expect(deviation.maximum > 0)
    }
  }

  /// Their layers are wide enough for Winograd's algorithm.
  @Test(arguments: InstructionSet.available, ["interim", "brain-t1w-lite"])
  func threadsAndMemoryLimitsGiveTheSameBytes(_ set: InstructionSet, _ model: String) throws {
    guard Self.isCovered(model, set) else { return }
    let network = try Self.shipped(model)
    let input = GoldenInput(noiseOf: SIMD3(13, 30, 22))
    let sampling = try input.sampling(scale: [2, 1, 1.5])
    let single = try Self.upsampler(network, .bfloat16, set: set, threads: 1)
    let reference = try upsampled(single, input, sampling: sampling)
    let upsampler = try Self.upsampler(network, .bfloat16, set: set)
    let whole = try upsampler.plan(inputSize: input.size, sampling: sampling, options: .init())
    let least = try upsampler.leastBytes(input, sampling)
    #expect(least < whole.peakBytes)
    for limit in [whole.peakBytes, (whole.peakBytes + least) / 2, least] {
      let output = try upsampled(
        upsampler, input, sampling: sampling, options: .init(memoryLimit: limit))
      #expect(output == reference, "limit \(limit)")
    }
  }

  @Test(arguments: InstructionSet.available, ["rescnn_odd", "rdn_odd"])
  func threadsAndTilesGiveTheSameBytes(_ set: InstructionSet, _ configuration: String) throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/A.npy"))
    let network = try GoldenNetworks.network(configuration)
    let sampling = try input.sampling(scale: [2, 1.5, 1.2])
    let reference = try upsampled(
      Self.upsampler(network, .bfloat16, set: set, threads: 1), input, sampling: sampling)
    for (threads, tile) in [(2, 1), (3, 7), (2, 300)] {
      let output = try upsampled(
        Self.upsampler(network, .bfloat16, set: set, threads: threads), input,
        sampling: sampling, options: .init(tile: tile))
      #expect(output == reference, "threads \(threads), tile \(tile)")
    }
  }

  @Test(arguments: InstructionSet.allCases)
  func layersOfWinogradsAlgorithmAreRoundedWhereThatCostsLess(_ set: InstructionSet) {
    let exact = ConvolutionChoice(instructionSet: set, isExact: false)
    let rounded = ConvolutionChoice(instructionSet: set, isExact: false, precision: .bfloat16)
    for (inputs, outputs) in [([5], 5), ([16], 16), ([16], 28), ([64], 64), ([64, 64, 64], 64)] {
      let before = exact.algorithm(kernel: 3, inputs: inputs, outputs: outputs)
      let after = rounded.algorithm(kernel: 3, inputs: inputs, outputs: outputs)
      #expect(before.precision == .float32)
      if after.precision == .bfloat16 {
        #expect(after.algorithm == .winograd && after.relativeCost < before.relativeCost)
      } else {
        #expect(after == before, "\(set), \(inputs) to \(outputs)")
      }
      if set == .avx512bf16 && inputs[0] == 64 { #expect(after.precision == .bfloat16) }
    }
  }

  @Test(arguments: ArSSRVariants.Residual.allCases)
  func layersOfSRResNetAreRoundedWhereTheyCorrectAnInterpolatedVolume(
    _ residual: ArSSRVariants.Residual
  ) {
    var network = ArSSRNetwork(random: .published(.srResNet))
    network.variants.residual = residual
    let wide = Self.wideLayers(of: network)
    #expect(wide.count == 38)
    #expect(wide.allSatisfy { $0.precision == (residual == .none ? .float32 : .bfloat16) })
  }

  @Test(arguments: shipped)
  func layersOfShippedModelsAreRounded(_ model: String) throws {
    let wide = Self.wideLayers(of: try Self.shipped(model))
    #expect(!wide.isEmpty && wide.allSatisfy { $0.precision == .bfloat16 }, "\(wide)")
  }

  /// The 3x3x3 layers behind the first, which reads the image, on CPUs with the instruction for pairs.
  private static func wideLayers(of network: ArSSRNetwork) -> [EncoderProgram.Step] {
    let choice = ConvolutionChoice(
      instructionSet: .avx512bf16, isExact: false, precision: .bfloat16)
    return EncoderProgram(network, choice: choice).steps.filter {
      $0.kernel == 3 && !$0.inputs.contains(0)
    }
  }

  @Test func plainLoopsRoundPointwiseLayersAndNoOthers() throws {
    let network = try GoldenNetworks.network("rdn_odd")
    let program = try Self.upsampler(network, .bfloat16, set: .generic).encoder.program
    #expect(program.steps.contains { $0.kernel == 1 })
    for step in program.steps {
      #expect((step.precision == .bfloat16) == (step.kernel == 1), "\(step.name)")
    }
    let exact = try Self.upsampler(network, .float32, set: .generic).encoder.program
    #expect(exact.steps.allSatisfy { $0.precision == .float32 })
  }
}
