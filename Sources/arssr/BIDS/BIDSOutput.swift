import Checkpoints
import Files
import Glibc
import Volumes

/// The files of a derivative dataset as a whole.
struct BIDSOutput {
  private static let pause: UInt32 = 20_000
  private static let mostPauses = 250

  /// The folder of the derivative dataset.
  let root: String
  let source: BIDSDataset
  let request: BIDSRequest
  /// What makes the results, such as `brain-t1w, scale 2`.
  let method: String

  private var descriptionPath: String { PathText.joined(root, BIDSDataset.descriptionName) }

  /// Looks whether the folder may hold a derivative dataset.
  ///
  /// - Throws: If it holds a raw dataset.
  func check() throws(Failure) {
    guard FileIdentity(path: descriptionPath) != nil else { return }
    guard let object = SidecarFile.object(at: descriptionPath) else {
      throw Self.failure(descriptionPath, "the description", "no JSON object", "must be one")
    }
    guard object["DatasetType"] == .string("derivative") else {
      throw Self.failure(
        descriptionPath, "DatasetType", object["DatasetType"]?.kind ?? "missing",
        "results go to a dataset of its own, of the type \"derivative\"")
    }
  }

  /// Makes the description where there is none, and adds the label of the results to the list of labels.
  ///
  /// Tasks that run side by side may do so at once: each waits for the other.
  func write() throws(Failure) {
    try Self.update(descriptionPath) { old in
      old == nil ? description.document : nil
    }
    let row = "desc-\(request.description)\t"
    try Self.update(PathText.joined(root, "descriptions.tsv")) { old in
      let text = old ?? "desc_id\tdescription\n"
      if text.split(separator: "\n").contains(where: { $0.hasPrefix(row) }) { return nil }
      return text + (text.hasSuffix("\n") ? "" : "\n") + row + "Super-resolved: \(method)\n"
    }
  }

  private var description: JSON {
    var members: [(key: String, value: JSON)] = [
      ("Name", .string("Super-resolved volumes (arssr)")), ("BIDSVersion", .string("1.10.0")),
      ("DatasetType", .string("derivative")),
      (
        "GeneratedBy",
        .array([
          .object([
            ("Name", .string("arssr")), ("Version", .string(Arssr.version)),
            ("Description", .string(method)),
          ])
        ])
      ),
    ]
    let original = SidecarFile.object(at: source.path(BIDSDataset.descriptionName))
    if case .string(let doi)? = original?["DatasetDOI"] {
      members.append(("SourceDatasets", .array([.object([("DOI", .string(doi))])])))
    }
    // A path that holds wherever both datasets are moved together, and names no one's folders.
    members.append(
      ("DatasetLinks", .object([(BIDSVolume.link, .string(Self.relative(source.root, to: root)))])))
    return .object(members)
  }

  /// The way from a folder to another; both exist.
  private static func relative(_ path: String, to base: String) -> String {
    let target = PathText.resolved(path).split(separator: "/")
    let start = PathText.resolved(base).split(separator: "/")
    let common = zip(target, start).prefix { $0 == $1 }.count
    let steps =
      start.dropFirst(common).map { _ in ".." } + target.dropFirst(common).map(String.init)
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }

  /// Changes a text file that several runs may write: what `change` returns takes the place of what is
  /// there; nil: it stays.
  private static func update(
    _ path: String, _ change: (String?) -> String?
  ) throws(Failure) {
    for attempt in 0... {
      do throws(FileError) {
        let old = try text(path)
        guard change(old) != nil else { return }
        let file = try AtomicOutputFile(path: path, force: true)
        // Only now nobody else writes it: what was read before may be old.
        guard let new = change(try text(path)) else { return file.discard() }
        try file.write(Array(new.utf8))
        return try file.commit()
      } catch {
        guard case .locked = error, attempt < mostPauses else { throw Failure(error) }
        usleep(pause)
      }
    }
  }

  private static func text(_ path: String) throws(FileError) -> String? {
    guard FileIdentity(path: path) != nil else { return nil }
    let file = try InputFile(path: path)
    return String(decoding: try file.read(at: 0, count: file.size), as: UTF8.self)
  }

  private static func failure(
    _ path: String, _ key: String, _ found: String, _ reason: String
  ) -> Failure {
    Failure(.settingsValue(path: path, key: key, found: found, reason: reason))
  }
}
