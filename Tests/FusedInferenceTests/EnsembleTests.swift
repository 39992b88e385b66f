import FusedInference
import TestSupport
import Testing
import Volumes
import Workers

@Suite struct EnsembleTests {
  private static let size = SIMD3(5, 4, 3)

  /// A value of its own for every place.
  private func voxels(_ size: SIMD3<Int>) -> [Float] {
    (0..<(size.x * size.y * size.z)).map { Float($0 * $0 % 101) }
  }

  private func interpolated(
    _ voxels: [Float], _ size: SIMD3<Int>, _ sampling: Sampling
  ) throws
    -> [Float]
  {
    let pool = try WorkerPool(threads: 1)
    let prepared = PreparedSampling(sampling, inputSize: size, method: .linear)
    return Interpolator(voxels: voxels, sampling: prepared, pool: pool).interpolated(pool: pool)
  }

  private static let samplings: [Sampling] = {
    let straight = (0..<3).map { axis in
      SeparableSampling.Axis(
        positions: (0..<(2 * size[axis])).map { Double($0) / 2 - 0.25 }, outputAxis: axis,
        inputSize: size[axis])
    }
    var exchanged = straight
    exchanged[0].outputAxis = 2
    exchanged[2].outputAxis = 0
    exchanged[1].positions.reverse()
    let general = GeneralSampling(
      matrix: Affine(
        i: SIMD3(0.4, 0.1, 0), j: SIMD3(-0.1, 0.4, 0.05), k: SIMD3(0, 0.1, 0.5),
        translation: SIMD3(0.6, 0.2, 0.3)), outputSize: SIMD3(6, 5, 4), inputSize: size)
    return [
      .separable(SeparableSampling(axes: straight)),
      .separable(SeparableSampling(axes: exchanged)), .general(general),
    ]
  }()

  /// Linear interpolation is symmetric, so every turned run makes the same volume, and a mistake in
  /// any place of the 48 ways shows.
  @Test(arguments: samplings.indices)
  func turnedRunsOfASymmetricMethodAgree(_ number: Int) throws {
    let sampling = Self.samplings[number]
    let original = voxels(Self.size)
    let expected = try interpolated(original, Self.size, sampling)
    let all = Symmetry.all { _, _ in true }
    #expect(all.count == 48 && Symmetry.mirrorings.count == 8)
    for symmetry in all {
      let turned = symmetry.turned(sampling, size: Self.size)
      let values = try interpolated(
        symmetry.turned(original, size: Self.size), symmetry.turned(Self.size), turned.sampling)
      let sum = try EnsembleSum(count: expected.count, hasSpread: false)
      sum.begin(turned)
      // In two parts, as planes come.
      let plane = turned.sampling.outputSize.x * turned.sampling.outputSize.y
      values[..<plane].withUnsafeBufferPointer(sum.add)
      values[plane...].withUnsafeBufferPointer(sum.add)
      let actual = Array(sum.mean.elements)
      let difference = zip(actual, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(difference < 1e-4, "\(symmetry)")
    }
  }

  @Test func onlyAxesThatLookAlikeAreExchanged() {
    let all = Symmetry.all { $0 == $1 || ($0 != 2 && $1 != 2) }
    #expect(all.count == 16)
    #expect(all.allSatisfy { $0.order[2] == 2 })
    #expect(all[0] == .identity)
  }

  /// Three members: values far from 0 with a small spread, where sums of squares would fail, 1000 + 0, 1, 5,
  /// but for the first `alike`, which are 1000 in all.
  private static func sum(of count: Int, alike: Int = 0) throws -> EnsembleSum {
    let target = Symmetry.identity.turned(samplings[0], size: size)
    let sum = try EnsembleSum(count: count, hasSpread: true)
    for value: Float in [0, 1, 5] {
      sum.begin(target)
      let values = (0..<count).map { $0 < alike ? 1000 : 1000 + value }
      values.withUnsafeBufferPointer(sum.add)
    }
    return sum
  }

  @Test func meanAndSpreadAreThoseOfTheFormulas() throws {
    let sum = try Self.sum(of: 480)
    #expect(sum.mean.elements.allSatisfy { abs($0 - 1002) < 1e-3 })
    // ((2)^2 + 1 + 9) / 2 = 7.
    let spread = try #require(sum.standardDeviations())
    #expect(spread.elements.allSatisfy { abs($0 - 7.0.squareRoot().float) < 1e-3 })
  }

  @Test func expectedErrorsHaveAFloorWhereThereIsSpread() throws {
    let count = 480
    // The first half is the same in all members, as a kept background is.
    let sum = try Self.sum(of: count, alike: count / 2)
    let errors = try #require(sum.expectedErrors(floor: 3, factor: 2))
    #expect(errors.elements.prefix(count / 2).allSatisfy { $0 == 0 })
    // 3^2 + 2^2 x 7 = 37.
    let wanted = 37.0.squareRoot().float
    #expect(errors.elements.suffix(count / 2).allSatisfy { abs($0 - wanted) < 1e-3 })
  }
}

extension Double {
  fileprivate var float: Float { Float(self) }
}
