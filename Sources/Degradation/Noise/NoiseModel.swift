import Glibc
import RandomNumbers
import Volumes
import Workers

/// Noise of a stated kind, level and seed.
///
/// The noise of a voxel depends on the seed, the voxel's linear index (i fastest) and the frame
/// alone. With Philox words r0, r1: u = (r0 + 1) 2^-32, v = r1 2^-32, and two normal numbers
/// sqrt(-2 ln u) (cos, sin)(2 pi v).
public struct NoiseModel: Sendable, Equatable {
  /// What noise does to a voxel x, with normal numbers n1 and n2.
  public enum Kind: String, Sendable, CaseIterable {
    /// sqrt((x + sigma n1)^2 + (sigma n2)^2): the magnitude of a complex image.
    case rician
    /// x + sigma n1.
    case gaussian
  }

  /// How strong.
  public enum Level: Sendable, Equatable {
    /// The standard deviation, in units of the volume.
    case sigma(Double)
    /// The standard deviation as a share of the volume's range before noise.
    case share(Double)
  }

  /// The kind.
  public var kind: Kind
  /// How strong.
  public var level: Level
  /// The seed.
  public var seed: UInt64

  /// Describes noise.
  public init(_ kind: Kind, _ level: Level, seed: UInt64) {
    self.kind = kind
    self.level = level
    self.seed = seed
  }

  /// The standard deviation for a volume.
  public func sigma(for voxels: UnsafeBufferPointer<Float>) -> Double {
    switch level {
    case .sigma(let sigma): return sigma
    case .share(let share):
      guard let range = IntensityRange(ofFinite: voxels) else { return 0 }
      return share * (Double(range.high) - Double(range.low))
    }
  }

  /// Adds the noise of standard deviation `sigma` in place; 0 changes nothing.
  ///
  /// - Parameters:
  ///   - voxels: A volume, i fastest.
  ///   - sigma: The standard deviation.
  ///   - stream: Tells uses of one seed apart; 0 for the noise of a volume.
  ///   - frame: The frame of a series.
  ///   - pool: Shares the voxels.
  public func add(
    to voxels: UnsafeMutableBufferPointer<Float>, sigma: Double, stream: UInt32 = 0,
    frame: Int = 0, pool: WorkerPool
  ) {
    guard sigma > 0 else { return }
    let key = Philox.key(seed: seed)
    let part = 1 << 13
    let target = SharedVoxels(voxels: voxels)
    pool.run((voxels.count + part - 1) / part) { item, _ in
      for index in (item * part)..<min(target.voxels.count, (item + 1) * part) {
        let counter = SIMD4(
          UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), stream,
          UInt32(truncatingIfNeeded: frame))
        let normal = Self.normals(counter: counter, key: key)
        target.voxels[index] = noisy(target.voxels[index], sigma, normal)
      }
    }
  }

  /// Two independent normal numbers.
  public static func normals(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD2<Double> {
    let words = Philox.words(counter: counter, key: key)
    let radius = (-2 * log((Double(words.x) + 1) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * (Double(words.y) * 0x1p-32)
    return SIMD2(radius * cos(angle), radius * sin(angle))
  }

  private func noisy(_ value: Float, _ sigma: Double, _ normal: SIMD2<Double>) -> Float {
    let real = Double(value) + sigma * normal.x
    switch kind {
    case .gaussian: return Float(real)
    case .rician:
      let imaginary = sigma * normal.y
      return Float((real * real + imaginary * imaginary).squareRoot())
    }
  }

  /// Items share no voxel, so workers may write at once.
  private struct SharedVoxels: @unchecked Sendable {
    let voxels: UnsafeMutableBufferPointer<Float>
  }
}
