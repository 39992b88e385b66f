import Files
import Volumes

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
    if FolderListing.isRegularFile(source) { return [source] }
    do throws(VolumeSetError) {
      return try source.hasPrefix("@")
        ? list(String(source.dropFirst())) : folder(source, suffixes: suffixes)
    } catch {
      throw .files(error)
    }
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
  public static func split(
    _ paths: [String], validationShare share: Double, seed: UInt64
  ) -> (training: [String], validation: [String]) {
    guard share > 0 else { return (paths, []) }
    var ranks: [String: Double] = [:]
    for path in paths {
      let subject = subject(of: path)
      var stream = RandomStream(seed: seed, .split, Int(hash(subject) >> 8))
      ranks[subject] = stream.uniform()
    }
    let ordered = ranks.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    guard ordered.count > 1 else { return (paths, []) }
    var chosen = Set(ordered.filter { $0.value < share }.map(\.key))
    if chosen.isEmpty { chosen = [ordered[0].key] }
    if chosen.count == ordered.count { chosen.remove(ordered[ordered.count - 1].key) }
    let validation = paths.filter { chosen.contains(subject(of: $0)) }
    let training = paths.filter { !chosen.contains(subject(of: $0)) }
    return (training, validation)
  }

  // MARK: - Kinds of sources

  private static func list(_ path: String) throws(VolumeSetError) -> [String] {
    var found: [String] = []
    for entry in try VolumeList(path: path).entries where !found.contains(entry.input) {
      guard FolderListing.isRegularFile(entry.input) else { throw .missing(path: entry.input) }
      found.append(entry.input)
    }
    return found
  }

  private static func folder(
    _ source: String, suffixes: [String]
  ) throws(VolumeSetError) -> [String] {
    guard FolderListing.isFolder(source) else { throw .missing(path: source) }
    let found: [String]
    do throws(FileError) {
      found =
        BIDSDataset.isDataset(source)
        ? try BIDSDataset(root: source).images()
          .filter { suffixes.contains($0.name.suffix) }.map(\.path)
        : try VolumeFolder.volumes(in: source)
    } catch {
      throw .file(error)
    }
    guard !found.isEmpty else {
      throw .noVolumes(
        path: source,
        looked: "*.nii and *.nii.gz in the folder itself, and, for a BIDS dataset, for "
          + "sub-*/anat/*_\(suffixes.joined(separator: "|")).nii.gz")
    }
    return found.map { PathText.joined(source, $0) }
  }

  // MARK: - Names

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
