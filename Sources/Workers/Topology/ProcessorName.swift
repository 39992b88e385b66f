/// The name that the CPU gives itself, for reports.
public enum ProcessorName {
  /// From /proc/cpuinfo; `unknown` where that says nothing.
  public static let text: String = {
    for line in (SystemText.read("/proc/cpuinfo") ?? "").split(separator: "\n") {
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2, halves[0].hasPrefix("model name") else { continue }
      return String(halves[1].drop { $0 == " " })
    }
    return "unknown"
  }()
}
