/// The generator of weights that goldens of the related systems do not store: SplitMix64, uniform.
public enum GoldenGenerator {
  /// value_i = Float((2 u_i - 1) a), u_i in [0, 1) with 53 bits, i from 1; products in double.
  public static func values(seed: UInt64, amplitude: Double, count: Int) -> [Float] {
    (0..<count).map { index in
      var state = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
      state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
      state ^= state >> 31
      return Float((2 * (Double(state >> 11) * 0x1p-53) - 1) * amplitude)
    }
  }
}
