/// The input of measurements: made up, the same on every machine.
///
/// Smooth waves with a tenth of noise, all values in 0...1, no two neighbours alike: nothing that a
/// shortcut for constant background could skip.
public struct SyntheticVolume: Sendable {
  /// Voxels along i, j, k.
  public let size: SIMD3<Int>
  /// i fastest.
  public let voxels: [Float]

  /// In words, for reports.
  public static let description = "waves and noise in 0...1, no background"

  /// Makes a volume of a size.
  public init(size: SIMD3<Int>) {
    self.size = size
    var voxels: [Float] = []
    voxels.reserveCapacity(size.x * size.y * size.z)
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x {
          let wave = Self.wave(i, period: 24) + Self.wave(j, period: 30) + Self.wave(k, period: 20)
          voxels.append(0.3 * wave + 0.1 * Self.noise(voxels.count))
        }
      }
    }
    self.voxels = voxels
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
