import Files
import FusedInference
import Profiling

/// What `bench` prints for the eye: what was measured on what, then a line per result.
struct BenchText {
  private let outcome: BenchOutcome

  init(_ outcome: BenchOutcome) { self.outcome = outcome }

  var text: String {
    var parts = [Columns.text(facts), BenchTable.text(outcome.results)]
    let notes = self.notes
    if !notes.isEmpty { parts.append(notes.joined(separator: "\n")) }
    if outcome.request.hasProfile {
      parts += profiled.map(ProfileTable.text)
    }
    return parts.joined(separator: "\n\n")
  }

  /// Results with steps; the whole of a job contains those of its parts.
  private var profiled: [BenchResult] {
    outcome.runs.flatMap { run in
      let results = run.results.filter { !$0.measured.steps.isEmpty }
      let whole = results.filter {
        $0.measured.label == UpsampleBenchmark.Part.upsample.rawValue
      }
      return whole.isEmpty ? results : whole
    }
  }

  // MARK: - Above the table

  private var facts: [(String, String)] {
    let machine = outcome.machine
    let run = outcome.runs[0]
    let load = machine.load.map { "; load \(NumberText.fixed($0, decimals: 2))" } ?? ""
    let nodes = counted(run.numaNodes, "NUMA node")
    var lines = [
      ("machine", "\(machine.cpu), \(nodes)\(load)"),
      (
        "program",
        "arssr \(Arssr.version), \(BuildDescription.configuration), \(BuildDescription.compiler)"
          + (machine.programSHA256.map { ", build \($0.prefix(12))" } ?? "")
      ),
    ]
    lines += outcome.runs.filter(isFirstOfItsPeak).map { ("peak", Self.peakText($0)) }
    let workloads = outcome.request.workloads
    if workloads.contains(where: { $0 != .kernels }) {
      let subject = outcome.subject
      lines.append(
        (
          "input",
          "\(SizeText.text(subject.size)) -> \(SizeText.text(subject.targetSize)), synthetic: "
            + SyntheticVolume.description(background: subject.background)
        ))
      if workloads.contains(where: { $0 != .kernels && $0 != .io }) {
        lines.append(("model", subject.description))
      }
    }
    return lines
  }

  /// A sweep over tiles measures the same peak again and again.
  private func isFirstOfItsPeak(_ run: BenchRun) -> Bool {
    outcome.request.sweep != .tile || run.setting.tile == outcome.runs[0].setting.tile
  }

  private static func peakText(_ run: BenchRun) -> String {
    let peaks = run.peaks
    let one = NumberText.short(peaks.oneCore * 1e-9, significant: 4)
    let copy = NumberText.short(peaks.copyOneCore * 1e-9, significant: 3)
    let pairs =
      ", bfloat16 \(NumberText.short(peaks.pairsAllCores * 1e-9, significant: 4))"
    guard run.threads > 1 else {
      return "\(run.instructionSet): \(one) GFLOP/s on 1 core\(pairs), copying \(copy) GB/s"
    }
    let all = NumberText.short(peaks.allCores * 1e-9, significant: 4)
    let gain = NumberText.fixed(peaks.gain, decimals: 2)
    let copyAll = NumberText.short(peaks.copyAllCores * 1e-9, significant: 3)
    return "\(run.instructionSet): \(one) GFLOP/s on 1 core, \(all) on \(run.threads) "
      + "(\(gain) times)\(pairs), copying \(copy) and \(copyAll) GB/s"
  }

  // MARK: - Below the table

  private var notes: [String] {
    var lines: [String] = []
    let errors = outcome.runs.compactMap(\.error)
    if !errors.isEmpty, errors.allSatisfy({ $0.largest == 0 }) {
      lines.append("error: none, the same values as by the direct path")
    }
    for run in outcome.runs {
      let label = run.setting.label.map { " \($0)" } ?? ""
      if !run.layerCounts.isEmpty {
        let counts = run.layerCounts.map {
          "\($0.layers) \($0.algorithm.rawValue) in \($0.precision.rawValue)"
        }
        lines.append("layers\(label): " + counts.joined(separator: ", "))
      }
      if let error = run.error, error.largest > 0 {
        lines.append("error\(label): " + Self.text(error))
      }
      if let used = run.results.map(\.measured.usedUnits).first(where: { !$0.isEmpty }) {
        let shares = used.map { NumberText.fixed(100 * $0, decimals: 0) }
        lines.append(
          "decoder\(label): of the hidden units \(shares.joined(separator: ", ")) % were used, layer "
            + "by layer; zeros are skipped")
      }
      if let left = run.results.compactMap(\.measured.leftOut).first {
        let shares = [left.voxels, left.encoder, left.decoder].map {
          NumberText.fixed(100 * $0, decimals: 0)
        }
        lines.append(
          "background\(label): \(shares[0]) % of the voxels; of the encoder's work \(shares[1]) % and "
            + "of the decoder's \(shares[2]) % were left out")
      }
      for result in run.results where result.measured.label == "memory" {
        guard let planned = result.measured.plannedBytes else { continue }
        let peak = result.measured.peakBytes
        let ratio = NumberText.fixed(Double(planned) / Double(max(peak, 1)), decimals: 2)
        lines.append(
          "memory\(label): planned \(ByteSize.text(planned)), measured \(ByteSize.text(peak)) "
            + "(\(ratio) times)")
      }
    }
    lines += gains
    if outcome.request.compare != nil {
      lines.append(
        "ratio: seconds before / seconds now; * every run beyond every run of the other time; "
          + "- not measured then")
    }
    return lines
  }

  /// What a sweep over threads gained, against what the peak itself gained.
  private var gains: [String] {
    outcome.gains.map { gain in
      let times = NumberText.fixed(gain.times, decimals: 2)
      let peak = NumberText.fixed(gain.ofPeak, decimals: 2)
      return "\(gain.label): \(times) times as fast as with 1 thread, the peak \(peak) times "
        + "(\(NumberText.fixed(100 * gain.share, decimals: 0)) % of it)"
    }
  }

  private static func text(_ error: PathError) -> String {
    "at most \(Float(error.largest)) of the range from the direct path, rms "
      + "\(Float(error.rms)) (allowed \(Float(error.budget)))"
  }
}
