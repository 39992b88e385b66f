import FusedInference
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@Suite("What must not change one byte, and what must change in a known way")
struct InvarianceTests {
  @Test(arguments: InstructionSet.available)
  func threadsTilesAndMemoryLimitsGiveTheSameBytes(_ set: InstructionSet) throws {
    // Input A is large enough to be cut into many blocks of the small networks' halo.
    let input = GoldenInput(try GoldenNetworks.array("inputs/A.npy"))
    for configuration in ["rdn_small", "rescnn_odd"] {
      let network = try GoldenNetworks.network(configuration)
      let sampling = try input.sampling(scale: [2, 1.5, 1.2])
      let reference = try upsampled(network, input, sampling: sampling, set: set, threads: 1)
      for threads in [2, 3] {
        for tile in [1, 7, 300] {
          let output = try upsampled(
            network, input, sampling: sampling, set: set, threads: threads,
            options: .init(tile: tile))
          #expect(output == reference, "\(configuration), threads \(threads), tile \(tile)")
        }
      }
      let upsampler = try Upsampler(
        network: network, kernels: try KernelTables.table(for: set),
        pool: try WorkerPool(threads: 2))
      let runs = try upsampler.runsWithFallingLimits(input, sampling)
      for run in runs {
        #expect(run.output == reference, "\(configuration), blocks \(run.blocks)")
      }
      let blocks = try #require(runs.last).blocks
      #expect(blocks.x * blocks.y * blocks.z > 8)
    }
  }

  @Test func copiesOfTheWeightsPerNodeGiveTheSameBytes() throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    let straight = try input.sampling(scale: [2, 2, 2])
    let oblique = Sampling.general(
      GeneralSampling(
        matrix: Affine(diagonal: SIMD3(repeating: 0.5), translation: SIMD3(repeating: -0.25)),
        outputSize: straight.outputSize, inputSize: input.size))
    // Four workers in two groups, as on two nodes, that may run anywhere.
    var placement = WorkerPlacement.unbound(threads: 4)
    placement.workers[2].node = 1
    placement.workers[3].node = 1
    let pool = try WorkerPool(placement: placement)
    #expect(pool.nodeCount == 2)
    for configuration in GoldenNetworks.small {
      let network = try GoldenNetworks.network(configuration)
      for sampling in [straight, oblique] {
        let reference = try upsampled(network, input, sampling: sampling, threads: 1)
        let output = try upsampled(network, input, sampling: sampling, pool: pool)
        #expect(output == reference, "\(configuration)")
      }
    }
  }

  @Test func aTargetOverAPartOfTheInputGivesThatPartAndCostsLess() throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/A.npy"))
    let upsampler = try Upsampler(
      network: GoldenNetworks.network("rdn_small"), kernels: KernelTables.table(for: .best),
      pool: WorkerPool(threads: 2))
    let sampling = try input.sampling(scale: [2, 2, 2])
    let whole = try #require(sampling.separable)
    // A corner at the far end of i, the middle of j, the near end of k.
    let size = sampling.outputSize
    let ranges = [size.x - 5..<size.x, size.y / 2..<size.y / 2 + 3, 0..<4]
    let part = SeparableSampling(
      axes: (0..<3).map { axis in
        .init(
          positions: Array(whole.axes[axis].positions[ranges[axis]]), outputAxis: axis,
          inputSize: input.size[axis])
      })
    let wholePlan = try upsampler.plan(
      inputSize: input.size, sampling: sampling, options: .init())
    let all = try upsampled(upsampler, input, sampling: sampling)
    let expected = voxels(part.outputSize).map { voxel in
      let source = SIMD3((0..<3).map { voxel[$0] + ranges[$0].lowerBound })
      return all[(source.z * size.y + source.y) * size.x + source.x]
    }
    let partPlan = try upsampler.plan(
      inputSize: input.size, sampling: .separable(part), options: .init())
    #expect(try upsampled(upsampler, input, sampling: .separable(part)) == expected)
    #expect(partPlan.encoder.defined < wholePlan.encoder.defined)
    #expect(partPlan.peakBytes < wholePlan.peakBytes)
  }

  @Test func aTargetThatRunsBackwardsGivesTheReversedOutput() throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    let network = try GoldenNetworks.network("rdn_small")
    let sampling = try input.sampling(scale: [2, 2.5, 1.5])
    let forward = try #require(sampling.separable)
    let size = sampling.outputSize
    let output = try upsampled(network, input, sampling: sampling)
    for axis in 0..<3 {
      var axes = forward.axes
      axes[axis] = .init(
        positions: axes[axis].positions.reversed(), outputAxis: axis,
        inputSize: input.size[axis])
      let flipped = try upsampled(
        network, input, sampling: .separable(SeparableSampling(axes: axes)))
      let expected = voxels(size).map { voxel in
        var source = voxel
        source[axis] = size[axis] - 1 - voxel[axis]
        return output[(source.z * size.y + source.y) * size.x + source.x]
      }
      #expect(flipped == expected, "axis \(axis)")
    }
  }

  @Test func exchangingAxesOfTheTargetExchangesThoseOfTheOutput() throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    let network = try GoldenNetworks.network("srresnet_small")
    let sampling = try input.sampling(scale: [2, 2.5, 1.5])
    let straight = try #require(sampling.separable)
    let output = try upsampled(network, input, sampling: sampling)
    let size = sampling.outputSize
    for order in [[2, 1, 0], [1, 2, 0], [0, 2, 1]] {
      // Input axis a runs along output axis order[a].
      let axes = (0..<3).map { axis in
        SeparableSampling.Axis(
          positions: straight.axes[axis].positions, outputAxis: order[axis],
          inputSize: input.size[axis])
      }
      let target = SeparableSampling(axes: axes)
      let exchanged = try upsampled(network, input, sampling: .separable(target))
      let expected = voxels(target.outputSize).map { voxel in
        let source = SIMD3(voxel[order[0]], voxel[order[1]], voxel[order[2]])
        return output[(source.z * size.y + source.y) * size.x + source.x]
      }
      #expect(exchanged == expected, "order \(order)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func scatteredPointsAgreeWithTheFusedRows(_ set: InstructionSet) throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    for configuration in GoldenNetworks.small {
      for padding in [ArSSRVariants.Padding.zeros, .border] {
        var network = try GoldenNetworks.network(configuration)
        network.variants.padding = padding
        network.variants.residual = .trilinear
        let sampling = try input.sampling(scale: [2, 2, 2])
        let rows = try upsampled(network, input, sampling: sampling, set: set)
        // The same grid, as a target that lies anyhow.
        let general = GeneralSampling(
          matrix: Affine(
            diagonal: SIMD3(repeating: 0.5), translation: SIMD3(repeating: -0.25)),
          outputSize: sampling.outputSize, inputSize: input.size)
        let points = try upsampled(network, input, sampling: .general(general), set: set)
        let deviation = Deviation(expected: rows.map(Double.init), actual: points)
        #expect(deviation.maximum < 4e-5, "\(configuration), \(padding): \(deviation)")
      }
    }
  }

  @Test func pointsOutsideTheFieldOfViewAreZero() throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    let network = try GoldenNetworks.network("rescnn_small")
    let axes = (0..<3).map { axis in
      SeparableSampling.Axis(
        positions: (-2..<(input.size[axis] + 2)).map(Double.init), outputAxis: axis,
        inputSize: input.size[axis])
    }
    let target = SeparableSampling(axes: axes)
    let output = try upsampled(network, input, sampling: .separable(target))
    let inside = try upsampled(
      network, input, sampling: input.sampling(scale: [1, 1, 1]))
    let size = target.outputSize
    for (index, voxel) in voxels(size).enumerated() {
      let source = voxel &- SIMD3(2, 2, 2)
      let isInside = (0..<3).allSatisfy { source[$0] >= 0 && source[$0] < input.size[$0] }
      let expected =
        isInside
        ? inside[(source.z * input.size.y + source.y) * input.size.x + source.x] : 0
      #expect(output[index] == expected, "voxel \(voxel)")
    }
  }

  @Test func cancellingEndsTheJobWithoutAResult() throws {
    let input = GoldenInput(try GoldenNetworks.array("inputs/A.npy"))
    let upsampler = try Upsampler(
      network: GoldenNetworks.network("rdn_small"), kernels: KernelTables.table(for: .best),
      pool: WorkerPool(threads: 2))
    let plan = try upsampler.plan(
      inputSize: input.size, sampling: input.sampling(scale: [2, 2, 2]), options: .init())
    let monitor = UpsampleMonitor()
    monitor.cancel()
    #expect(throws: InferenceError.cancelled) {
      try upsampler.run(plan, voxels: input.voxels, options: .init(), monitor: monitor) { _ in
        Issue.record("planes were handed on after the job was cancelled")
      }
    }
  }
}
