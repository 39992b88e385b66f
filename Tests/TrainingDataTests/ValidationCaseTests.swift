import Foundation
import Testing
import Volumes
import Workers

@testable import Training

@Suite struct ValidationCaseTests {
  /// A blurred case is blurred to its voxel size; with the blur divided out the network sees the
  /// restored volume, and is compared with cubic interpolation of the volume as it was.
  @Test func blurIsDividedOutForTheNetworkOnly() throws {
    let pool = try WorkerPool(threads: 2)
    let volume = volume(SIMD3(60, 60, 60)) { i, j, k in
      0.5 + 0.1 * (sin(0.5 * i) + cos(0.45 * j) + sin(0.4 * k))
    }
    func item(_ deconvolution: Deconvolution?) throws -> ValidationCase {
      try ValidationCase(
        volume, scale: SIMD3(2, 2, 2), source: .blurred(0...1.5), deconvolution: deconvolution,
        edge: 30, workers: pool)
    }
    let (blurred, restored) = (try item(nil), try item(Deconvolution(lambda: 0)))
    #expect(blurred.sample.psf == 1 && restored.sample.psf == 1)
    #expect(restored.cubic == blurred.sample.base && blurred.cubic == blurred.sample.base)
    func error(_ values: [Float]) -> Float {
      zip(values, blurred.sample.targets).map { abs($0 - $1) }.max() ?? 0
    }
    #expect(error(restored.sample.base) < 0.2 * error(restored.cubic))
  }

  /// On a ramp the box's linear interpolation at each point is the truth, and so is the base.
  @Test(arguments: [SIMD3<Double>(2, 2, 2), SIMD3(1, 1, 3), SIMD3(2.5, 2.5, 2.5)])
  func truthAndBaseBelongToTheBox(_ scale: SIMD3<Double>) throws {
    let pool = try WorkerPool(threads: 2)
    let volume = volume(SIMD3(90, 90, 90), ramp)
    for source in [DataSettings.Source.plain(.exact), .blurred(1...1)] {
      let item = try ValidationCase(volume, scale: scale, source: source, edge: 30, workers: pool)
      #expect(item.sample.patch.count == item.size.x * item.size.y * item.size.z)
      #expect(item.sample.psf == (source == .plain(.exact) ? 0 : 1))
      guard case .grid(let i, let j, let k) = item.sample.points else {
        Issue.record("no grid")
        return
      }
      for (axis, along) in [i, j, k].enumerated() {
        let edge = Double(Int(30 / scale[axis]))
        #expect(abs(Double(along.count) - edge * scale[axis]) <= 1)
        #expect(along[0] >= 7.5 - 1e-9 && along[0] < 7.5 + 1 / scale[axis])
        #expect(item.size[axis] == Int(edge) + 16)
      }
      for ((place, truth), base) in zip(
        zip(positions(item.sample), item.sample.targets), item.sample.base)
      {
        let expected = interpolated(item.sample.patch, item.size, at: place)
        #expect(abs(Double(truth) - expected) < 2e-5)
        #expect(abs(truth - base) < 2e-5)
        if abs(truth - base) >= 2e-5 { break }
      }
    }
  }
}
