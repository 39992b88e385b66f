/// The input of measurements: made up, the same on every machine.
///
/// Smooth waves with a tenth of noise, all values in 0...1, no two neighbours alike: nothing that a
/// shortcut for constant background could skip, unless one is asked for.
public struct SyntheticVolume: Sendable {
  /// Voxels along i, j, k.
  public let size: SIMD3<Int>
  /// i fastest.
  public let voxels: [Float]

  /// Share of the volume outside the object, which is 0 there; 0: no background.
  public let background: Double

  /// In words, for reports.
  public static func description(background: Double) -> String {
    let percent = Int((100 * background).rounded())
    return "waves and noise in 0...1, "
      + (background > 0 ? "\(percent) % background around an ellipsoid" : "no background")
  }

  /// Makes a volume of a size.
  ///
  /// - Parameters:
  ///   - size: Voxels along i, j, k.
  ///   - background: Share of the volume outside an ellipsoid in its middle, which is 0 there; at
  ///     least what the largest ellipsoid leaves (0.48) where it is not 0.
  public init(size: SIMD3<Int>, background: Double = 0) {
    self.size = size
    self.background = background
    // An ellipsoid with these shares of the half axes has the share pi / 6 r^3 of its box.
    let radius = background > 0 ? Self.cubeRoot((1 - background) * 6 / .pi) : .infinity
    func offset(_ index: Int, _ count: Int) -> Double {
      (Double(2 * index + 1) / Double(count) - 1) * (Double(2 * index + 1) / Double(count) - 1)
    }
    var voxels: [Float] = []
    voxels.reserveCapacity(size.x * size.y * size.z)
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x {
          let distance = offset(i, size.x) + offset(j, size.y) + offset(k, size.z)
          guard distance < radius * radius else {
            voxels.append(0)
            continue
          }
          let wave = Self.wave(i, period: 24) + Self.wave(j, period: 30) + Self.wave(k, period: 20)
          voxels.append(0.3 * wave + 0.1 * Self.noise(voxels.count))
        }
      }
    }
    self.voxels = voxels
  }

  /// By Newton's method; the same in every library.
  private static func cubeRoot(_ value: Double) -> Double {
    (0..<60).reduce(max(value, 1e-9)) { root, _ in
      (2 * root + value / (root * root)) / 3
    }
  }

  /// A parabola up and one down per period, from 0 to 1: like a sine, but the same in every library.
  private static func wave(_ index: Int, period: Int) -> Float {
    let phase = Float(index % period) / Float(period) * 2
    let arc = phase < 1 ? 4 * phase * (1 - phase) : -4 * (phase - 1) * (2 - phase)
    return 0.5 + 0.5 * arc
  }

  /// A value in 0..<1 by an integer hash.
  private static func noise(_ index: Int) -> Float {
    var bits = UInt32(truncatingIfNeeded: index) &* 0x9E37_79B9
    bits = (bits ^ (bits >> 16)) &* 0x7FEB_352D
    bits = (bits ^ (bits >> 15)) &* 0x846C_A68B
    return Float((bits ^ (bits >> 16)) >> 8) * 0x1p-24
  }
}
