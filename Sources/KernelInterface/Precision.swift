/// How multiplied values are stored in fast paths; sums are float32 always.
public enum Precision: String, BitwiseCopyable, CaseIterable, Sendable {
  /// 24 significant bits.
  case float32
  /// The upper half of a float32: 8 significant bits, rounded to nearest, ties to even.
  case bfloat16
}

/// Numbers as the upper 16 bits of a float32, and pairs of them in the place of one float.
///
/// A pair holds the first number in the lower half. Kernels read pairs wherever they read floats, so
/// that layouts and strides in floats are the same for both precisions.
public enum BFloat16 {
  /// The float32 that a rounded value stands for.
  public static func rounded(_ value: Float) -> Float {
    guard !value.isNaN else { return value }
    let bits = value.bitPattern
    return Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000)
  }

  /// Two finite values, rounded, in the place of one float.
  ///
  /// What would round to infinity becomes the largest finite number: skipping zeros is exact for
  /// finite weights only.
  public static func pair(_ first: Float, _ second: Float) -> Float {
    let largest = Float(bitPattern: 0x7F7F_0000)
    let pair = (min(max(first, -largest), largest), min(max(second, -largest), largest))
    return Float(bitPattern: rounded(pair.0).bitPattern >> 16 | rounded(pair.1).bitPattern)
  }

  /// The two values of a pair.
  public static func values(_ pair: Float) -> (Float, Float) {
    (Float(bitPattern: pair.bitPattern << 16), Float(bitPattern: pair.bitPattern & 0xFFFF_0000))
  }
}
