import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@testable import FusedInference

@Suite("Volumes of few voxels and targets far away or far too large")
struct ExtremeGeometryTests {
  @Test(arguments: [SIMD3(1, 1, 1), SIMD3(5, 1, 1), SIMD3(1, 4, 1), SIMD3(3, 1, 2)])
  func axesOfOneVoxelGiveWhatTheReferenceSays(_ size: SIMD3<Int>) throws {
    let input = GoldenInput(noiseOf: size)
    for configuration in GoldenNetworks.small {
      let reference = ReferenceNetwork(network: try GoldenNetworks.network(configuration))
      let (features, _) = reference.encode(ReferenceNetwork.Map(input))
      for scale in [[1, 1, 1], [3, 2, 1.5]] {
        let sampling = try input.sampling(scale: scale)
        let separable = try #require(sampling.separable)
        let output = try upsampled(reference.network, input, sampling: sampling)
        for (index, voxel) in voxels(sampling.outputSize).enumerated() {
          let u = SIMD3((0..<3).map { separable.axes[$0].positions[voxel[$0]] })
          let expected = reference.decode(
            reference.decoderInput(features, at: u, condition: 0)
          ).output
          // As in `ReferenceTests`, for Winograd's algorithm.
          let bound = 32 * (2 * expected.variance).squareRoot() + 1e-12
          let distance = abs(Double(output[index]) - expected.value)
          #expect(distance <= bound, "\(configuration), \(scale), voxel \(voxel)")
        }
      }
    }
  }

  @Test func theInterpolatedBaseOfOneVoxelIsItsValue() throws {
    let input = GoldenInput(size: SIMD3(1, 1, 1), voxels: [0.75])
    let sampling = try input.sampling(scale: [3, 2, 4])
    var network = try GoldenNetworks.network("rescnn_small")
    let without = try upsampled(network, input, sampling: sampling)
    for residual in [ArSSRVariants.Residual.trilinear, .bspline3] {
      network.variants.residual = residual
      let with = try upsampled(network, input, sampling: sampling)
      for (sum, value) in zip(with, without) { #expect(abs(sum - value - 0.75) < 1e-6) }
    }
    for method in InterpolationMethod.allCases {
      for value in try interpolated(method, input, sampling: sampling) {
        #expect(abs(value - 0.75) < 1e-6, "\(method)")
      }
    }
  }

  @Test func positionsFarOutsideAreZeroAndChangeNothingInside() throws {
    let input = GoldenInput(noiseOf: SIMD3(6, 5, 4))
    let mask = RegionMask(voxels: [Float](repeating: 1, count: 8), size: SIMD3(2, 2, 2))
    let settings = OutputSettings(mask: mask, outside: .linear)
    var network = try GoldenNetworks.network("rdn_small")
    let near = SeparableSampling(
      axes: (0..<3).map {
        .init(positions: [-0.4, 1.25, 2.5], outputAxis: $0, inputSize: input.size[$0])
      })
    let far = SeparableSampling(
      axes: (0..<3).map {
        .init(
          positions: [-1e300, -1e19, -0.4, 1.25, 2.5, 1e19, 1e300], outputAxis: $0,
          inputSize: input.size[$0])
      })
    func expected(_ inside: [Float]) -> [Float] {
      voxels(far.outputSize).map { voxel in
        let source = voxel &- SIMD3(2, 2, 2)
        guard (0..<3).allSatisfy({ (0..<3).contains(source[$0]) }) else { return 0 }
        return inside[(source.z * 3 + source.y) * 3 + source.x]
      }
    }
    for padding in [ArSSRVariants.Padding.zeros, .border] {
      network.variants.padding = padding
      let inside = try upsampled(network, input, sampling: .separable(near))
      let output = try upsampled(
        network, input, sampling: .separable(far), options: .init(output: settings))
      #expect(output == expected(inside))
    }
    let inside = try interpolated(.cubic, input, sampling: .separable(near))
    #expect(
      try interpolated(.cubic, input, sampling: .separable(far), output: settings)
        == expected(inside))
  }

  @Test func anObliqueTargetOfHugeStepsMeetsTheInputOnce() throws {
    let input = GoldenInput(noiseOf: SIMD3(6, 5, 4))
    let mask = RegionMask(voxels: [Float](repeating: 1, count: 8), size: SIMD3(2, 2, 2))
    let settings = OutputSettings(mask: mask)
    let network = try GoldenNetworks.network("rdn_small")
    let huge = Sampling.general(
      GeneralSampling(
        matrix: Affine(
          diagonal: SIMD3(repeating: 1e30), translation: SIMD3(2.25, 2.25, 2.25)),
        outputSize: SIMD3(3, 3, 3), inputSize: input.size))
    #expect(huge.insideCount == 1)
    for output in [
      try upsampled(network, input, sampling: huge, options: .init(output: settings)),
      try interpolated(.linear, input, sampling: huge, output: settings),
    ] {
      #expect(output.count == 27 && output[0] != 0)
      #expect(output.dropFirst().allSatisfy { $0 == 0 })
    }
  }

  @Test func aTargetThatMissesTheInputIsZero() throws {
    let input = GoldenInput(noiseOf: SIMD3(4, 4, 4))
    let network = try GoldenNetworks.network("rdn_small")
    let beside = Sampling.separable(
      SeparableSampling(
        axes: (0..<3).map {
          .init(positions: [7, 8, 9], outputAxis: $0, inputSize: $0 == 1 ? 4 : 20)
        }))
    let besideGeneral = Sampling.general(
      GeneralSampling(
        matrix: Affine(diagonal: SIMD3(1, 1, 1), translation: SIMD3(7, 7, 7)),
        outputSize: SIMD3(3, 3, 3), inputSize: input.size))
    for sampling in [beside, besideGeneral] {
      #expect(sampling.insideCount == 0)
      let zeros = [Float](repeating: 0, count: 27)
      #expect(try upsampled(network, input, sampling: sampling) == zeros)
    }
  }

  @Test func rowsOfManyPointsOfAnObliqueTargetEqualTheirParts() throws {
    let input = GoldenInput(noiseOf: SIMD3(6, 5, 4))
    let network = try GoldenNetworks.network("rescnn_small")
    // More points than are worked out at once, and no multiple of anything.
    let count = 1501
    func row(from first: Int, count part: Int, tile: Int) throws -> [Float] {
      let step = 5.5 / Double(count)
      let matrix = Affine(
        diagonal: SIMD3(step, 1, 1), translation: SIMD3(Double(first) * step, 1.3, 2.1))
      return try upsampled(
        network, input,
        sampling: .general(
          GeneralSampling(
            matrix: matrix, outputSize: SIMD3(part, 1, 1), inputSize: input.size)),
        options: .init(tile: tile))
    }
    let whole = try row(from: 0, count: count, tile: 48)
    for tile in [1, 500, 600] {
      #expect(try row(from: 0, count: count, tile: tile) == whole, "tile \(tile)")
    }
    let half = try row(from: 0, count: 700, tile: 48)
    #expect(half == Array(whole[..<700]))
  }

  @Test func countsOfOperationsStopBeforeTheyOverflow() {
    #expect(OperationCount.product(1000, 363_008) == 363_008_000)
    #expect(OperationCount.product(1 << 56, 363_008) == OperationCount.most)
    #expect(OperationCount.product(1 << 56, 18) == OperationCount.most)
    let monitor = UpsampleMonitor()
    for _ in 0..<20 { monitor.expect(2 * OperationCount.most) }
    #expect(monitor.fractionDone == 0)
  }
}
