import Checkpoints
import Foundation
import FusedInference
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Workers

@Suite("Whole outputs against golden/arssr and golden/interim")
struct GoldenOutputTests {
  @Test(arguments: InstructionSet.available, [false, true])
  func everyConfigurationAndScaleIsWithinTolerance(_ set: InstructionSet, isExact: Bool) throws {
    let outputs = try GoldenNetworks.entries("outputs")
    #expect(outputs.count == 47)
    for configuration in GoldenNetworks.small + GoldenNetworks.full {
      // The plain loops take minutes on the published sizes, which the other sets cover.
      if set == .generic, GoldenNetworks.full.contains(configuration) { continue }
      let network = try GoldenNetworks.network(configuration)
      for entry in outputs where entry.configuration == configuration {
        try expectGolden(entry, network: network, set: set, isExact: isExact)
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func variantsAreWithinTolerance(_ set: InstructionSet) throws {
    for entry in try GoldenNetworks.entries("variants") where !entry.configuration.isEmpty {
      var network: ArSSRNetwork
      if entry.file.contains("half") {
        network = try GoldenNetworks.network(file: "weights/rdn_odd.half.pkl")
      } else if entry.file.contains("bf16") {
        network = try GoldenNetworks.network(file: "weights/rdn_odd.bf16.safetensors")
      } else {
        network = try GoldenNetworks.network(entry.configuration)
        network.variants.finalReLU = try #require(entry.values["final_relu"] as? Bool)
        network.variants.residual = try #require(
          (entry.values["residual"] as? String).flatMap(ArSSRVariants.Residual.init))
        network.variants.padding = try #require(
          (entry.values["padding"] as? String).flatMap(ArSSRVariants.Padding.init))
      }
      try expectGolden(entry, network: network, set: set)
    }
  }

  /// Files of rounded weights, whose outputs are stored on their own.
  private static let rounded = ["weights/rdn_odd.half.pkl", "weights/rdn_odd.bf16.safetensors"]

  @Test func everyContainerAndItsConversionGiveTheSameOutput() throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    let sampling = try input.sampling(scale: [2, 2, 2])
    var references: [String: [Float]] = [:]
    for configuration in GoldenNetworks.small {
      references[configuration] = try upsampled(
        GoldenNetworks.network(configuration), input, sampling: sampling)
    }
    let entries = try GoldenNetworks.entries("weights")
    #expect(entries.count == 18)
    let folder = try TemporaryFolder()
    let conversion = ModelConversion(programVersion: "test")
    for entry in entries {
      let path = Golden.folder("arssr").appendingPathComponent(entry.file).path
      let checkpoint = try Checkpoint.load(path: path)
      let output = try upsampled(
        ArSSRNetwork(checkpoint: checkpoint), input, sampling: sampling)
      if !Self.rounded.contains(entry.file) {
        #expect(output == references[entry.configuration], "\(entry.file)")
      }
      let converted = folder.file("converted.safetensors")
      try conversion.convert(checkpoint).file.write(path: converted, force: true)
      let network = try ArSSRNetwork(checkpoint: Checkpoint.load(path: converted))
      #expect(
        try upsampled(network, input, sampling: sampling) == output, "\(entry.file), converted")
    }
  }

  @Test func theFastPathStaysWithinItsStatedBoundOfTheExactOne() throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/A.npy"))
    let sampling = try input.sampling(scale: [2, 2, 2])
    let interim = try ArSSRNetwork(
      checkpoint: Checkpoint.load(path: Self.path("Models/interim.safetensors")))
    let networks = try (GoldenNetworks.small + GoldenNetworks.full).map {
      try GoldenNetworks.network($0)
    }
    for network in networks + [interim] {
      let pool = try WorkerPool(threads: 2)
      let kernels = try KernelTables.table(for: .best)
      let fast = try Upsampler(network: network, kernels: kernels, pool: pool)
      let exact = try Upsampler(network: network, kernels: kernels, pool: pool, isExact: true)
      #expect(exact.errorBound == 0 && exact.convolution == .direct)
      let deviation = Deviation(
        expected: try upsampled(exact, input, sampling: sampling).map(Double.init),
        actual: try upsampled(fast, input, sampling: sampling))
      #expect(deviation.maximum <= fast.errorBound, "\(network.architecture): \(deviation)")
    }
  }

  @Test(arguments: InstructionSet.available, [false, true])
  func interimModelIsWithinTolerance(_ set: InstructionSet, isExact: Bool) throws {
    let folder = Golden.folder("interim")
    let manifest = try #require(try Golden.json("interim") as? [String: Any])
    let cases = try #require(manifest["cases"] as? [[String: Any]])
    let files = try #require(manifest["files"] as? [String: [String: Any]])
    let input = GoldenInput(
      try NumPyArray(contentsOf: folder.appendingPathComponent("input.npy")))
    let stored = try Checkpoint.load(path: Self.path("Models/interim.safetensors"))
    for source in ["Models/interim.safetensors", "Tests/Golden/interim/interim.pkl"] {
      var checkpoint = try Checkpoint.load(path: Self.path(source))
      // A pickle holds no metadata; `models convert` adds it.
      checkpoint.metadata = stored.metadata
      let network = try ArSSRNetwork(checkpoint: checkpoint)
      for row in cases {
        let scale = try #require(row["scale_per_array_axis"] as? [Double])
        let name = try #require(row["output"] as? String)
        let tolerance = try #require(files[name]?["tol_abs"] as? Double)
        let output = try upsampled(
          network, input, sampling: input.sampling(scale: scale), set: set, isExact: isExact,
          options: .init(blur: (row["psf"] as? Double).map(InputBlur.uniform)))
        let expected = try NumPyArray(contentsOf: folder.appendingPathComponent(name))
        let deviation = Deviation(expected: expected.values, actual: output)
        #expect(deviation.maximum <= tolerance, "\(source) \(name): \(deviation)")
      }
    }
  }

  private static func path(_ file: String) -> String {
    Repository.folder.appendingPathComponent(file).path
  }

  private func expectGolden(
    _ entry: GoldenNetworks.Entry, network: ArSSRNetwork, set: InstructionSet,
    isExact: Bool = false
  ) throws {
    let input = GoldenInput(try GoldenNetworks.array(entry.input))
    let expected = try GoldenNetworks.array(entry.file)
    let output = try upsampled(
      network, input, sampling: input.sampling(scale: entry.scale), set: set, isExact: isExact)
    try #require(output.count == expected.values.count, "\(entry.file)")
    let deviation = Deviation(expected: expected.values, actual: output)
    #expect(
      deviation.maximum <= entry.tolerance,
      "\(entry.file) with \(set.rawValue), exact \(isExact): \(deviation)")
  }
}
