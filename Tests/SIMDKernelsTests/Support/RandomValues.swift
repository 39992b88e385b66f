import RandomNumbers

/// Reproducible values in [-1, 1), the same on every machine.
struct RandomValues {
  private var numbers: SplitMix64

  init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

  mutating func next() -> Float { numbers.nextSigned() }

  mutating func values(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in next() * scale }
  }
}
