import FusedInference
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes

@Suite("The unfused double-precision reference, and the engine against it")
struct ReferenceTests {
  @Test(arguments: ["rdn_small", "rescnn_small", "srresnet_small", "rdn_odd", "rescnn_odd"])
  func referenceAgreesWithEveryStoredStageAndPoint(_ configuration: String) throws {
    let reference = ReferenceNetwork(network: try GoldenNetworks.network(configuration))
    let input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    let (features, stages) = reference.encode(ReferenceNetwork.Map(input))
    for entry in try GoldenNetworks.entries("stages") where entry.configuration == configuration {
      let name = stageName(entry.file)
      let stage = try #require(stages[name], "\(name)")
      // The stored stages are double results rounded to float32.
      try expectClose(
        stage.channels.flatMap { $0.map(\.value) }, entry.file, within: 1e-6 * 8)
    }

    let folder = "points/\(configuration)"
    let indices = try GoldenNetworks.array("\(folder)/index.npy")
    let points = (0..<indices.shape[0]).map { point -> [String: [UncertainValue]] in
      // Index (k, j, i) on the 4x grid of the LR volume.
      let u = SIMD3(
        (indices.values[3 * point + 2] + 0.5) / 4 - 0.5,
        (indices.values[3 * point + 1] + 0.5) / 4 - 0.5,
        (indices.values[3 * point] + 0.5) / 4 - 0.5)
      return reference.decode(reference.decoderInput(features, at: u, condition: 0)).stages
    }
    for entry in try GoldenNetworks.entries("points") where entry.configuration == configuration {
      let name = stageName(entry.file)
      guard name != "index", name != "coords" else { continue }
      let values = try points.flatMap { try #require($0[name], "\(name)").map(\.value) }
      try expectClose(values, entry.file, within: 1e-12)
    }
  }

  @Test(arguments: InstructionSet.available, [false, true])
  func bothPathsStayWithinTheRoundingBoundOfTheReference(
    _ set: InstructionSet, isExact: Bool
  ) throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    let scale = [2.5, 2.5, 2.5]
    let sampling = try input.sampling(scale: scale)
    let separable = try #require(sampling.separable)
    for configuration in GoldenNetworks.small {
      let reference = ReferenceNetwork(network: try GoldenNetworks.network(configuration))
      let (features, _) = reference.encode(ReferenceNetwork.Map(input))
      let output = try upsampled(
        reference.network, input, sampling: sampling, set: set, isExact: isExact)
      let size = sampling.outputSize
      var largestBound = 0.0
      // Every fifth voxel, so that all axes and faces are met.
      for index in stride(from: 0, to: output.count, by: 5) {
        let u = SIMD3(
          separable.axes[0].positions[index % size.x],
          separable.axes[1].positions[index / size.x % size.y],
          separable.axes[2].positions[index / (size.x * size.y)])
        let expected = reference.decode(
          reference.decoderInput(features, at: u, condition: 0)
        ).output
        // Eight standard deviations; SSE rounds products as well, which at most doubles a variance,
        // and Winograd's algorithm has up to four times the deviation (`WinogradTests`).
        let deviations: Double = isExact ? 8 : 32
        let bound = deviations * (2 * expected.variance).squareRoot() + 1e-12
        largestBound = max(largestBound, bound)
        let distance = abs(Double(output[index]) - expected.value)
        if !(distance <= bound) {
          Issue.record(
            "\(configuration), \(set.rawValue), voxel \(index): \(distance) > \(bound)")
          break
        }
      }
      // A bound that let anything pass would prove nothing.
      #expect(largestBound < (isExact ? 1e-4 : 4e-4), "\(configuration)")
    }
  }

  private func stageName(_ file: String) -> String {
    String(file.split(separator: "/")[2].dropLast(".npy".count))
  }

  private func expectClose(_ values: [Double], _ file: String, within relative: Double) throws {
    let expected = try GoldenNetworks.array(file).values
    try #require(values.count == expected.count, "\(file)")
    let largest = expected.map(abs).max() ?? 0
    for (value, want) in zip(values, expected) where !(abs(value - want) <= relative * largest) {
      Issue.record("\(file): \(value), expected \(want), largest \(largest)")
      return
    }
  }
}
