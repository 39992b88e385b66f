import RandomNumbers

/// A small made-up volume, the same on every machine, that resembles an image of a head in what
/// decides which hidden units are active: regions of a few even intensities with bent borders, voxels
/// that lie across them, and noise.
///
/// Made without functions whose last bits depend on a library.
enum SampleVolume {
  /// Voxels along i, j, k: few planes, because the encoder reads its filters again for every slab.
  static let size = SIMD3(8, 8, 4)

  /// Normalised intensities, i fastest.
  static var voxels: [Float] {
    var random = SplitMix64(seed: 1)
    let waves = (0..<waveCount).map { _ in Wave(&random) }
    var voxels: [Float] = []
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x {
          var sum = 0.0
          // Eight points of a voxel, so that borders pass through voxels.
          for corner in 0..<8 {
            let halves = SIMD3(2 * i + corner % 2, 2 * j + corner / 2 % 2, 2 * k + corner / 4)
            sum += level(at: SIMD3<Double>(halves) / 2, waves: waves)
          }
          voxels.append(Float(sum / 8 + noise * (2 * random.nextShare() - 1)))
        }
      }
    }
    return voxels
  }

  private static let waveCount = 12
  /// Waves per voxel along an axis, at most.
  private static let frequency = 0.1
  private static let noise = 0.06

  private static func level(at place: SIMD3<Double>, waves: [Wave]) -> Double {
    let height = waves.reduce(0) { $0 + $1.height(at: place) }
    let thresholds = [-1.7, -0.5, 0.7, 1.9]
    let levels = [0, 0.25, 0.55, 0.8, 0.95]
    return levels[thresholds.count(where: { height >= $0 })]
  }

  /// A plane wave of triangles, from -1 to 1.
  private struct Wave {
    private let direction: SIMD3<Double>
    private let phase: Double

    init(_ random: inout SplitMix64) {
      func component() -> Double { (2 * random.nextShare() - 1) * frequency }
      direction = SIMD3(component(), component(), component())
      phase = random.nextShare()
    }

    func height(at place: SIMD3<Double>) -> Double {
      let position = (direction * place).sum() + phase
      return 4 * abs(position - position.rounded(.down) - 0.5) - 1
    }
  }
}

extension SplitMix64 {
  /// A value in [0, 1), a multiple of 2^-24.
  fileprivate mutating func nextShare() -> Double { Double(next() >> 40) * 0x1p-24 }
}
