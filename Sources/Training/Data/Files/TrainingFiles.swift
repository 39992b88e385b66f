import Files
import Networks

/// Finds the volumes that a user named to train on.
public enum TrainingFiles {
  /// The volumes that `source` stands for, each once, in order.
  ///
  /// - `@list.txt`: one path per line, relative to the list's folder; `#` begins a remark.
  /// - A BIDS dataset (a folder with `dataset_description.json` or folders `sub-*`): all
  ///   `sub-*/[ses-*/]anat/*_SUFFIX.nii[.gz]`.
  /// - Another folder: all `.nii` and `.nii.gz` files in it, not deeper.
  /// - A file: itself.
  ///
  /// - Parameters:
  ///   - source: What the user named.
  ///   - suffixes: Contrasts to take from a BIDS dataset.
  /// - Returns: Paths.
  /// - Throws: ``TrainingDataError`` if there is nothing of that name or nothing in it.
  public static func find(
    _ source: String, suffixes: [String] = ["T1w"]
  ) throws(TrainingDataError) -> [String] {
    if source.hasPrefix("@") { return try list(String(source.dropFirst())) }
    if FolderListing.isRegularFile(source) { return [source] }
    guard FolderListing.isFolder(source) else { throw .missing(path: source) }
    let names = FolderListing.names(in: source)
    let isDataset =
      names.contains("dataset_description.json")
      || names.contains { $0.hasPrefix("sub-") && FolderListing.isFolder("\(source)/\($0)") }
    let found =
      isDataset
      ? dataset(source, names, suffixes: suffixes)
      : names.filter(isVolume).map { "\(source)/\($0)" }
    guard !found.isEmpty else { throw .noVolumes(path: source, suffixes: suffixes) }
    return found
  }

  /// Splits volumes into those to train on and those to validate with.
  ///
  /// A file's part depends on the seed and on its subject (`sub-XX` in its name, else the whole
  /// name) alone, so volumes keep their parts when others are added, and all sessions of a subject
  /// are in the same part. Each part has at least one subject where there are two.
  ///
  /// - Parameters:
  ///   - paths: All volumes.
  ///   - share: About which share is for validation, 0 to 1.
  ///   - seed: Another seed, another split.
  /// - Returns: Both parts, in the order of `paths`.
  /// - Throws: ``TrainingDataError/nothingToTrainOn(count:)``.
  public static func split(
    _ paths: [String], validationShare share: Double, seed: UInt64
  ) throws(TrainingDataError) -> (training: [String], validation: [String]) {
    guard share > 0 else { return (paths, []) }
    var ranks: [String: Double] = [:]
    for path in paths {
      let subject = subject(of: path)
      var stream = RandomStream(seed: seed, .split, Int(hash(subject) >> 8))
      ranks[subject] = stream.uniform()
    }
    let ordered = ranks.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    var chosen = Set(ordered.filter { $0.value < share }.map(\.key))
    if chosen.isEmpty, ordered.count > 1 { chosen = [ordered[0].key] }
    if chosen.count == ordered.count, let last = ordered.last, ordered.count > 1 {
      chosen.remove(last.key)
    }
    let validation = paths.filter { chosen.contains(subject(of: $0)) }
    let training = paths.filter { !chosen.contains(subject(of: $0)) }
    guard !training.isEmpty else { throw .nothingToTrainOn(count: paths.count) }
    return (training, validation)
  }

  // MARK: - Kinds of sources

  private static func list(_ path: String) throws(TrainingDataError) -> [String] {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try InputFile(path: path)
      bytes = try file.read(at: 0, count: file.size)
    } catch {
      throw .file(error)
    }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var found: [String] = []
    for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      var name = PathText.string(Array(line))[...]
      while name.first == " " || name.first == "\t" { name.removeFirst() }
      while name.last == " " || name.last == "\t" { name.removeLast() }
      if name.isEmpty || name.first == "#" { continue }
      let place = name.first == "/" ? String(name) : "\(folder)/\(name)"
      guard FolderListing.isRegularFile(place) else { throw .missing(path: place) }
      if !found.contains(place) { found.append(place) }
    }
    guard !found.isEmpty else { throw .emptyList(path: path) }
    return found
  }

  private static func dataset(
    _ root: String, _ names: [String], suffixes: [String]
  ) -> [String] {
    var found: [String] = []
    for subject in names where subject.hasPrefix("sub-") {
      let folder = "\(root)/\(subject)"
      let sessions = FolderListing.names(in: folder).filter { $0.hasPrefix("ses-") }
      for place in ["\(folder)/anat"] + sessions.map({ "\(folder)/\($0)/anat" }) {
        found += FolderListing.names(in: place).filter { name in
          isVolume(name) && suffixes.contains { stem(name).hasSuffix("_\($0)") }
        }.map { "\(place)/\($0)" }
      }
    }
    return found
  }

  // MARK: - Names

  private static func isVolume(_ name: String) -> Bool {
    !name.hasPrefix(".") && (name.hasSuffix(".nii") || name.hasSuffix(".nii.gz"))
  }

  private static func stem(_ name: String) -> Substring {
    name.hasSuffix(".nii.gz") ? name.dropLast(7) : name.dropLast(4)
  }

  private static func subject(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard name.hasPrefix("sub-") else { return name }
    return String(name.prefix { $0 != "_" && $0 != "." })
  }

  /// FNV-1a, which is the same on every machine, as `Hasher` is not.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
