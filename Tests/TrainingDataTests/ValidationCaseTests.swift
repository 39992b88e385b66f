import Foundation
import Testing
import Workers

@testable import Training

@Suite struct ValidationCaseTests {
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
