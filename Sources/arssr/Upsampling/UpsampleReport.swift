import Files
import Volumes
import Workers

/// `arssr.upsample/1`: what `upsample --format json` prints.
enum UpsampleReport {
  /// What became of a volume.
  struct Item {
    let status: Status
    fileprivate let members: [(key: String, value: JSON)]

    enum Status: String {
      case done
      case skipped
      case failed
    }

    /// A volume that was computed, or without an outcome one that was left alone.
    static func ended(_ prepared: PreparedUpsampling, _ outcome: UpsampleOutcome?) -> Item {
      let seconds = outcome.map(\.seconds).map { times -> JSON in
        .object([
          ("read", RunReport.seconds(times.read)), ("encode", RunReport.seconds(times.encode)),
          ("decode", RunReport.seconds(times.decode)), ("write", RunReport.seconds(times.write)),
          ("total", RunReport.seconds(times.total)),
        ])
      }
      return Item(
        prepared.request, outcome == nil ? .skipped : .done,
        grid: grid(prepared), model: model(prepared), seconds: seconds ?? .null,
        warnings: prepared.console.warnings, error: .null)
    }

    /// A volume without a result.
    static func failed(_ request: UpsampleRequest, _ failure: Failure, warnings: [Notice]) -> Item {
      Item(
        request, .failed, grid: .null, model: .null, seconds: .null, warnings: warnings,
        error: failure.json)
    }

    private init(
      _ request: UpsampleRequest, _ status: Status, grid: JSON, model: JSON, seconds: JSON,
      warnings: [Notice], error: JSON
    ) {
      self.status = status
      members = [
        ("input", .string(request.input)), ("output", .string(request.output)),
        ("status", .string(status.rawValue)), ("grid", grid), ("model", model),
        ("seconds", seconds), ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
        ("warnings", RunReport.warnings(warnings)), ("error", error),
      ]
    }
  }

  /// The report of a run over one or many volumes.
  static func document(_ items: [Item], machine: JSON?) -> JSON {
    let failures = items.count { $0.status == .failed }
    let status = failures == 0 ? "ok" : failures == items.count ? "failed" : "partial"
    return RunReport.document(
      schema: "arssr.upsample/1", status: status, machine: machine ?? .null,
      items: items.map(\.members))
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
}
