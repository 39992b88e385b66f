import Workers

/// `arssr.train/1`: what `train --format json` prints.
enum TrainReport {
  static func document(
    _ request: TrainRequest, _ prepared: any PreparedRun, _ outcome: TrainOutcome,
    console: Console
  ) -> JSON {
    RunReport.document(
      schema: "arssr.train/1", status: outcome.ending.isComplete ? "ok" : "stopped",
      machine: prepared.machine.json,
      items: [
        [
          ("input", .string(request.data)), ("output", .string(request.folder.best)),
          ("steps", .integer(outcome.steps)), ("of", .integer(prepared.steps)),
          ("bestStep", outcome.best.map { .integer($0.step) } ?? .null),
          ("bestPsnr", outcome.best.map { .number($0.psnr) } ?? .null),
          ("validation", outcome.score.map(TrainLog.json) ?? .null),
          ("seconds", RunReport.seconds(outcome.seconds)),
          ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
          ("warnings", RunReport.warnings(console.warnings)),
        ]
      ])
  }
}
