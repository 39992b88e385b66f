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
    let written = ReportSidecar(text: Array(sidecar.json.document.utf8))
    let notice = ReportFacts.firstFrameNotice(of: request.output, frames: prepared.frames.count)
    let page = report.page(
      sidecar: written.text,
      citations: ReportFacts.citations([(name: names.result, origin: written.origin)]),
      warnings: ReportFacts.texts(prepared.console.warnings + [notice].compactMap { $0 }))
    try Failure.of { () throws(FileError) in
      try file.write(page)
      try file.commit()
    }
  }
}
