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
  /// - Throws: If there is none, or the folder or list cannot be read.
  func names() throws(Failure) -> [NamedVolume] {
    switch source {
    case .folder(let recursive):
      try Failure.of { () throws(VolumeSetError) in try folder(recursive: recursive) }
    case .list(let path): try Failure.of { () throws(VolumeSetError) in try list(path) }
    case .dataset(let bids): try dataset(bids)
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
    try VolumeList(path: path).entries.map { entry in
      NamedVolume(
        input: entry.input,
        output: entry.output.map { PathText.joined(output, $0) }
          ?? result(PathText.split(entry.input).name))
    }
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
