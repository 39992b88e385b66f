import TestSupport
import Testing
import Volumes
import Workers

@Suite struct InterpolatorInvarianceTests {
  private let size = SIMD3(21, 18, 15)

  @Test(arguments: InterpolationMethod.allCases)
  func threadsChangeNoBit(_ method: InterpolationMethod) throws {
    let voxels = testVolume(size)
    let plan = try Grid(size: size, affine: .identity).target(.scale(SIMD3(2, 1.9, 2.2)))
    let one = try interpolate(voxels, size, plan.sampling, method, threads: 1)
    for threads in [2, 3, 5] {
      #expect(try interpolate(voxels, size, plan.sampling, method, threads: threads) == one)
    }
  }

  @Test(arguments: InterpolationMethod.allCases)
  func rowsOnDemandAreTheWholeVolumeInAnyOrder(_ method: InterpolationMethod) throws {
    let voxels = testVolume(size)
    let plan = try Grid(size: size, affine: .identity).target(.scale(SIMD3(1.7, 2, 2.3)))
    let pool = try WorkerPool(threads: 1)
    let prepared = PreparedSampling(plan.sampling, inputSize: size, method: method)
    let interpolator = Interpolator(voxels: voxels, sampling: prepared, pool: pool)
    let whole = interpolator.interpolated(pool: pool)
    let box = prepared.rowBox
    var row = [Float](repeating: 7, count: box.x)
    for (j, k) in [(box.y - 1, 3), (0, 0), (4, box.z - 1), (4, box.z - 1)] {
      row.withUnsafeMutableBufferPointer { interpolator.row(j: j, k: k, into: $0) }
      let start = (k * box.y + j) * box.x
      #expect(Array(whole[start..<(start + box.x)]) == row)
      row.withUnsafeMutableBufferPointer { interpolator.row(j: j, k: k, into: $0, adding: true) }
      #expect(row.indices.allSatisfy { row[$0] == 2 * whole[start + $0] })
    }
  }

  @Test(arguments: InterpolationMethod.allCases)
  func theIdentityReturnsEveryBitIncludingMinusZero(_ method: InterpolationMethod) throws {
    var voxels = testVolume(size).map { $0 * 1234.5 }
    voxels[17] = -0.0
    let plan = try Grid(size: size, affine: .identity).target(.scale(SIMD3(1, 1, 1)))
    let result = try interpolate(voxels, size, plan.sampling, method)
    #expect(result.map(\.bitPattern) == voxels.map(\.bitPattern))
  }

  @Test(arguments: InterpolationMethod.allCases)
  func planesOfAnAxisThatIsKeptAreInterpolatedAlone(_ method: InterpolationMethod) throws {
    // With k kept, another plane's values must not matter.
    var voxels = testVolume(size)
    let plan = try Grid(size: size, affine: .identity).target(.scale(SIMD3(2, 2, 1)))
    let before = try interpolate(voxels, size, plan.sampling, method)
    for index in 0..<(size.x * size.y) { voxels[index] += 100 }
    let after = try interpolate(voxels, size, plan.sampling, method)
    let plane = 4 * size.x * size.y
    #expect(before[plane...] == after[plane...])
  }

  @Test(arguments: InterpolationMethod.allCases)
  func constantsStayConstant(_ method: InterpolationMethod) throws {
    let voxels = [Float](repeating: 321.5, count: size.x * size.y * size.z)
    let plan = try Grid(size: size, affine: .identity).target(.scale(SIMD3(2.3, 1.5, 3)))
    let result = try interpolate(voxels, size, plan.sampling, method)
    #expect(result.allSatisfy { abs($0 - 321.5) <= 321.5 * 1e-6 })
  }

  @Test(arguments: [InterpolationMethod.linear, .cubic])
  func rampsStayRampsAwayFromTheFaces(_ method: InterpolationMethod) throws {
    var voxels: [Float] = []
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x { voxels.append(Float(3 * i - 2 * j + 5 * k)) }
      }
    }
    let plan = try Grid(size: size, affine: .identity).target(.scale(SIMD3(2, 2, 2)))
    let result = try interpolate(voxels, size, plan.sampling, method)
    // The mirror bends a spline of a ramp at the faces; that fades by 0.27 per voxel.
    let box = size &* 2
    var largest = 0.0
    for k in 14..<16 {
      for j in 16..<20 {
        for i in 18..<24 {
          let u = SIMD3(Double(i), Double(j), Double(k)) / 2 - 0.25
          let expected = 3 * u.x - 2 * u.y + 5 * u.z
          largest = max(largest, abs(Double(result[(k * box.y + j) * box.x + i]) - expected))
        }
      }
    }
    #expect(largest <= 1e-3)
  }

  @Test(arguments: InterpolationMethod.allCases)
  func flippingTheInputFlipsTheResult(_ method: InterpolationMethod) throws {
    // Even factors have no half-way points, which nearest would send the other way.
    let voxels = testVolume(size)
    var flipped = voxels
    for index in voxels.indices {
      let (row, i) = index.quotientAndRemainder(dividingBy: size.x)
      flipped[row * size.x + size.x - 1 - i] = voxels[index]
    }
    let plan = try Grid(size: size, affine: .identity).target(.scale(SIMD3(2, 4, 2)))
    let first = try interpolate(voxels, size, plan.sampling, method)
    let second = try interpolate(flipped, size, plan.sampling, method)
    let width = size.x * 2
    let deviation = Deviation(
      expected: first.indices.map { index in
        let (row, i) = index.quotientAndRemainder(dividingBy: width)
        return Double(first[row * width + width - 1 - i])
      }, actual: second)
    #expect(deviation.maximum <= 1e-6, "\(deviation)")
  }
}
