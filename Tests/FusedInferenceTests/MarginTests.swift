import FusedInference
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@Suite("Networks that see their input continued beyond its faces")
struct MarginTests {
  private static let margin = 2

  private func network(_ configuration: String, margin: Int = Self.margin) throws -> ArSSRNetwork {
    var network = try GoldenNetworks.network(configuration)
    network.variants.residual = .bspline3
    network.variants.coordinates = .relative
    network.variants.padding = .border
    network.variants.margin = margin
    return network
  }

  /// The input continued by the definition: (… c1 c0 | c0 c1 …) along every axis.
  private func continued(_ input: GoldenInput) -> GoldenInput {
    let size = input.size &+ SIMD3(repeating: 2 * Self.margin)
    func source(_ place: Int, _ count: Int) -> Int {
      var index = place - Self.margin
      while index < 0 || index >= count { index = index < 0 ? -1 - index : 2 * count - 1 - index }
      return index
    }
    return GoldenInput(
      size: size,
      voxels: voxels(size).map { voxel in
        let (i, j, k) = (
          source(voxel.x, input.size.x), source(voxel.y, input.size.y),
          source(voxel.z, input.size.z)
        )
        return input.voxels[(k * input.size.y + j) * input.size.x + i]
      })
  }

  /// The positions of a sampling in the continued input.
  private func moved(_ sampling: SeparableSampling, into size: SIMD3<Int>) -> Sampling {
    .separable(
      SeparableSampling(
        axes: sampling.axes.enumerated().map { axis, samples in
          .init(
            positions: samples.positions.map { $0 + Double(Self.margin) },
            outputAxis: samples.outputAxis, inputSize: size[axis])
        }))
  }

  @Test(arguments: InstructionSet.available)
  func theResultIsThatOfTheContinuedInputWithoutMargin(_ set: InstructionSet) throws {
    for size in [SIMD3(13, 9, 11), SIMD3(1, 7, 6), SIMD3(3, 1, 1)] {
      let input = GoldenInput(noiseOf: size)
      let wide = continued(input)
      let sampling = try input.sampling(scale: [2, 1.5, 2.4])
      let separable = try #require(sampling.separable)
      for configuration in ["rdn_small", "srresnet_small"] {
        let output = try upsampled(
          network(configuration), input, sampling: sampling, set: set)
        let expected = try upsampled(
          network(configuration, margin: 0), wide, sampling: moved(separable, into: wide.size),
          set: set)
        #expect(output == expected, "\(configuration), \(size)")
      }
    }
  }

  @Test func anObliqueTargetEndsAtTheInputsOwnFaces() throws {
    let input = GoldenInput(noiseOf: SIMD3(8, 7, 6))
    let wide = continued(input)
    // Turned about k, and larger than the input on every side.
    let turn = Affine(
      i: SIMD3(0.48, 0.14, 0), j: SIMD3(-0.14, 0.48, 0), k: SIMD3(0, 0, 0.5),
      translation: SIMD3(0.6, -1.9, -1.6))
    let outputSize = SIMD3(20, 19, 18)
    var inWide = turn
    inWide.translation += SIMD3(repeating: Double(Self.margin))
    let own = GeneralSampling(matrix: turn, outputSize: outputSize, inputSize: input.size)
    let output = try upsampled(network("rescnn_small"), input, sampling: .general(own))
    let all = try upsampled(
      network("rescnn_small", margin: 0), wide,
      sampling: .general(
        GeneralSampling(matrix: inWide, outputSize: outputSize, inputSize: wide.size)))
    var counts = (inside: 0, cut: 0)
    for (index, voxel) in voxels(outputSize).enumerated() {
      let isInside = own.isInside(own.position(i: voxel.x, j: voxel.y, k: voxel.z))
      #expect(output[index] == (isInside ? all[index] : 0), "\(voxel)")
      if isInside { counts.inside += 1 } else if all[index] != 0 { counts.cut += 1 }
    }
    #expect(counts.inside > 100 && counts.cut > 100, "\(counts)")
  }

  @Test func threadsAndMemoryLimitsGiveTheSameBytes() throws {
    let input = GoldenInput(noiseOf: SIMD3(26, 22, 19))
    let sampling = try input.sampling(scale: [2, 1.5, 1.2])
    let network = try network("rdn_small")
    let reference = try upsampled(network, input, sampling: sampling, threads: 1)
    let upsampler = try Upsampler(
      network: network, kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: 3))
    for run in try upsampler.runsWithFallingLimits(input, sampling) {
      #expect(run.output == reference, "blocks \(run.blocks)")
    }
  }

  /// As a dry run does that reads no voxels.
  @Test func countsOfAPlanNeedNoVoxelsWithoutABackground() throws {
    let size = SIMD3(13, 9, 11)
    let upsampler = try Upsampler(
      network: network("rdn_small"), kernels: KernelTables.table(for: .best),
      pool: WorkerPool(threads: 1))
    let plan = try upsampler.plan(
      inputSize: size, sampling: GoldenInput(noiseOf: size).sampling(scale: [2, 2, 2]),
      options: .init())
    let work = upsampler.work(plan, voxels: [], settings: OutputSettings(background: .compute))
    #expect(work.encoder == plan.encoder && work.background == nil)
  }

  @Test func aKeptBackgroundChangesNothingElse() throws {
    let size = SIMD3(16, 14, 12)
    var values = GoldenInput(noiseOf: size).voxels
    // An object that a face cuts.
    for (index, voxel) in voxels(size).enumerated()
    where !((5..<9).contains(voxel.x) && (4..<9).contains(voxel.y) && voxel.z < 4) {
      values[index] = 0
    }
    let input = GoldenInput(size: size, voxels: values)
    let sampling = try input.sampling(scale: [2, 2, 2])
    let network = try network("rdn_small")
    let all = try upsampled(network, input, sampling: sampling)
    let kept = try upsampled(
      network, input, sampling: sampling,
      options: .init(output: OutputSettings(background: .keep)))
    var computed = 0
    for (index, value) in kept.enumerated() where value != 0 {
      #expect(value == all[index], "\(index)")
      computed += 1
    }
    #expect(computed > 1000 && computed < all.count / 2, "\(computed)")
  }
}
