import Glibc
import RandomNumbers

extension SplitMix64 {
  /// A value of the standard normal distribution (Box and Muller, 1958).
  mutating func nextNormal() -> Double {
    // In (0, 1]: its logarithm is finite.
    let radius = Double((next() >> 11) + 1) * 0x1p-53
    let turn = Double(next() >> 11) * 0x1p-53
    return (-2 * log(radius)).squareRoot() * cos(2 * Double.pi * turn)
  }
}
