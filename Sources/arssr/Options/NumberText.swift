import Files

/// Reading and printing numbers: a point, no grouping, whatever the locale says.
enum NumberText {
  /// A whole number in decimal digits with an optional sign.
  static func integer(_ text: some StringProtocol) -> Int? {
    guard text.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "-") }) else { return nil }
    return Int(text)
  }

  /// A finite number in decimal notation; words (`nan`, `inf`) and hexadecimal are none.
  static func real(_ text: some StringProtocol) -> Double? {
    guard text.utf8.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }),
      let value = Double(String(text)), value.isFinite
    else { return nil }
    return value
  }

  /// The shortest text that reads back as the same number, without a fraction where there is none.
  static func text(_ value: Double) -> String { value.plainText }

  /// At most `significant` digits, for the eye: `0.400442`, `2.5`, `12345`, `3.1e-12`.
  static func short(_ value: Double, significant: Int = 6) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var power = 0
    while abs(value) >= scale(power + 1) { power += 1 }
    while abs(value) < scale(power) { power -= 1 }
    if power < -6 {
      return fixed(value * scale(-power), decimals: significant - 1, trimmed: true) + "e\(power)"
    }
    return fixed(value, decimals: max(0, significant - 1 - power), trimmed: true)
  }

  /// Three digits and a decimal prefix, for large counts: `1.4 T`, `415 k`.
  static func counted(_ value: Int) -> String {
    let prefixes = ["", " k", " M", " G", " T", " P", " E"]
    var scaled = Double(value)
    var index = 0
    while scaled >= 999.5, index + 1 < prefixes.count {
      scaled /= 1000
      index += 1
    }
    return short(scaled, significant: 3) + prefixes[index]
  }

  /// Rounded to a number of decimals.
  static func fixed(_ value: Double, decimals: Int, trimmed: Bool = false) -> String {
    let factor = scale(decimals)
    let scaled = (abs(value) * factor).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let digits = Int(scaled)
    let sign = value < 0 && digits != 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(digits) }
    let whole = digits / Int(factor)
    var fraction = String(digits % Int(factor))
    fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
    if trimmed {
      while fraction.hasSuffix("0") { fraction.removeLast() }
    }
    return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }

  private static func scale(_ power: Int) -> Double {
    var factor = 1.0
    for _ in 0..<abs(power) { factor *= 10 }
    return power < 0 ? 1 / factor : factor
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
