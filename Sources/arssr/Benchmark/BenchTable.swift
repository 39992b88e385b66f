import Profiling

/// A line per result.
enum BenchTable {
  static func text(_ results: [BenchResult]) -> String {
    let isCompared = results.contains { $0.comparison != nil }
    var rows = [
      ["", "median", "min", "spread", "effective", "executed", "peak", "voxels", "memory"],
      ["", "", "", "%", "GFLOP/s", "GFLOP/s", "%", "M/s", "MiB"],
    ]
    if isCompared {
      rows[0].append("ratio")
      rows[1].append("")
    }
    for result in results {
      let measured = result.measured
      let computes = measured.operations > 0
      var row = [
        result.label, time(measured.seconds.median), time(measured.seconds.minimum),
        NumberText.fixed(100 * measured.seconds.spread, decimals: 1),
        computes ? giga(measured.effectivePerSecond) : "-",
        computes ? giga(measured.executedPerSecond) : "-",
        result.shareOfPeak.map { NumberText.fixed(100 * $0, decimals: 1) } ?? "-",
        NumberText.fixed(measured.voxelsPerSecond * 1e-6, decimals: 2),
        NumberText.fixed(Double(measured.peakBytes) / 0x1p20, decimals: 0),
      ]
      if isCompared { row.append(result.comparison.map(ratio) ?? "-  ") }
      rows.append(row)
    }
    return TextTable.aligned(rows)
  }

  /// Four digits in the unit that suits: `12.31 ms`.
  static func time(_ seconds: Double) -> String {
    let (factor, unit) =
      seconds >= 1 ? (1.0, "s ") : seconds >= 1e-3 ? (1e3, "ms") : (1e6, "us")
    let value = seconds * factor
    let decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3
    return "\(NumberText.fixed(value, decimals: decimals)) \(unit)"
  }

  static func giga(_ rate: Double) -> String { NumberText.fixed(rate * 1e-9, decimals: 1) }

  private static func ratio(_ comparison: Comparison) -> String {
    NumberText.fixed(comparison.ratio, decimals: 2) + (comparison.isOutsideSpread ? " *" : "  ")
  }
}

/// A line per step of a result.
enum ProfileTable {
  static func text(_ result: BenchResult) -> String {
    var rows = [
      [result.label, "calls", "time", "time", "effective", "executed", "peak", "moved", "moving"],
      ["", "", "", "%", "GFLOP/s", "GFLOP/s", "%", "MiB", "GB/s"],
    ]
    for row in StepProfile(result).rows {
      let computes = row.executedPerSecond > 0
      rows.append([
        (row.stage.isEmpty ? "" : row.stage + " ") + row.name, "\(row.calls)",
        BenchTable.time(row.seconds), NumberText.fixed(100 * row.share, decimals: 1),
        row.effectivePerSecond > 0 ? BenchTable.giga(row.effectivePerSecond) : "-",
        computes ? BenchTable.giga(row.executedPerSecond) : "-",
        computes ? NumberText.fixed(100 * row.shareOfPeak, decimals: 1) : "-",
        row.bytes > 0 ? NumberText.fixed(Double(row.bytes) / 0x1p20, decimals: 1) : "-",
        row.bytes > 0 ? NumberText.fixed(row.bytesPerSecond * 1e-9, decimals: 1) : "-",
      ])
    }
    return TextTable.aligned(rows)
  }
}
