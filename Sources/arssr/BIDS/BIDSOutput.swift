import Checkpoints
import Files
import Glibc
import Volumes

/// The files of a derivative dataset as a whole.
struct BIDSOutput {
  private static let pause: UInt32 = 20_000
  private static let mostPauses = 250

  /// The field that says what the names of datasets in BIDS URIs stand for.
  private static let links = "DatasetLinks"

  /// The folder of the derivative dataset.
  let root: String
  let source: BIDSDataset
  let request: BIDSRequest
  /// What makes the results, such as `brain-t1w, scale 2`.
  let method: String

  private var descriptionPath: String { PathText.joined(root, BIDSDataset.descriptionName) }

  /// Looks whether the folder may hold a derivative dataset of the source.
  ///
  /// - Throws: If it holds a raw dataset, or a derivative of another one.
  func check() throws(Failure) {
    guard FileIdentity(path: descriptionPath) != nil else { return }
    _ = try linked()
  }

  /// Looks whether the folder is a place for a table about the dataset.
  ///
  /// A folder of anything else may hold one of the same name. Logs and hidden files are nobody's dataset.
  ///
  /// - Throws: If it holds another dataset, or something that no description tells of.
  func checkForTable() throws(Failure) {
    try check()
    let isTaken = FolderListing.names(in: root).contains { name in
      !name.hasPrefix(".") && name != "logs" && !name.hasSuffix(".log")
    }
    guard FileIdentity(path: descriptionPath) == nil, isTaken else { return }
    throw Self.failure(
      descriptionPath, "DatasetType", "missing",
      "the table goes to a dataset of the type \"derivative\", or to an empty folder")
  }

  /// Makes the description where there is none, and adds the label of the results to the list of labels.
  ///
  /// Tasks that run side by side may do so at once: each waits for the other.
  func write() throws(Failure) {
    try describe()
    let row = "desc-\(request.description)\t"
    try Self.update(PathText.joined(root, "descriptions.tsv")) { old in
      let text = old ?? "desc_id\tdescription\n"
      // A file that was edited elsewhere may end its lines with a carriage return as well.
      let lines = text.split(whereSeparator: \.isNewline)
      if lines.contains(where: { $0.hasPrefix(row) }) { return nil }
      let end = text.contains("\r\n" as Character) ? "\r\n" : "\n"
      let isEnded = text.last?.isNewline == true
      return "\(text)\(isEnded ? "" : end)\(row)Super-resolved: \(method)\(end)"
    }
  }

  /// Makes the description where there is none, and the link to the source where that is missing.
  func describe() throws(Failure) {
    try Self.update(descriptionPath) { old throws(Failure) in
      try old == nil ? description.document : linked()?.document
    }
  }

  /// The description that is there with the link by which sidecars name the source; nil where it has it.
  ///
  /// - Throws: If it is not that of a derivative, or links another dataset by that name.
  private func linked() throws(Failure) -> JSON? {
    guard let description = SidecarFile.object(at: descriptionPath) else {
      throw Self.failure(descriptionPath, "the description", "no JSON object", "must be one")
    }
    guard description["DatasetType"] == .string("derivative") else {
      throw Self.failure(
        descriptionPath, "DatasetType", description["DatasetType"]?.kind ?? "missing",
        "results go to a dataset of its own, of the type \"derivative\"")
    }
    var links = JSONObject()
    if let value = description[Self.links] {
      guard case .object(let object) = value else {
        throw Self.failure(descriptionPath, Self.links, value.kind, "must be an object")
      }
      links = object
    }
    if let link = links[BIDSVolume.link] {
      try check(link)
      return nil
    }
    _ = links.insert(.string(Self.relative(source.root, to: root)), forKey: BIDSVolume.link)
    let others = description.keys.filter { $0 != Self.links }
    var members: [(key: String, value: JSON)] = others.map { key in
      (key: key, value: JSON(description[key] ?? .null))
    }
    members.append((key: Self.links, value: JSON(JSONValue.object(links))))
    return .object(members)
  }

  /// Whether a link may be one to the source.
  ///
  /// One that leads nowhere here, such as a DOI, or a path from where the source was mounted before,
  /// may; and a copy of the source, which has the same description, is the source.
  ///
  /// - Throws: If it leads to another dataset.
  private func check(_ link: JSONValue) throws(Failure) {
    let key = "\(Self.links).\(BIDSVolume.link)"
    guard case .string(let text) = link else {
      throw Self.failure(descriptionPath, key, link.kind, "must be text")
    }
    let scheme = "file://"
    let path = text.hasPrefix(scheme) ? String(text.dropFirst(scheme.count)) : text
    let linked = BIDSDataset(root: PathText.joined(root, path))
    guard let place = FileIdentity(path: linked.root), place != FileIdentity(path: source.root)
    else {
      return
    }
    let name = BIDSDataset.descriptionName
    guard try Self.text(linked.path(name)) != Self.text(source.path(name)) else { return }
    throw Self.failure(
      descriptionPath, key, "\"\(Escaping.text(text))\"",
      "leads to another dataset than \(Escaping.path(source.root)); results of another source dataset "
        + "need a folder of their own")
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
      (Self.links, .object([(BIDSVolume.link, .string(Self.relative(source.root, to: root)))])))
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
    _ path: String, _ change: (String?) throws(Failure) -> String?
  ) throws(Failure) {
    for attempt in 0... {
      guard try change(text(path)) != nil else { return }
      let file: AtomicOutputFile
      do throws(FileError) {
        file = try AtomicOutputFile(path: path, force: true)
      } catch {
        guard case .locked = error, attempt < mostPauses else { throw Failure(error) }
        usleep(pause)
        continue
      }
      // Only now nobody else writes it: what was read before may be old.
      guard let new = try change(text(path)) else { return file.discard() }
      try Failure.of { () throws(FileError) in
        try file.write(Array(new.utf8))
        try file.commit()
      }
      return
    }
  }

  private static func text(_ path: String) throws(Failure) -> String? {
    guard FileIdentity(path: path) != nil else { return nil }
    return try Failure.of { () throws(FileError) in
      let file = try InputFile(path: path)
      return String(decoding: try file.read(at: 0, count: file.size), as: UTF8.self)
    }
  }

  private static func failure(
    _ path: String, _ key: String, _ found: String, _ reason: String
  ) -> Failure {
    Failure(.settingsValue(path: path, key: key, found: found, reason: reason))
  }
}

extension BIDSOutput {
  /// The dataset that a run over another one writes.
  init(_ batch: BatchRequest, _ bids: BIDSRequest, of request: UpsampleRequest) {
    let name = request.method == .model ? request.model : "\(request.method.rawValue) interpolation"
    let target = request.scaleText.map { ", scale \($0)" } ?? ""
    self.init(
      root: batch.output, source: BIDSDataset(root: batch.input), request: bids,
      method: SidecarParts.name(name) + target)
  }
}
