import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import FusedInference

@Suite("Stages of encoder and decoder against golden/arssr")
struct StageTests {
  @Test(arguments: InstructionSet.available)
  func everyStoredStageOfTheEncodersIsWithinTolerance(_ set: InstructionSet) throws {
    for configuration in GoldenNetworks.small + GoldenNetworks.full {
      if set == .generic, GoldenNetworks.full.contains(configuration) { continue }
      let entries = try GoldenNetworks.entries("stages").filter {
        $0.configuration == configuration && !$0.input.isEmpty
      }
      let first = try #require(entries.first)
      let network = try GoldenNetworks.network(configuration)
      let input = GoldenInput(try GoldenNetworks.array(first.input))
      let stages = try encodedStages(network, input, set: set)
      let positions = try? GoldenNetworks.array("stages/\(configuration)/positions.npy")
      for entry in entries {
        let name = String(entry.file.split(separator: "/")[2].dropLast(4))
        let stage = try #require(stages[engineName(name, network)], "\(entry.file)")
        let expected = try GoldenNetworks.array(entry.file)
        let actual = stage.values(at: positions, channels: stage.channels)
        try #require(actual.count == expected.values.count, "\(entry.file)")
        let deviation = Deviation(expected: expected.values, actual: actual)
        #expect(
          deviation.maximum <= entry.tolerance, "\(entry.file), \(set.rawValue): \(deviation)")
      }
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
    _ network: ArSSRNetwork, _ input: GoldenInput, set: InstructionSet
  ) throws -> [String: Stage] {
    let pool = try WorkerPool(threads: 2)
    let program = EncoderProgram(network.encoder)
    let runner = try EncoderRunner(
      program: program, kernels: try KernelTables.table(for: set), pool: pool)
    let image = try FeatureMap(size: input.size, voxelStride: 1)
    for k in 0..<input.size.z {
      for j in 0..<input.size.y {
        for i in 0..<input.size.x {
          image.origin[k * image.planeStride + j * image.rowStride + i] =
            input.voxels[(k * input.size.y + j) * input.size.x + i]
        }
      }
    }
    let scratch = try (0..<pool.workerCount).map { _ in
      try WorkerScratch(
        kernelFloats: runner.scratch(width: input.size.x), constants: 0, rowLength: 0)
    }
    var stages: [String: Stage] = [:]
    _ = try runner.encode(
      image, needed: PlaneRegion(rows: 0..<input.size.y, planes: 0..<input.size.z),
      scratch: scratch, monitor: UpsampleMonitor()
    ) { step, map in
      let channels = program.channels[step.output]
      var values: [Float] = []
      for channel in 0..<channels {
        for k in 0..<input.size.z {
          for j in 0..<input.size.y {
            for i in 0..<input.size.x {
              values.append(
                map.origin[
                  k * map.planeStride + j * map.rowStride + i * map.voxelStride + channel])
            }
          }
        }
      }
      stages[step.name] = Stage(size: input.size, channels: channels, all: values)
    }
    return stages
  }
}
