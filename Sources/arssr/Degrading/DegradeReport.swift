import Files
import Volumes
import Workers

/// `arssr.degrade/1`: what `degrade --format json` prints.
enum DegradeReport {
  static func done(_ prepared: PreparedDegradation, _ outcome: DegradeOutcome) -> JSON {
    let request = prepared.request
    let grid = prepared.plan.grid
    return report(
      status: "ok", machine: prepared.machine.json,
      item: [
        ("input", .string(request.input)), ("output", .string(request.file.path)),
        ("status", .string("done")),
        (
          "grid",
          .object([
            ("size", .integers(grid.size)),
            ("spacing", .numbers(grid.affine.columnNorms.rounded(significant: 9))),
            ("factor", .numbers(prepared.factors.rounded(significant: 9))),
            ("frames", .integer(prepared.frames.count)),
            ("orientation", .optional(grid.orientation)),
            ("dataType", .string(prepared.outputHeader().voxelType.name)),
          ])
        ),
        ("operator", .string(prepared.method.rawValue)),
        ("noiseSigma", .array(outcome.noiseSigmas.map(JSON.number))),
        ("seconds", RunReport.seconds(outcome.seconds)),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
        ("warnings", RunReport.warnings(prepared.console.warnings)), ("error", .null),
      ])
  }

  static func failed(_ request: DegradeRequest, _ failure: Failure, warnings: [Notice]) -> JSON {
    report(
      status: "failed", machine: .null,
      item: [
        ("input", .string(request.input)), ("output", .string(request.file.path)),
        ("status", .string("failed")), ("grid", .null),
        ("operator", .string(request.degradation.method.rawValue)), ("noiseSigma", .array([])),
        ("seconds", .null), ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
        ("warnings", RunReport.warnings(warnings)), ("error", failure.json),
      ])
  }

  private static func report(
    status: String, machine: JSON, item: [(key: String, value: JSON)]
  ) -> JSON {
    RunReport.document(schema: "arssr.degrade/1", status: status, machine: machine, items: [item])
  }
}
