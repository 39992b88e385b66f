import Foundation
import RandomNumbers
import Volumes

enum RandomGrids {
  /// The 48 ways in which voxel axes can run along patient axes, with unlike spacings.
  static let orientations: [Affine] = {
    var all: [Affine] = []
    let axes = [SIMD3<Double>(1, 0, 0), SIMD3<Double>(0, 1, 0), SIMD3<Double>(0, 0, 1)]
    for (a, b, c) in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)] {
      for signs in 0..<8 {
        func sign(_ bit: Int) -> Double { signs >> bit & 1 == 0 ? 1 : -1 }
        all.append(
          Affine(
            i: axes[a] * (0.8 * sign(0)), j: axes[b] * (0.9 * sign(1)),
            k: axes[c] * (1.3 * sign(2)),
            translation: SIMD3(-91.5, 44.25, 12.75)))
      }
    }
    return all
  }()

  /// A rotation by a random axis and angle, with spacings and a shift.
  static func oblique(_ generator: inout SplitMix64) -> Affine {
    let q = QuaternionForm(
      b: .random(in: -0.55...0.55, using: &generator),
      c: .random(in: -0.55...0.55, using: &generator),
      d: .random(in: -0.55...0.55, using: &generator),
      qfac: Bool.random(using: &generator) ? 1 : -1,
      offset: SIMD3(
        .random(in: -200...200, using: &generator), .random(in: -200...200, using: &generator),
        .random(in: -200...200, using: &generator)),
      spacing: SIMD3(
        .random(in: 0.3...5, using: &generator), .random(in: 0.3...5, using: &generator),
        .random(in: 0.3...5, using: &generator)))
    return q.affine
  }

  /// An oblique map whose columns are not perpendicular.
  static func sheared(_ generator: inout SplitMix64) -> Affine {
    var affine = oblique(&generator)
    affine.columns.j += affine.columns.i * Double.random(in: 0.1...0.4, using: &generator)
    affine.columns.k -= affine.columns.j * Double.random(in: 0.1...0.4, using: &generator)
    return affine
  }

  /// All orientations, and twenty each of oblique and sheared maps.
  static func affines() -> [Affine] {
    var generator = SplitMix64(seed: 8)
    let obliques = (0..<20).map { _ in oblique(&generator) }
    let shears = (0..<20).map { _ in sheared(&generator) }
    return orientations + obliques + shears
  }
}
