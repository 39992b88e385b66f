import Files
import FusedInference
import Profiling

/// `arssr.bench/1`: what `bench --format json` prints and `--save` writes.
struct BenchReport {
  private let outcome: BenchOutcome
  private let warnings: [Notice]

  init(_ outcome: BenchOutcome, warnings: [Notice]) {
    self.outcome = outcome
    self.warnings = warnings
  }

  var json: JSON {
    .object([
      ("schema", .string("arssr.bench/1")), ("version", .string(Arssr.version)),
      ("programSHA256", .optional(outcome.machine.programSHA256)), ("machine", machine),
      ("subject", subject), ("exact", .boolean(outcome.request.computing.isExact)),
      ("results", .array(outcome.runs.flatMap { run in run.results.map { result($0, run) } })),
      ("warnings", RunReport.warnings(warnings)),
    ])
  }

  /// Peaks of the first setting; every result has those of its own.
  private var machine: JSON {
    let machine = outcome.machine
    let run = outcome.runs[0]
    return .object([
      ("cpu", .string(machine.cpu)), ("isa", .string(run.instructionSet)),
      ("threads", .integer(run.threads)), ("numaNodes", .integer(run.numaNodes)),
      ("load", machine.load.map(JSON.number) ?? .null),
      ("peakGflops", Self.giga(run.peaks.allCores)),
      ("peakGflopsOneCore", Self.giga(run.peaks.oneCore)),
      ("peakGflopsBfloat16", Self.giga(run.peaks.pairsAllCores)),
      ("peakGflopsBfloat16OneCore", Self.giga(run.peaks.pairsOneCore)),
      ("copyGBps", Self.giga(run.peaks.copyAllCores)),
      ("copyGBpsOneCore", Self.giga(run.peaks.copyOneCore)),
    ])
  }

  private var subject: JSON {
    let subject = outcome.subject
    return .object([
      ("model", .string(subject.name)), ("sha256", .optional(subject.sha256)),
      ("input", .string(SyntheticVolume.description(background: subject.background))),
      ("size", .integers(subject.size)),
      ("scale", .numbers(subject.scale)), ("targetSize", .integers(subject.targetSize)),
    ])
  }

  private func result(_ result: BenchResult, _ run: BenchRun) -> JSON {
    let measured = result.measured
    let computes = measured.operations > 0
    return .object([
      ("name", .string(result.name)), ("isa", .string(run.instructionSet)),
      ("threads", .integer(measured.workers)),
      ("tile", run.setting.tile.map(JSON.integer) ?? .null),
      ("repetitions", .integer(measured.seconds.values.count)), ("runs", .integer(measured.runs)),
      ("seconds", Self.seconds(measured.seconds)),
      ("gflops", computes ? Self.giga(measured.executedPerSecond) : .null),
      ("effectiveGflops", computes ? Self.giga(measured.effectivePerSecond) : .null),
      ("peakGflops", Self.giga(result.peak)),
      ("shareOfPeak", result.shareOfPeak.map { .number(Self.rounded($0)) } ?? .null),
      ("voxelsPerSecond", .number(measured.voxelsPerSecond.rounded())),
      ("bytesMoved", .integer(measured.bytes)), ("peakBytes", .integer(measured.peakBytes)),
      ("plannedBytes", measured.plannedBytes.map(JSON.integer) ?? .null),
      (
        "usedUnits",
        measured.usedUnits.isEmpty
          ? .null : .array(measured.usedUnits.map { .number(Self.rounded($0)) })
      ),
      ("leftOut", Self.leftOut(measured.leftOut)), ("gain", gain(result)),
      ("cpuShare", .number(Self.rounded(measured.usage.share(workers: measured.workers)))),
      ("involuntarySwitches", .integer(measured.usage.involuntarySwitches)),
      ("layers", measured.steps.isEmpty ? .null : Self.layers(run.layerCounts)),
      ("error", measured.steps.isEmpty ? .null : Self.error(run.error)),
      ("comparison", Self.comparison(result.comparison)),
      ("profile", outcome.request.hasProfile ? profile(result) : .null),
    ])
  }

  private func profile(_ result: BenchResult) -> JSON {
    let profile = StepProfile(result)
    return .array(
      profile.rows.map { row in
        .object([
          ("stage", .string(row.stage)), ("step", .string(row.name)),
          ("calls", .integer(row.calls)), ("seconds", .number(Self.rounded(row.seconds))),
          ("share", .number(Self.rounded(row.share))),
          ("gflops", Self.giga(row.executedPerSecond)),
          ("effectiveGflops", Self.giga(row.effectivePerSecond)),
          ("shareOfPeak", .number(Self.rounded(row.shareOfPeak))),
          ("bytesMoved", .integer(row.bytes)),
        ])
      })
  }

  private static func seconds(_ samples: Samples) -> JSON {
    .object([
      ("min", .number(samples.minimum)), ("median", .number(samples.median)),
      ("max", .number(samples.maximum)), ("spread", .number(rounded(samples.spread))),
      ("samples", .array(samples.values.map(JSON.number))),
    ])
  }

  private static func leftOut(_ leftOut: LeftOut?) -> JSON {
    guard let leftOut else { return .null }
    return .object([
      ("voxels", .number(rounded(leftOut.voxels))), ("encoder", .number(rounded(leftOut.encoder))),
      ("decoder", .number(rounded(leftOut.decoder))),
    ])
  }

  private func gain(_ result: BenchResult) -> JSON {
    guard let gain = outcome.gains.first(where: { $0.label == result.label }) else { return .null }
    return .object([
      ("times", .number(Self.rounded(gain.times))), ("ofPeak", .number(Self.rounded(gain.ofPeak))),
      ("share", .number(Self.rounded(gain.share))),
    ])
  }

  private static func layers(_ counts: [LayerCount]) -> JSON {
    .array(
      counts.map { count in
        .object([
          ("algorithm", .string(count.algorithm.rawValue)),
          ("precision", .string(count.precision.rawValue)), ("count", .integer(count.layers)),
        ])
      })
  }

  private static func error(_ error: PathError?) -> JSON {
    guard let error else { return .null }
    return .object([
      ("largest", .number(error.largest)), ("rms", .number(error.rms)),
      ("budget", .number(error.budget)),
    ])
  }

  private static func comparison(_ comparison: Comparison?) -> JSON {
    guard let comparison else { return .null }
    return .object([
      ("ratio", .number(rounded(comparison.ratio))),
      ("outsideSpread", .boolean(comparison.isOutsideSpread)),
    ])
  }

  private static func giga(_ rate: Double) -> JSON { .number(rounded(rate * 1e-9)) }

  /// Six digits: more would be noise.
  private static func rounded(_ value: Double) -> Double {
    value.isFinite ? Double(NumberText.short(value)) ?? value : value
  }
}
