import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@testable import FusedInference

/// What must not change one byte of a related network's result.
@Suite struct RelatedInvarianceTests {
  private static let size = SIMD3(17, 14, 12)

  private static func networks() throws -> [(name: String, network: RelatedNetwork)] {
    [
      ("chain", try RelatedNetworks.chain(base: 2000, layers: 5, width: 12)),
      ("densenet", try RelatedNetworks.dcsrn(base: 4000, growth: 8)),
      ("residual", try RelatedNetworks.resCNN(base: 6000, width: 8)),
      ("shuffle", try RelatedNetworks.espcn(base: 700, factor: 2)),
      ("valid", try RelatedNetworks.valid(base: 900, kernels: [9, 3, 5])),
      ("guided", try RelatedNetworks.chain(base: 2000, layers: 4, width: 12, images: 2)),
    ]
  }

  /// Options of every run of a network.
  private func options(
    _ network: RelatedNetwork, _ sampling: Sampling, limit: Int? = nil
  ) -> Upsampler.Options {
    let guide = GoldenInput(noiseOf: sampling.outputSize)
    return Upsampler.Options(
      memoryLimit: limit,
      guide: network.images == 2
        ? GuideImage(voxels: guide.voxels, intensity: IntensityMap(low: 0, high: 2)) : nil)
  }

  @Test(arguments: InstructionSet.available)
  func threadsAndMemoryLimitsGiveTheSameBytes(_ set: InstructionSet) throws {
    let input = GoldenInput(noiseOf: Self.size)
    for (name, network) in try Self.networks() {
      let sampling = try network.sampling(of: input.size, scale: SIMD3(2, 1.5, 1.7))
      func run(threads: Int, limit: Int?) throws -> (blocks: SIMD3<Int>, output: [Float]) {
        let upsampler = try RelatedUpsampler(
          network: network, kernels: KernelTables.table(for: set),
          pool: WorkerPool(threads: threads))
        let options = options(network, sampling, limit: limit)
        let plan = try upsampler.plan(
          inputSize: input.size, sampling: sampling, options: options)
        if let limit { #expect(plan.peakBytes <= limit) }
        var output: [Float] = []
        _ = try upsampler.run(plan, voxels: input.voxels, options: options) { output += $0 }
        return (plan.blockCounts, output)
      }
      let reference = try run(threads: 1, limit: nil).output
      #expect(try run(threads: 3, limit: nil).output == reference, "\(name)")
      // The search for tight limits takes long, and knows nothing of instructions.
      guard set == .best else { continue }
      let (whole, least) = try bytes(network, input, sampling, set)
      #expect(least < whole, "\(name)")
      for part in 1...3 {
        let limited = try run(threads: 2, limit: whole - (whole - least) * part / 3)
        #expect(limited.output == reference, "\(name), blocks \(limited.blocks)")
        if part == 3 { #expect(limited.blocks.max() > 1, "\(name)") }
      }
    }
  }

  /// The bytes of the plan that nothing limits, and of the smallest.
  private func bytes(
    _ network: RelatedNetwork, _ input: GoldenInput, _ sampling: Sampling, _ set: InstructionSet
  ) throws -> (whole: Int, least: Int) {
    let upsampler = try RelatedUpsampler(
      network: network, kernels: KernelTables.table(for: set), pool: WorkerPool(threads: 2))
    func plan(_ limit: Int?) throws -> RelatedPlan {
      try upsampler.plan(
        inputSize: input.size, sampling: sampling,
        options: options(network, sampling, limit: limit))
    }
    let error = #expect(throws: InferenceError.self) { try plan(1) }
    guard case .memoryLimit(let needed, _) = try #require(error) else {
      throw try #require(error)
    }
    return (try plan(nil).peakBytes, needed)
  }

  @Test func aKeptBackgroundChangesNothingElse() throws {
    var input = GoldenInput(noiseOf: Self.size)
    var voxels = input.voxels
    for (index, place) in FusedInferenceTests.voxels(input.size).enumerated()
    where place.x < 9 || place.x > 15 || place.y < 2 || place.z > 6 { voxels[index] = 0 }
    input = GoldenInput(size: input.size, voxels: voxels)
    var changed = 0
    for (name, network) in try Self.networks() where network.images == 1 {
      let whole = try related(network, input, scale: SIMD3(2, 2, 2))
      let kept = try related(
        network, input, scale: SIMD3(2, 2, 2),
        options: .init(output: OutputSettings(background: .keep)))
      let same = zip(whole, kept).filter { $0 == $1 }.count
      #expect(zip(whole, kept).allSatisfy { $0 == $1 || $1 == 0 }, "\(name)")
      #expect(same > whole.count / 4, "\(name): \(same) of \(whole.count)")
      changed += whole.count - same
    }
    // Where values below the smallest intensity become that, a network may make the background itself.
    #expect(changed > 0)
  }

  @Test func aTileByItselfKnowsNothingOfItsNeighbours() throws {
    let network = try RelatedNetworks.espcn(base: 700, factor: 2)
    var input = GoldenInput(noiseOf: SIMD3(8, 8, 16))
    let options = Upsampler.Options(separateTile: 8)
    let tiles = try related(network, input, options: options)
    #expect(try related(network, input, threads: 1, options: options) == tiles)
    for half in 0..<2 {
      let voxels = Array(input.voxels[half * 512..<(half + 1) * 512])
      let alone = try related(network, GoldenInput(size: SIMD3(8, 8, 8), voxels: voxels))
      #expect(Array(tiles[half * 4096..<(half + 1) * 4096]) == alone, "half \(half)")
    }
    #expect(throws: InferenceError.self) {
      try related(network, input, options: .init(memoryLimit: 1, separateTile: 8))
    }
    // The second tile is all background, and most of the first.
    let voxels = zip(FusedInferenceTests.voxels(input.size), input.voxels).map { place, value in
      let isInside = place.z < 3 && (2..<6).contains(place.x) && (2..<6).contains(place.y)
      return isInside ? value : 0
    }
    input = GoldenInput(size: input.size, voxels: voxels)
    let whole = try related(network, input, options: options)
    let kept = try related(
      network, input,
      options: .init(output: OutputSettings(background: .keep), separateTile: 8))
    #expect(zip(whole, kept).allSatisfy { $0 == $1 || $1 == 0 })
    #expect(kept.count { $0 != 0 } > 500 && kept.suffix(4096).allSatisfy { $0 == 0 })
  }

  @Test func aMaskLeavesTheRestAsItIs() throws {
    let input = GoldenInput(noiseOf: Self.size)
    let network = try RelatedNetworks.chain(base: 2000, layers: 3, width: 12)
    let inside = FusedInferenceTests.voxels(input.size).map { Float($0.x < 8 ? 1 : 0) }
    let whole = try related(network, input, scale: SIMD3(2, 2, 2))
    let masked = try related(
      network, input, scale: SIMD3(2, 2, 2),
      options: .init(
        output: OutputSettings(mask: RegionMask(voxels: inside, size: input.size))))
    let width = 2 * input.size.x
    for (index, (value, masked)) in zip(whole, masked).enumerated() {
      let column = index % width
      if column < 14 { #expect(value == masked) }
      if column > 17 { #expect(masked == 0) }
    }
  }
}
