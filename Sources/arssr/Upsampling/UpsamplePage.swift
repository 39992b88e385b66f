import Files
import Volumes
import Workers

/// The report of a run of `upsample`.
struct UpsamplePage {
  private let prepared: PreparedUpsampling
  private let sidecar: Sidecar

  init(_ prepared: PreparedUpsampling, sidecar: Sidecar) {
    self.prepared = prepared
    self.sidecar = sidecar
  }

  /// Makes the page of the first frame and gives the file its name.
  func write(
    _ shown: (input: Volume, result: AlignedBuffer<Float>), to file: AtomicOutputFile
  ) throws(Failure) {
    let request = prepared.request
    let names = ResultReport.Names(
      result: SidecarParts.name(request.output), input: SidecarParts.name(request.input))
    var report = try ResultReport(
      Volume(grid: prepared.target.grid, voxels: Array(shown.result.elements)),
      input: shown.input, names: names,
      blur: (prepared.refinement?.measurement?.widths).map { .perAxis($0) } ?? .uniform(0),
      hasTruth: false, machine: prepared.machine)
    let model = prepared.engine.model.map {
      (name: $0.name, digest: $0.checkpoint.fileSHA256)
    }
    let page = report.page(
      sidecar: Array(sidecar.json.document.utf8),
      citations: ReportFacts.citations(model: model, scale: prepared.scale),
      warnings: prepared.console.warnings.map {
        Failure.text(subject: $0.subject, message: $0.message)
      })
    try Failure.of { () throws(FileError) in
      try file.write(page)
      try file.commit()
    }
  }
}
