import Files
import Volumes
import Workers

/// `arssr.upsample/1`: what `upsample --format json` prints.
enum UpsampleReport {
  static func done(_ prepared: PreparedUpsampling, _ outcome: UpsampleOutcome) -> JSON {
    let times = outcome.seconds
    let request = prepared.request
    return report(
      status: "ok", machine: prepared.machine.json,
      item: [
        ("input", .string(request.input)), ("output", .string(request.output)),
        ("status", .string("done")), ("grid", grid(prepared)), ("model", model(prepared)),
        (
          "seconds",
          .object([
            ("read", RunReport.seconds(times.read)), ("encode", RunReport.seconds(times.encode)),
            ("decode", RunReport.seconds(times.decode)), ("write", RunReport.seconds(times.write)),
            ("total", RunReport.seconds(times.total)),
          ])
        ),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
        ("warnings", RunReport.warnings(prepared.console.warnings)), ("error", .null),
      ])
  }

  static func failed(_ request: UpsampleRequest, _ failure: Failure, warnings: [Notice]) -> JSON {
    report(
      status: "failed", machine: .null,
      item: [
        ("input", .string(request.input)), ("output", .string(request.output)),
        ("status", .string("failed")), ("grid", .null), ("model", .null), ("seconds", .null),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
        ("warnings", RunReport.warnings(warnings)), ("error", failure.json),
      ])
  }

  static func grid(_ prepared: PreparedUpsampling) -> JSON {
    let grid = prepared.target.grid
    return .object([
      ("size", .integers(grid.size)),
      ("spacing", .numbers(grid.affine.columnNorms.rounded(significant: 9))),
      ("scale", .numbers(prepared.scale.rounded(significant: 9))),
      ("frames", .integer(prepared.frames.count)),
      ("orientation", .optional(grid.orientation)),
      ("dataType", .string(prepared.storedType.name)),
    ])
  }

  static func model(_ prepared: PreparedUpsampling) -> JSON {
    guard let model = prepared.engine.model else {
      return .object([("name", .string(prepared.engine.name)), ("sha256", .null)])
    }
    return .object([
      ("name", .string(model.name)), ("sha256", .string(model.checkpoint.fileSHA256)),
    ])
  }

  private static func report(
    status: String, machine: JSON, item: [(key: String, value: JSON)]
  ) -> JSON {
    RunReport.document(
      schema: "arssr.upsample/1", status: status, machine: machine, item: item)
  }
}
