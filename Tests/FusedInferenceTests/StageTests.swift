import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import FusedInference

@Suite("Stages of encoder and decoder against golden/arssr")
struct StageTests {
  @Test(arguments: InstructionSet.available, [false, true])
  func everyStoredStageOfTheEncodersIsWithinTolerance(
    _ set: InstructionSet, isExact: Bool
  ) throws {
    for configuration in GoldenNetworks.small + GoldenNetworks.full {
      if set == .generic, GoldenNetworks.full.contains(configuration) { continue }
      let entries = try GoldenNetworks.entries("stages").filter {
        $0.configuration == configuration && !$0.input.isEmpty
      }
      let first = try #require(entries.first)
      let network = try GoldenNetworks.network(configuration)
      let input = GoldenInput(try GoldenNetworks.array(first.input))
      let stages = try encodedStages(network, input, set: set, isExact: isExact)
      let positions = try? GoldenNetworks.array("stages/\(configuration)/positions.npy")
      for entry in entries {
        let name = String(entry.file.split(separator: "/")[2].dropLast(4))
        let stage = try #require(stages[engineName(name, network)], "\(entry.file)")
        let expected = try GoldenNetworks.array(entry.file)
        let actual = stage.values(at: positions, channels: stage.channels)
        try #require(actual.count == expected.values.count, "\(entry.file)")
        let deviation = Deviation(expected: expected.values, actual: actual)
        #expect(
          deviation.maximum <= entry.tolerance,
          "\(entry.file), \(set.rawValue), exact \(isExact): \(deviation)")
      }
    }
  }

  @Test(arguments: InstructionSet.available.filter { $0 != .generic })
  func theFastPathsFeaturesAreAtMostTwiceAsFarFromTheReferenceAsTheExactOnes(
    _ set: InstructionSet
  ) throws {
    for configuration in GoldenNetworks.full {
      let network = try GoldenNetworks.network(configuration)
      let positions = try GoldenNetworks.array("stages/\(configuration)/positions.npy")
      let entries = try GoldenNetworks.entries("stages")
      let entry = try #require(
        entries.first { $0.file == "stages/\(configuration)/features.npy" })
      let input = GoldenInput(try GoldenNetworks.array(entry.input))
      let expected = try GoldenNetworks.array(entry.file)
      func error(isExact: Bool) throws -> Double {
        let stages = try encodedStages(network, input, set: set, isExact: isExact)
        let stage = try #require(stages[engineName("features", network)])
        return Deviation(
          expected: expected.values,
          actual: stage.values(at: positions, channels: stage.channels)
        ).rootMeanSquare
      }
      let (fast, exact) = (try error(isExact: false), try error(isExact: true))
      #expect(fast <= 2 * exact, "\(configuration), \(set.rawValue): \(fast) and \(exact)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func everyStoredStageOfTheDecodersIsWithinTolerance(_ set: InstructionSet) throws {
    let kernels = try KernelTables.table(for: set)
    for configuration in GoldenNetworks.small + GoldenNetworks.full {
      if set == .generic, GoldenNetworks.full.contains(configuration) { continue }
      let network = try GoldenNetworks.network(configuration)
      let inputs = try GoldenNetworks.array("points/\(configuration)/decoder_input.npy")
      for entry in try GoldenNetworks.entries("points")
      where entry.configuration == configuration && !entry.input.isEmpty {
        let name = String(entry.file.split(separator: "/")[2].dropLast(4))
        guard let probe = DecoderProbe(network, stage: name) else { continue }
        let actual = try probe.values(inputs.floats, kernels: kernels)
        let expected = try GoldenNetworks.array(entry.file)
        let deviation = Deviation(expected: expected.values, actual: actual)
        #expect(
          deviation.maximum <= entry.tolerance, "\(entry.file), \(set.rawValue): \(deviation)")
      }
    }
  }

  /// The engine's name of a golden stage.
  private func engineName(_ name: String, _ network: ArSSRNetwork) -> String {
    if name.hasPrefix("rdb") { return "rdbs.\(name.dropFirst(3))" }
    switch (name, network.encoder) {
    case ("gff", _): return "gff.1"
    case ("features", .rdn): return "output"
    case ("features", .resCNN): return "conv_end"
    case ("features", .srResNet(let encoder)): return "features.\(encoder.blocks.count + 2)"
    default: return name
    }
  }

  private struct Stage {
    var size: SIMD3<Int>
    var channels: Int
    /// `[channel][k][j][i]`.
    var all: [Float]

    /// All values, or, for positions (k, j, i), `[position][channel]`.
    func values(at positions: NumPyArray?, channels: Int) -> [Float] {
      guard let positions else { return all }
      let voxels = size.x * size.y * size.z
      return (0..<positions.shape[0]).flatMap { row -> [Float] in
        let place = positions.values[3 * row..<3 * row + 3].map(Int.init)
        let voxel = (place[0] * size.y + place[1]) * size.x + place[2]
        return (0..<channels).map { all[$0 * voxels + voxel] }
      }
    }
  }

  private func encodedStages(
    _ network: ArSSRNetwork, _ input: GoldenInput, set: InstructionSet, isExact: Bool
  ) throws -> [String: Stage] {
    let pool = try WorkerPool(threads: 2)
    let program = EncoderProgram(
      network, choice: ConvolutionChoice(instructionSet: set, isExact: isExact))
    let runner = try EncoderRunner(
      program: program, kernels: try KernelTables.table(for: set), pool: pool)
    let shape = WavefrontShape(
      program, target: program.result,
      ranges: (0..<3).map {
        ValueRanges(
          program, target: program.result, needed: 0..<input.size[$0], axis: $0,
          size: input.size[$0])
      }, bandsPerStep: nil)
    let scratch = try (0..<pool.workerCount).map { _ in
      try WorkerScratch(
        kernelFloats: runner.scratch(width: input.size.x), constants: 0, rowCount: 1,
        rowLength: 0, layers: 0)
    }
    let wavefront = try Wavefront(
      runner, shape: shape,
      image: ImageSource(voxels: input.voxels, size: input.size, intensity: .identity),
      scratch: scratch, monitor: UpsampleMonitor())
    let voxels = input.size.x * input.size.y * input.size.z
    var stages: [String: Stage] = [:]
    for slab in shape.slabs {
      for step in 0..<shape.stepsPerSlab {
        wavefront.advance(slab: slab, step: step) { layer, region in
          let channels = program.channels[layer.output]
          var stage =
            stages[layer.name]
            ?? Stage(
              size: input.size, channels: channels,
              all: [Float](repeating: .nan, count: channels * voxels))
          for k in region.planes {
            for j in region.rows {
              for i in region.columns {
                let values = wavefront.maps.voxel(layer.output, plane: k, row: j, column: i)
                let voxel = (k * input.size.y + j) * input.size.x + i
                for channel in 0..<channels {
                  stage.all[channel * voxels + voxel] = values[channel]
                }
              }
            }
          }
          stages[layer.name] = stage
        }
      }
    }
    return stages
  }
}
