import Foundation
import TestSupport
import Testing
import Workers

@testable import Volumes

/// A blur divided out, against its definition in double precision.
@Suite struct DeconvolutionTests {
  private static let lengths = [2, 3, 4, 7, 16, 33, 90]

  /// What a Gaussian of this full width leaves of a wave, from the transform of the Gaussian alone.
  private func damping(_ frequency: Double, _ width: Double) -> Double {
    let sigma = width / (2 * (2 * log(2.0)).squareRoot())
    return exp(-2 * Double.pi * Double.pi * sigma * sigma * frequency * frequency)
  }

  /// The first of eight lines that are all filtered.
  private func filtered(_ line: [Double], _ gain: (Double) -> Double) -> [Double] {
    let filter = MirroredLineFilter(length: line.count, gain: gain)
    var samples = line.map { SIMD8(repeating: $0) } + line.map { _ in SIMD8<Double>.zero }
    samples.withUnsafeMutableBufferPointer { filter.apply(to: $0) }
    return samples.prefix(line.count).map { $0[7] }
  }

  /// The definition: the mirrored line's Fourier coefficients, each times its gain.
  private func byDefinition(_ line: [Double], _ gain: (Double) -> Double) -> [Double] {
    let n = line.count
    let period = 2 * n - 2
    let mirrored = (0..<period).map { line[$0 < n ? $0 : period - $0] }
    return (0..<n).map { i in
      var total = 0.0
      for k in 0..<period {
        var coefficient = 0.0
        for (j, value) in mirrored.enumerated() {
          coefficient += value * cos(2 * Double.pi * Double(k * (i - j)) / Double(period))
        }
        let frequency = Double(min(k, period - k)) / Double(period)
        total += gain(frequency) * coefficient / Double(period)
      }
      return total
    }
  }

  /// Sums of up to 2n products of rounded weights; the sum of all weights' sizes is at most 2n gains.
  private func bound(_ length: Int, largestGain: Double) -> Double {
    32 * Double(length * length) * largestGain * 0x1p-53
  }

  @Test(arguments: lengths, [0, 0.01, 0.3])
  func linesAreFilteredByTheDefinition(_ length: Int, lambda: Double) {
    let line = (0..<length).map { sin(1.3 * Double($0 * $0)) }
    for width in [0.2, 1, 1.5] {
      let gain = { (frequency: Double) in
        let damping = self.damping(frequency, width)
        return damping * (1 + lambda) / (damping * damping + lambda)
      }
      let rule = Deconvolution(lambda: lambda)
      let result = filtered(line) { rule.gain(frequency: $0, width: width) }
      let largest = (0...100).map { gain(Double($0) / 200) }.max() ?? 1
      for (value, expected) in zip(result, byDefinition(line, gain)) {
        #expect(abs(value - expected) <= bound(length, largestGain: largest), "\(width)")
      }
    }
  }

  /// Every wave that a mirrored line can hold comes back from what the blur has left of it.
  @Test(arguments: lengths)
  func divisionIsExactWithoutLambda(_ length: Int) {
    for width in [0.3, 1, 1.5] {
      for wave in 0..<length {
        let frequency = Double(wave) / Double(2 * length - 2)
        let whole = (0..<length).map { cos(2 * Double.pi * frequency * Double($0)) }
        let left = damping(frequency, width)
        let rule = Deconvolution(lambda: 0)
        let result = filtered(whole.map { $0 * left }) { rule.gain(frequency: $0, width: width) }
        let bound = bound(length, largestGain: 1 / damping(0.5, width))
        for (value, expected) in zip(result, whole) { #expect(abs(value - expected) <= bound) }
      }
    }
  }

  /// A blurred Gaussian is a wider, lower one.
  ///
  /// Of one with a standard deviation of two voxels 5e-9 lies beyond half a cycle per voxel, which amplifies to 4e-8; the rest is float32's.
  @Test func aBlurredGaussianBecomesNarrowAgain() throws {
    let size = SIMD3(40, 31, 36)
    let widths = SIMD3(1.5, 1, 0)
    let deviation = 2.0
    let sigma = widths / (2 * (2 * log(2.0)).squareRoot())
    func bell(_ voxel: SIMD3<Int>, _ variance: SIMD3<Double>) -> Double {
      var value = 1.0
      for axis in 0..<3 {
        let distance = Double(voxel[axis]) - Double(size[axis] - 1) / 2
        value *=
          deviation / variance[axis].squareRoot()
          * exp(-distance * distance / (2 * variance[axis]))
      }
      return value
    }
    let narrow = SIMD3(repeating: deviation * deviation)
    let places = (0..<size.x * size.y * size.z).map {
      SIMD3($0 % size.x, $0 / size.x % size.y, $0 / (size.x * size.y))
    }
    var voxels = places.map { Float(bell($0, narrow + sigma * sigma)) }
    Deconvolution(lambda: 0).apply(
      to: &voxels, size: size, widths: widths, pool: try WorkerPool(threads: 2))
    for (value, place) in zip(voxels, places) {
      #expect(abs(Double(value) - bell(place, narrow)) < 2e-6)
    }
  }

  @Test func gainsAreOneForConstantsAndBounded() {
    for lambda in [0.001, 0.01, 0.2] {
      let rule = Deconvolution(lambda: lambda)
      for width in [0.5, 1, 3, 10] {
        #expect(rule.gain(frequency: 0, width: width) == 1)
        for step in 0...50 {
          let gain = rule.gain(frequency: Double(step) / 100, width: width)
          #expect(gain >= 0 && gain <= (1 + lambda) / (2 * lambda.squareRoot()) + 1e-12)
        }
      }
    }
  }

  /// White noise that was filtered has the standard deviation foretold.
  @Test func noiseGrowsAsForetold() throws {
    let size = SIMD3(64, 48, 40)
    let widths = SIMD3(1.4, 0.6, 1)
    var state: UInt64 = 1
    // The sum of twelve uniform numbers has a standard deviation of 1.
    var voxels = (0..<size.x * size.y * size.z).map { _ in
      (0..<12).reduce(Float(-6)) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Float(state >> 40) * 0x1p-24
      }
    }
    let rule = Deconvolution(lambda: 0.01)
    rule.apply(to: &voxels, size: size, widths: widths, pool: try WorkerPool(threads: 2))
    let measured = (voxels.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(voxels.count))
      .squareRoot()
    let foretold = (0..<3).reduce(1.0) { $0 * rule.noiseGain(width: widths[$1]) }
    // Mirrored ends count twice or half: a voxel in 40 at each.
    #expect(abs(measured / foretold - 1) < 0.05)
    #expect(abs(rule.noiseGain(width: 0) - 1) < 1e-12)
  }

  @Test func threadsChangeNoBit() throws {
    let size = SIMD3(21, 18, 15)
    let widths = SIMD3(1.2, 0.4, 0.9)
    let results = try [1, 2, 3, 5].map { threads in
      var voxels = testVolume(size)
      Deconvolution(lambda: 0.01).apply(
        to: &voxels, size: size, widths: widths, pool: try WorkerPool(threads: threads))
      return voxels
    }
    #expect(results.allSatisfy { $0 == results[0] })
    #expect(results[0] != testVolume(size))
  }

  /// Without a blur, or with one voxel only, nothing happens along an axis: planes that are filtered
  /// apart are those of the volume.
  @Test func axesWithoutBlurStayBitForBit() throws {
    let size = SIMD3(13, 9, 6)
    let pool = try WorkerPool(threads: 2)
    let volume = testVolume(size)
    let rule = Deconvolution(lambda: 0.01)
    var same = volume
    rule.apply(to: &same, size: size, widths: .zero, pool: pool)
    #expect(same.map(\.bitPattern) == volume.map(\.bitPattern))
    var whole = volume
    rule.apply(to: &whole, size: size, widths: SIMD3(1, 0.7, 0), pool: pool)
    let plane = size.x * size.y
    for k in 0..<size.z {
      var part = Array(volume[(k * plane)..<((k + 1) * plane)])
      rule.apply(to: &part, size: SIMD3(size.x, size.y, 1), widths: SIMD3(1, 0.7, 2), pool: pool)
      #expect(part == Array(whole[(k * plane)..<((k + 1) * plane)]))
    }
  }
}
