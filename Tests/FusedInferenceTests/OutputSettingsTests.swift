import FusedInference
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@Suite("What happens to values after the network: masks, clipping, intensities, condition")
struct OutputSettingsTests {
  private let input: GoldenInput
  private let network: ArSSRNetwork
  private let upsampler: Upsampler
  private let straight: Sampling

  init() throws {
    input = GoldenInput(try GoldenNetworks.array("inputs/B.npy"))
    network = try GoldenNetworks.network("rdn_small")
    upsampler = try Upsampler(
      network: network, kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: 2))
    straight = try input.sampling(scale: [2, 2, 2])
  }

  /// The grid of ``straight``, as a target that lies anyhow.
  private var oblique: Sampling {
    .general(
      GeneralSampling(
        matrix: Affine(diagonal: SIMD3(repeating: 0.5), translation: SIMD3(repeating: -0.25)),
        outputSize: straight.outputSize, inputSize: input.size))
  }

  /// Position of an output voxel of the doubled grid, in input voxels.
  private func position(_ voxel: SIMD3<Int>) -> SIMD3<Double> {
    SIMD3<Double>(voxel) / 2 - 0.25
  }

  /// About half of the voxels, scattered, on the grid of the input.
  private var scattered: [Bool] { GoldenInput(noiseOf: input.size).voxels.map { $0 < 0.5 } }

  private func mask(_ inside: [Bool]) -> RegionMask {
    RegionMask(voxels: inside.map { $0 ? 1 : 0 }, size: input.size)
  }

  /// Whether the input voxel nearest to an output voxel is inside.
  private func isInside(_ mask: [Bool], _ voxel: SIMD3<Int>) -> Bool {
    let nearest = SIMD3<Int>(position(voxel), rounding: .toNearestOrAwayFromZero)
    return mask[(nearest.z * input.size.y + nearest.y) * input.size.x + nearest.x]
  }

  /// Linear interpolation at a point that is first limited to the voxel centres, in double.
  private func linear(at u: SIMD3<Double>) -> Double {
    var sum = 0.0
    for corner in 0..<8 {
      var weight = 1.0
      var index = 0
      for axis in [2, 1, 0] {
        let place = min(max(u[axis], 0), Double(input.size[axis] - 1))
        let lower = Int(place)
        let isUpper = corner >> axis & 1 == 1
        let fraction = place - Double(lower)
        weight *= isUpper ? fraction : 1 - fraction
        index = index * input.size[axis] + min(lower + (isUpper ? 1 : 0), input.size[axis] - 1)
      }
      sum += weight * Double(input.voxels[index])
    }
    return sum
  }

  @Test func outsideTheMaskIsZeroOnEveryKindOfGridAndInBlocks() throws {
    let inside = scattered
    for sampling in [straight, oblique] {
      let all = try upsampled(upsampler, input, sampling: sampling)
      // A range without 0 limits what was computed, not the zeros where nothing was.
      for clip in [nil, IntensityRange(low: 0.2, high: 0.3)] {
        let expected = zip(voxels(sampling.outputSize), all).map { voxel, value in
          guard isInside(inside, voxel) else { return Float(0) }
          return clip.map { min(max(value, $0.low), $0.high) } ?? value
        }
        var options = Upsampler.Options(output: OutputSettings(clip: clip, mask: mask(inside)))
        #expect(try upsampled(upsampler, input, sampling: sampling, options: options) == expected)
        options.memoryLimit = try upsampler.leastBytes(input, sampling, options: options)
        #expect(try upsampled(upsampler, input, sampling: sampling, options: options) == expected)
      }
    }
  }

  @Test func outsideTheMaskIsTheLinearlyInterpolatedInputOnEveryKindOfGridAndInBlocks() throws {
    let inside = scattered
    for sampling in [straight, oblique] {
      let all = try upsampled(upsampler, input, sampling: sampling)
      var options = Upsampler.Options(
        output: OutputSettings(mask: mask(inside), outside: .linear))
      let output = try upsampled(upsampler, input, sampling: sampling, options: options)
      for (index, voxel) in voxels(sampling.outputSize).enumerated() {
        if isInside(inside, voxel) {
          #expect(output[index] == all[index], "voxel \(voxel)")
        } else {
          let expected = linear(at: position(voxel))
          #expect(abs(Double(output[index]) - expected) < 1e-5, "voxel \(voxel)")
        }
      }
      options.memoryLimit = try upsampler.leastBytes(input, sampling, options: options)
      #expect(try upsampled(upsampler, input, sampling: sampling, options: options) == output)
    }
  }

  @Test func aMaskThatExcludesEverythingLeavesNothing() throws {
    let settings = OutputSettings(mask: mask(input.voxels.map { _ in false }))
    for sampling in [straight, oblique] {
      let output = try upsampled(
        upsampler, input, sampling: sampling, options: .init(output: settings))
      #expect(output.allSatisfy { $0 == 0 })
      let interpolated = try interpolated(
        .cubic, input, sampling: sampling, output: settings)
      #expect(interpolated.allSatisfy { $0 == 0 })
    }
  }

  @Test func aMaskLimitsInterpolationAsWell() throws {
    let inside = scattered
    let all = try interpolated(.cubic, input, sampling: straight)
    let output = try interpolated(
      .cubic, input, sampling: straight, output: OutputSettings(mask: mask(inside)))
    let expected = zip(voxels(straight.outputSize), all).map { voxel, value in
      isInside(inside, voxel) ? value : 0
    }
    #expect(output == expected)
  }

  @Test func clippingLimitsValuesButNotTheZerosOutsideTheFieldOfView() throws {
    let range = try #require(IntensityRange(low: 0.2, high: 0.3))
    let clip = OutputSettings(clip: range)
    let axes = (0..<3).map { axis in
      SeparableSampling.Axis(
        positions: (-2..<(2 * input.size[axis] + 2)).map { Double($0) / 2 }, outputAxis: axis,
        inputSize: input.size[axis])
    }
    let sampling = Sampling.separable(SeparableSampling(axes: axes))
    func expected(_ values: [Float]) -> [Float] {
      zip(voxels(sampling.outputSize), values).map { voxel, value in
        let isInside = (0..<3).allSatisfy { axes[$0].inside.contains(voxel[$0]) }
        return isInside ? min(max(value, 0.2), 0.3) : 0
      }
    }
    let all = try upsampled(upsampler, input, sampling: sampling)
    #expect(
      try upsampled(upsampler, input, sampling: sampling, options: .init(output: clip))
        == expected(all))
    #expect(
      try interpolated(.linear, input, sampling: sampling, output: clip)
        == expected(interpolated(.linear, input, sampling: sampling)))
  }

  @Test func intensitiesAreMappedBeforeTheNetworkAndBackAfterIt() throws {
    let (low, high) = (-30.0, 1700.0)
    for residual in [ArSSRVariants.Residual.none, .trilinear, .bspline3] {
      var network = network
      network.variants.residual = residual
      let raw = GoldenInput(
        size: input.size, voxels: input.voxels.map { Float(Double($0) * 1500) })
      let normalised = GoldenInput(
        size: input.size, voxels: raw.voxels.map { Float((Double($0) - low) / (high - low)) })
      let expected = try upsampled(network, normalised, sampling: straight).map {
        Float(Double($0) * (high - low) + low)
      }
      let output = try upsampled(
        network, raw, sampling: straight,
        options: .init(intensity: IntensityMap(low: low, high: high)))
      #expect(output == expected, "\(residual)")
    }
  }

  @Test func aConditionIsRefusedByANetworkWithoutOne() throws {
    #expect(throws: InferenceError.conditionNotTaken(.uniform(1.5))) {
      try upsampler.plan(
        inputSize: input.size, sampling: straight, options: .init(blur: .uniform(1.5)))
    }
  }
}
