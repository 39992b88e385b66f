/// Dates in provenance: `2026-01-31T08:05:09Z`.
enum UTCTime {
  /// The civil date of a time; the proleptic Gregorian calendar, no leap seconds.
  ///
  /// Years are counted from March, so that the leap day is the last of its year; 400 years have
  /// 146097 days.
  static func text(secondsSince1970 seconds: Int) -> String {
    let day = seconds.quotientRoundedDown(by: 86_400)
    let second = seconds - day * 86_400
    let marchDay = day + 719_468  // 0000-03-01 is day 0
    let era = marchDay.quotientRoundedDown(by: 146_097)
    let dayOfEra = marchDay - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(dayOfMonth, 2))"
      + "T\(digits(second / 3600, 2)):\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))Z"
  }

  private static func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}

extension Int {
  /// Division that rounds towards minus infinity; the divisor is positive.
  fileprivate func quotientRoundedDown(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
