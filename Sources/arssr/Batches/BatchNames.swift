import Files
import Volumes

/// Input and output of one volume of many.
struct NamedVolume: Sendable {
  let input: String
  let output: String
  /// For a volume of a BIDS dataset.
  var bids: BIDSVolume?
}

extension BatchRequest {
  /// The volumes of the folder, list or dataset with the names of their results.
  ///
  /// - Parameter console: Takes what the user should know of the choice.
  /// - Returns: The volumes in the order of their paths, or of the list.
  /// - Throws: If there is none, or the folder or list cannot be read.
  func names(console: Console) throws(Failure) -> [NamedVolume] {
    switch source {
    case .folder(let recursive):
      try Failure.of { () throws(VolumeSetError) in try folder(recursive: recursive) }
    case .list(let path): try Failure.of { () throws(VolumeSetError) in try list(path) }
    case .dataset(let bids): try dataset(bids, console: console)
    }
  }

  private func folder(recursive: Bool) throws(VolumeSetError) -> [NamedVolume] {
    let found: [String]
    do throws(FileError) {
      found = try VolumeFolder.volumes(in: input, recursive: recursive)
    } catch {
      throw .file(error)
    }
    guard !found.isEmpty else {
      throw .noVolumes(
        path: input,
        looked: recursive
          ? "*.nii and *.nii.gz in the folder and all folders in it"
          : "*.nii and *.nii.gz in the folder itself (--recursive looks deeper)")
    }
    return found.map { path in
      NamedVolume(input: PathText.joined(input, path), output: result(path))
    }
  }

  private func list(_ path: String) throws(VolumeSetError) -> [NamedVolume] {
    let entries = try VolumeList(path: path).entries
    if let result = entries.compactMap(\.output).first(where: Self.leadsAbove) {
      throw .listResult(path: path, result: result)
    }
    return entries.map { entry in
      NamedVolume(
        input: entry.input,
        output: entry.output.map { PathText.joined(output, $0) }
          ?? result(PathText.split(entry.input).name))
    }
  }

  private static func leadsAbove(_ path: String) -> Bool {
    path.unicodeScalars.split(separator: "/").contains { String($0) == ".." }
  }

  /// The result of an input at a path below the input's folder.
  private func result(_ path: String) -> String {
    let (folder, file) = PathText.split(path)
    // A pair of .hdr and .img becomes a single file.
    let stem = VolumeName(file)?.stem ?? String(file.prefix { $0 != "." })
    let ending = VolumeName(file)?.ending ?? ".nii.gz"
    let place = folder == "." ? output : PathText.joined(output, folder)
    return PathText.joined(place, stem + suffix + ending)
  }
}
