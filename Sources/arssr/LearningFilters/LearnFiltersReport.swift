import Files
import Workers

/// `arssr.learn-filters/1`: what `learn-filters --format json` prints.
enum LearnFiltersReport {
  static func done(
    _ request: LearnFiltersRequest, _ prepared: PreparedFilterLearning,
    _ outcome: FilterLearningOutcome, _ warnings: [Notice]
  ) -> JSON {
    report(
      status: outcome.filters == nil ? "stopped" : "ok", machine: prepared.machine.json,
      item: [
        ("input", .string(request.source)), ("output", .string(request.output)),
        ("volumes", .integer(prepared.paths.count)),
        ("factor", .integer(request.settings.factor)),
        ("buckets", .integer(request.settings.bins.count)),
        ("filters", .integer(outcome.filterCount)), ("samples", .integer(outcome.samples)),
        ("passes", .integer(outcome.passes)), ("seconds", RunReport.seconds(outcome.seconds)),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
        ("warnings", RunReport.warnings(warnings)), ("error", .null),
      ])
  }

  static func failed(
    _ request: LearnFiltersRequest, _ failure: Failure, warnings: [Notice]
  ) -> JSON {
    report(
      status: "failed", machine: .null,
      item: [
        ("input", .string(request.source)), ("output", .string(request.output)),
        ("volumes", .null), ("factor", .integer(request.settings.factor)),
        ("buckets", .integer(request.settings.bins.count)), ("filters", .integer(0)),
        ("samples", .integer(0)), ("passes", .integer(0)), ("seconds", .null),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
        ("warnings", RunReport.warnings(warnings)), ("error", failure.json),
      ])
  }

  private static func report(
    status: String, machine: JSON, item: [(key: String, value: JSON)]
  ) -> JSON {
    RunReport.document(
      schema: "arssr.learn-filters/1", status: status, machine: machine, items: [item])
  }
}
