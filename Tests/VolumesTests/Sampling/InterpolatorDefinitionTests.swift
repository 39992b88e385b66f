import RandomNumbers
import TestSupport
import Testing
import Volumes
import Workers

@Suite struct InterpolatorDefinitionTests {
  /// Sizes around the vector width, thin axes, and axes of 1 and 2.
  static let sizes = [
    SIMD3(16, 8, 9), SIMD3(17, 5, 3), SIMD3(33, 2, 1), SIMD3(1, 7, 2), SIMD3(2, 1, 18),
    SIMD3(5, 19, 4), SIMD3(1, 1, 1), SIMD3(3, 3, 41),
  ]

  @Test(arguments: InterpolationMethod.allCases + [.quadratic], sizes)
  func separableRowsAreTheDefinition(_ method: InterpolationMethod, _ size: SIMD3<Int>) throws {
    let voxels = testVolume(size)
    let slow = SlowInterpolation(voxels: voxels, size: size, method: method)
    let grid = Grid(size: size, affine: Affine(diagonal: SIMD3(1, 1.25, 0.8)))
    let requests: [TargetRequest] = [
      .scale(SIMD3(2, 2, 2)), .scale(SIMD3(2.7, 3.4, 1.6)), .scale(SIMD3(1, 1, 4)),
      .spacing(SIMD3(repeating: 0.57)),
    ]
    for request in requests {
      let plan = try grid.target(request)
      guard let sampling = plan.sampling.separable else { continue }
      let result = try interpolate(voxels, size, plan.sampling, method)
      var expected: [Double] = []
      for w in sampling.axes[2].positions {
        for v in sampling.axes[1].positions {
          for u in sampling.axes[0].positions { expected.append(slow.value(at: SIMD3(u, v, w))) }
        }
      }
      let deviation = Deviation(expected: expected, actual: result)
      #expect(deviation.maximum <= 3e-6, "\(method) \(size) \(request): \(deviation)")
    }
  }

  @Test(arguments: InterpolationMethod.allCases + [.quadratic])
  func obliquePointsAreTheDefinitionAndPointsOutsideAreZero(_ method: InterpolationMethod) throws {
    let size = SIMD3(13, 11, 9)
    let voxels = testVolume(size)
    let slow = SlowInterpolation(voxels: voxels, size: size, method: method)
    var generator = SplitMix64(seed: 11)
    for _ in 0..<6 {
      let matrix = Affine(
        i: SIMD3(0.5, 0.1, -0.2), j: SIMD3(-0.1, 0.6, 0.15), k: SIMD3(0.2, -0.1, 0.45),
        translation: SIMD3(
          .random(in: -3...3, using: &generator), .random(in: -3...3, using: &generator),
          .random(in: -3...3, using: &generator)))
      let sampling = GeneralSampling(
        matrix: matrix, outputSize: SIMD3(17, 12, 14), inputSize: size)
      let result = try interpolate(voxels, size, .general(sampling), method)
      var expected: [Double] = []
      for k in 0..<14 {
        for j in 0..<12 {
          for i in 0..<17 {
            let u = sampling.position(i: i, j: j, k: k)
            expected.append(sampling.isInside(u) ? slow.value(at: u) : 0)
          }
        }
      }
      let deviation = Deviation(expected: expected, actual: result)
      #expect(deviation.maximum <= 3e-6, "\(method): \(deviation)")
      #expect(expected.filter { $0 == 0 }.count >= 17 * 12 * 14 - sampling.insideCount)
    }
  }

  @Test(arguments: InterpolationMethod.allCases)
  func permutedAndFlippedTargetsAreTheDefinition(_ method: InterpolationMethod) throws {
    let size = SIMD3(9, 8, 7)
    let voxels = testVolume(size)
    let slow = SlowInterpolation(voxels: voxels, size: size, method: method)
    let input = Grid(size: size, affine: RandomGrids.orientations[0])
    for orientation in RandomGrids.orientations {
      let output = Grid(size: SIMD3(10, 11, 12), affine: orientation)
      var placed = orientation
      placed.translation +=
        fieldOfView(input, input.affine)[8] - fieldOfView(output, orientation)[8]
      let plan = try input.target(.like(Grid(size: output.size, affine: placed)))
      let result = try interpolate(voxels, size, plan.sampling, method)
      let inverse = try #require(input.affine.inverse)
      let general = GeneralSampling(
        matrix: inverse * placed, outputSize: output.size, inputSize: size)
      var expected: [Double] = []
      for k in 0..<12 {
        for j in 0..<11 {
          for i in 0..<10 {
            let u = general.position(i: i, j: j, k: k)
            expected.append(general.isInside(u) ? slow.value(at: u) : 0)
          }
        }
      }
      let deviation = Deviation(expected: expected, actual: result)
      #expect(deviation.maximum <= 3e-6, "\(method) \(orientation.orientation): \(deviation)")
    }
  }

  @Test func halfWayPointsGoUpForNearest() throws {
    let axis = SeparableSampling.Axis(
      positions: [-0.5, 0.5, 1.5, 2.5], outputAxis: 0, inputSize: 3)
    let still = { SeparableSampling.Axis(positions: [0], outputAxis: $0, inputSize: 1) }
    let sampling = Sampling.separable(SeparableSampling(axes: [axis, still(1), still(2)]))
    let result = try interpolate([10, 20, 30], SIMD3(3, 1, 1), sampling, .nearest)
    #expect(result == [10, 20, 30, 30])
  }
}
