import Foundation
import TestSupport
import Testing
import Volumes
import Workers

@testable import Degradation

/// Results measured again, by the operators that made the measurement.
@Suite struct MeasurementTests {
  private let pool: WorkerPool
  private let fine: Volume

  init() throws {
    pool = try WorkerPool(threads: 2)
    fine = try DegradeGolden.volume("crop_hr.npy")
  }

  private func values(_ measurement: MeasurementModel, of voxels: [Float]) throws -> [Float] {
    try voxels.withUnsafeBufferPointer {
      try measurement.values(of: #require($0.baseAddress), pool: pool)
    }
  }

  private func largestDifference(_ first: [Float], _ second: [Float]) -> Float {
    zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// Both are the same sums in double precision, up to the order of rounding: 1e-5 of a range of
  /// 0.4.
  @Test(arguments: [
    (DegradationOperator.cubic, 0.0), (DegradationOperator.exact, 0.0),
    (DegradationOperator.psf, 1.0),
  ])
  func aMeasurementIsTheOperatorOfItsWidth(_ method: DegradationOperator, _ width: Double) throws {
    for scale in [SIMD3(2, 2, 2), SIMD3(2.5, 1, 3.2)] {
      let plan = try fine.grid.degraded(by: DegradationRequest(method, .scale(scale)))
      let expected = try plan.run(fine.voxels, pool: pool).values
      let measurement = try MeasurementModel(of: fine.grid, on: plan.grid, blur: .uniform(width))
      let actual = try values(measurement, of: fine.voxels)
      #expect(largestDifference(actual, expected) < 4e-6, "\(method), \(scale)")
    }
  }

  @Test func axesHaveWidthsOfTheirOwn() throws {
    let plan = try fine.grid.degraded(by: DegradationRequest(.exact, .scale(SIMD3(2, 2.5, 1))))
    let model = try MeasurementModel(
      of: fine.grid, on: plan.grid, blur: .perAxis(SIMD3(0.5, 0, 2)))
    for (axis, expected) in [0.5 * 2, 0, 2].enumerated() {
      #expect(abs(model.sigmas[axis] * 2.354820045030949 - expected) < 1e-9)
    }
    // The third axis is not coarser, so a width for all leaves it alone.
    let uniform = try MeasurementModel(of: fine.grid, on: plan.grid, blur: .uniform(1))
    #expect(uniform.widths == SIMD3(1, 1, 0))
  }

  @Test func exchangedAndMirroredAxesOnlyChangeTheOrder() throws {
    let plan = try fine.grid.degraded(by: DegradationRequest(.psf, .scale(SIMD3(2, 2.5, 3))))
    let coarse = plan.grid
    // Axis i of the turned grid is k, j is -i, k is j.
    let turn = Affine(
      i: SIMD3(0, 0, 1), j: SIMD3(-1, 0, 0), k: SIMD3(0, 1, 0),
      translation: SIMD3(Double(coarse.size.x - 1), 0, 0))
    let turned = Grid(
      size: SIMD3(coarse.size.z, coarse.size.x, coarse.size.y), affine: coarse.affine * turn)
    let straight = try values(
      MeasurementModel(of: fine.grid, on: coarse, blur: .uniform(1)), of: fine.voxels)
    let other = try values(
      MeasurementModel(of: fine.grid, on: turned, blur: .uniform(1)), of: fine.voxels)
    for k in 0..<turned.size.z {
      for j in 0..<turned.size.y {
        for i in 0..<turned.size.x {
          let place = turn.apply(SIMD3(Double(i), Double(j), Double(k)))
          let index =
            (Int(place.z) * coarse.size.y + Int(place.y)) * coarse.size.x + Int(place.x)
          let value = other[(k * turned.size.y + j) * turned.size.x + i]
          #expect(abs(value - straight[index]) < 2e-6)
        }
      }
    }
  }

  @Test func anObliqueGridMeasuresALinearRampExactlyInside() throws {
    let grid = Grid(size: SIMD3(24, 24, 24), affine: .identity)
    var ramp: [Float] = []
    for k in 0..<24 { for j in 0..<24 { for i in 0..<24 { ramp.append(Float(i + 2 * j - k)) } } }
    let (c, s) = (2 * cos(0.3), 2 * sin(0.3))
    let oblique = Grid(
      size: SIMD3(5, 5, 5),
      affine: Affine(
        i: SIMD3(c, s, 0), j: SIMD3(-s, c, 0), k: SIMD3(0, 0, 2), translation: SIMD3(9, 6, 8)))
    let measurement = try MeasurementModel(of: grid, on: oblique, blur: .uniform(1))
    let measured = try values(measurement, of: ramp)
    #expect(measurement.insideVolume() == nil)
    for k in 0..<5 {
      for j in 0..<5 {
        for i in 0..<5 {
          let place = oblique.affine.apply(SIMD3(Double(i), Double(j), Double(k)))
          let expected = place.x + 2 * place.y - place.z
          // A symmetric blur keeps a ramp; the mirrored edges reach less than 0.01 in here.
          #expect(abs(Double(measured[(k * 5 + j) * 5 + i]) - expected) < 0.02)
        }
      }
    }
  }

  @Test func voxelsOutsideTheVolumeAreKnown() throws {
    let grid = Grid(size: SIMD3(8, 8, 8), affine: .identity)
    let beside = Grid(
      size: SIMD3(4, 4, 4),
      affine: Affine(diagonal: SIMD3(repeating: 2), translation: SIMD3(4.5, 0.5, 0.5)))
    let inside = try #require(
      try MeasurementModel(of: grid, on: beside, blur: .uniform(0)).insideVolume())
    // i at 4.5, 6.5 and beyond 7.5.
    for index in inside.indices { #expect(inside[index] == (index % 4 < 2)) }
  }

  @Test func noiseOfKnownStrengthIsFound() throws {
    let size = SIMD3(40, 40, 40)
    let voxels = [Float](repeating: 100, count: 64000)
    let plan = try Grid(size: size, affine: .identity).degraded(
      by: DegradationRequest(.cubic, .scale(SIMD3(repeating: 1))))
    let noisy = try plan.run(
      voxels, noise: NoiseModel(.gaussian, .sigma(3), seed: 7), pool: pool
    ).values
    let estimate = try #require(
      NoiseEstimate.standardDeviation(noisy, size: size, isCounted: nil))
    // The median of 8000 values has a standard error of about 1.2 %: four of them.
    #expect(abs(estimate - 3) < 0.15)
  }

  @Test func aBackgroundWithRingingDoesNotCount() {
    let size = SIMD3(10, 10, 10)
    var voxels: [Float] = []
    for k in 0..<10 {
      for j in 0..<10 {
        for i in 0..<10 {
          let isObject = [i, j, k].allSatisfy { (3...6).contains($0) }
          voxels.append(isObject ? Float(60 + 5 * i) : Float(i % 2 == 0 ? 0.4 : -0.4))
        }
      }
    }
    let object = ObjectMask.voxels(voxels, size: size, range: 90)
    #expect(object?.reduce(0) { $0 + ($1 ? 1 : 0) } == 64)
    // Corners that differ are no background.
    voxels[0] = 50
    #expect(ObjectMask.voxels(voxels, size: size, range: 90) == nil)
    #expect(ObjectMask.voxels([Float](repeating: 1, count: 1000), size: size, range: 0) == nil)
  }

  @Test func spectraHaveTheirLineWhereTheWaveIs() throws {
    let size = SIMD3(64, 6, 5)
    var voxels: [Float] = []
    for _ in 0..<30 { for i in 0..<64 { voxels.append(Float(cos(2 * .pi * 10 * Double(i) / 64))) } }
    let spectrum = try LineSpectrum(voxels, size: size, axis: 0, pool: pool)
    #expect(spectrum.power.count == 33)
    #expect(spectrum.power.indices.max { spectrum.power[$0] < spectrum.power[$1] } == 10)
    // sum w^2 = 3/8 N; |sum w cos|^2 = (N/4)^2 at the wave's own frequency.
    #expect(abs(spectrum.power[10] - 16 * 16 / (64 * 24.0)) < 1e-6)
    // Lines along the other axes are constant and count for nothing.
    #expect(try LineSpectrum(voxels, size: size, axis: 1, pool: pool).power.allSatisfy { $0 == 0 })
  }
}
