/// Numbers of bytes, as they are typed and printed.
public enum ByteSize {
  private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

  /// A number of bytes for the eye: `592 bytes`, `57.3 MiB`; powers of 1024, one decimal.
  public static func text(_ bytes: Int) -> String {
    guard bytes >= 1024 else { return "\(bytes) bytes" }
    var value = Double(bytes) / 1024
    var unit = 0
    // 1023.95 would print as 1024.0.
    while value >= 1023.95, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }

  /// The smallest whole number of MiB that holds `bytes`, in the form that options take: `293M`.
  public static func option(atLeast bytes: Int) -> String {
    "\(bytes / (1 << 20) + (bytes % (1 << 20) == 0 ? 0 : 1))M"
  }

  /// The number of bytes that a user typed: digits, a fraction allowed, then `K`, `M`, `G` or `T`
  /// (powers of 1024; `KiB`, `MB` and lower case are understood).
  ///
  /// - Returns: nil if the text is not of this form, negative, or beyond the range of `Int`.
  public static func parse(_ text: String) -> Int? {
    let lowered = text.lowercased()
    let number = lowered.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let factors: [String: Double] = ["": 1, "k": 0x1p10, "m": 0x1p20, "g": 0x1p30, "t": 0x1p40]
    var unit = lowered.dropFirst(number.count)
    for ending in ["ib", "b"] where unit.hasSuffix(ending) {
      unit = unit.dropLast(ending.count)
      break
    }
    guard let factor = factors[String(unit)], let value = Double(number) else { return nil }
    return Int(exactly: (value * factor).rounded(.down))
  }
}
