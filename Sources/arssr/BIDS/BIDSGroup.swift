import Checkpoints
import Files
import Volumes

/// The table over participants that `bids ... group` writes: `participants.tsv`, and
/// `participants.json`, which says what its columns are.
struct BIDSGroup {
  let batch: BatchRequest
  let bids: BIDSRequest
  let request: UpsampleRequest

  private static let columns: [(name: String, description: String)] = [
    ("sources", "Volumes of the participant that were chosen in the source dataset"),
    ("results", "Of these, volumes that have a result with this label"),
    ("missing", "Of these, volumes that have no result"),
    (
      "resolution",
      "What the sidecars of the results say of their resolution; n/a where they differ"
    ),
    ("model", "Model or method of the results; n/a where they differ"),
  ]

  /// Writes both files; with `--dry-run` it prints the table and writes nothing.
  ///
  /// - Parameter console: Takes what the user should know of the choice.
  /// - Throws: If there are no sources, the folder is no derivative dataset of theirs and not empty, or
  ///   the files cannot be written.
  func write(console: Console) throws(Failure) {
    let volumes = try batch.dataset(bids, console: console)
    try batch.check(volumes, file: request.file)
    let dataset = BIDSOutput(batch, bids, of: request)
    try dataset.checkForTable()
    console.release()
    let columns = JSON.object(
      Self.columns.map { ($0.name, .object([("Description", .string($0.description))])) })
    let files = [
      ("participants.tsv", table(volumes)), ("participants.json", columns.document),
    ].map { (path: PathText.joined(batch.output, $0), text: $1) }
    for file in files {
      try Failure.of { () throws(FileError) in
        try AtomicOutputFile.check(path: file.path, force: request.file.force)
      }
    }
    if request.dryRun { return try StandardStreams.printResult(files[0].text) }
    for file in files {
      try Failure.of { () throws(FileError) in
        let output = try AtomicOutputFile(path: file.path, force: request.file.force)
        try output.write(Array(file.text.utf8))
        try output.commit()
      }
    }
    try dataset.describe()
  }

  private func table(_ volumes: [NamedVolume]) -> String {
    var rows: [String: [NamedVolume]] = [:]
    for volume in volumes {
      let name = PathText.split(volume.output).name
      rows[String(name.prefix { $0 != "_" }), default: []].append(volume)
    }
    let head = ["participant_id"] + Self.columns.map(\.name)
    let lines = [head] + rows.sorted { $0.key < $1.key }.map { row($0.key, $0.value) }
    return lines.map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  private func row(_ participant: String, _ volumes: [NamedVolume]) -> [String] {
    let sidecars = volumes.filter { FolderListing.isRegularFile($0.output) }.map {
      SidecarFile.object(at: OutputRequest.sidecarPath(of: $0.output)) ?? JSONObject()
    }
    func common(_ value: (JSONObject) -> String?) -> String {
      let values = Set(sidecars.map { value($0) ?? "n/a" })
      return values.count == 1 ? values.first ?? "n/a" : "n/a"
    }
    return [
      participant, String(volumes.count), String(sidecars.count),
      String(volumes.count - sidecars.count),
      common { $0.text("Resolution") },
      common { sidecar in
        guard case .object(let details)? = sidecar["Arssr"] else { return nil }
        guard case .object(let model)? = details["Model"] else { return details.text("Method") }
        return model.text("Name")
      },
    ]
  }
}

extension JSONObject {
  /// A member that is a text, fit for one cell of a table.
  fileprivate func text(_ key: String) -> String? {
    guard case .string(let text)? = self[key] else { return nil }
    return Escaping.text(text)
  }
}
