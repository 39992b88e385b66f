import Glibc

/// The generator of Steele, Lea and Flood (2014), which needs no more than a counter.
struct SplitMix64 {
  var state: UInt64

  private mutating func nextBits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A value in [-1, 1), a multiple of 2^-23.
  mutating func next() -> Float { Float(nextBits() >> 40) * 0x1p-23 - 1 }

  /// A value of the standard normal distribution (Box and Muller, 1958).
  mutating func nextNormal() -> Double {
    // In (0, 1]: its logarithm is finite.
    let radius = Double((nextBits() >> 11) + 1) * 0x1p-53
    let turn = Double(nextBits() >> 11) * 0x1p-53
    return (-2 * log(radius)).squareRoot() * cos(2 * Double.pi * turn)
  }
}
