import Foundation
import Testing
import Volumes
import Workers

@testable import Degradation

/// What must hold for every operator, whatever the numbers.
@Suite struct InvarianceTests {
  private static let requests: [(DegradationOperator, SIMD3<Double>)] =
    DegradationOperator.allCases.map { method in
      (method, method == .block ? SIMD3(2, 3, 1) : SIMD3(2.3, 3, 1))
    }

  private func volume(_ size: SIMD3<Int>) -> Volume {
    var voxels: [Float] = []
    for index in 0..<(size.x * size.y * size.z) {
      voxels.append(Float((index * 7919) % 1009) / 1009 + Float(sin(0.01 * Double(index))))
    }
    return Volume(grid: Grid(size: size, affine: .identity), voxels: voxels)
  }

  private func run(
    _ method: DegradationOperator, _ scale: SIMD3<Double>, _ volume: Volume, threads: Int,
    noise: NoiseModel? = nil
  ) throws -> [Float] {
    let plan = try volume.grid.degraded(by: DegradationRequest(method, .scale(scale)))
    let pool = try WorkerPool(threads: threads)
    return try plan.run(volume.voxels, noise: noise, pool: pool).values
  }

  @Test(arguments: requests) func threadsDoNotChangeAByte(
    _ method: DegradationOperator, _ scale: SIMD3<Double>
  ) throws {
    let volume = volume(SIMD3(37, 26, 19))
    let noise = NoiseModel(.rician, .share(0.03), seed: 5)
    let one = try run(method, scale, volume, threads: 1, noise: noise)
    for threads in [2, 3] {
      #expect(try run(method, scale, volume, threads: threads, noise: noise) == one)
    }
  }

  /// Weights sum to 1 to rounding, so the constant comes back to two units in its last place.
  @Test(arguments: requests) func constantsStay(
    _ method: DegradationOperator, _ scale: SIMD3<Double>
  ) throws {
    let grid = Grid(size: SIMD3(37, 26, 19), affine: .identity)
    let constant = Volume(
      grid: grid, voxels: [Float](repeating: 123.4, count: grid.voxelCount))
    for value in try run(method, scale, constant, threads: 2) {
      #expect(abs(value - 123.4) <= 2 * Float(123.4).ulp)
      if abs(value - 123.4) > 2 * Float(123.4).ulp { break }
    }
  }

  /// A linear ramp comes out with the values of the places where the affine puts the voxels, up to
  /// the mirrored ends, which the middle does not feel: 0.268^12 = 1.4e-7 of the range of 60.
  @Test(arguments: [DegradationOperator.cubic, .corner, .exact, .origin, .psf])
  func rampsComeOutWhereTheAffineSays(_ method: DegradationOperator) throws {
    let size = SIMD3(61, 60, 3)
    var voxels: [Float] = []
    for _ in 0..<size.z {
      for j in 0..<size.y { for i in 0..<size.x { voxels.append(Float(i) + 0.5 * Float(j)) } }
    }
    let grid = Grid(size: size, affine: .identity)
    let plan = try grid.degraded(by: DegradationRequest(method, .scale(SIMD3(2.3, 2, 1))))
    let pool = try WorkerPool(threads: 2)
    let result = try plan.run(voxels, pool: pool).values
    let out = plan.grid.size
    for j in 0..<out.y {
      for i in 0..<out.x {
        let place = plan.grid.affine.apply(SIMD3(Double(i), Double(j), 1))
        guard place.x > 12, place.x < 48, place.y > 12, place.y < 48 else { continue }
        let value = Double(result[(out.y + j) * out.x + i])
        #expect(abs(value - (place.x + 0.5 * place.y)) < 3e-5, "\(method) at \(i), \(j)")
      }
    }
  }

  @Test func masksClearWhatIsOutsideNoiseIncluded() throws {
    let volume = volume(SIMD3(12, 10, 8))
    let mask = RegionMask(
      voxels: (0..<960).map { $0 % 12 < 6 ? 1 : 0 }, size: SIMD3(12, 10, 8))
    let plan = try volume.grid.degraded(by: DegradationRequest(.cubic, .scale(SIMD3(2, 2, 2))))
    let pool = try WorkerPool(threads: 2)
    let noise = NoiseModel(.rician, .sigma(0.1), seed: 1)
    let plain = try plan.run(volume.voxels, noise: noise, pool: pool).values
    let masked = try plan.run(volume.voxels, noise: noise, mask: mask, pool: pool).values
    for index in plain.indices {
      #expect(masked[index] == (index % 6 < 3 ? plain[index] : 0))
    }
  }

  @Test func cuttingToMultiplesKeepsVoxelsInPlace() throws {
    let volume = volume(SIMD3(13, 12, 4))
    var request = DegradationRequest(.cubic, .scale(SIMD3(4, 4, 1)))
    request.crops = true
    let plan = try volume.grid.degraded(by: request)
    #expect(plan.grid.size == SIMD3(3, 3, 4))
    #expect(plan.grid.affine.translation == SIMD3(1.5, 1.5, 0))
    #expect(plan.axes[0].usedSize == 12)
    // The same as a volume that was cut before.
    let cut = Volume(
      grid: Grid(size: SIMD3(12, 12, 4), affine: .identity),
      voxels: (0..<(12 * 48)).map { volume.voxels[$0 / 12 * 13 + $0 % 12] })
    let pool = try WorkerPool(threads: 1)
    request.crops = false
    let expected = try cut.grid.degraded(by: request).run(cut.voxels, pool: pool)
    let actual = try plan.run(volume.voxels, pool: pool)
    #expect(actual.values == expected.values)
  }

  @Test func aCancelledRunEndsWithoutAResult() throws {
    let volume = volume(SIMD3(13, 12, 4))
    let plan = try volume.grid.degraded(by: DegradationRequest(.cubic, .scale(SIMD3(2, 2, 2))))
    let monitor = DegradationMonitor()
    monitor.cancel()
    let pool = try WorkerPool(threads: 1)
    #expect(throws: DegradationError.cancelled) {
      try plan.run(volume.voxels, pool: pool, monitor: monitor)
    }
  }
}
