import Files

/// The volumes in a folder.
public enum VolumeFolder {
  /// Finds all `.nii` and `.nii.gz` files, hidden ones left out.
  ///
  /// - Parameters:
  ///   - folder: Where to look.
  ///   - recursive: Whether also in the folders in it; hidden ones are left out, links are followed,
  ///     but never back to a folder above.
  /// - Returns: Paths relative to the folder, folder by folder, sorted by their bytes.
  /// - Throws: ``FileError`` if a folder cannot be read.
  public static func volumes(
    in folder: String, recursive: Bool = false
  ) throws(FileError) -> [String] {
    try volumes(in: folder, below: "", recursive: recursive, above: [])
  }

  private static func volumes(
    in folder: String, below prefix: String, recursive: Bool, above: [FileIdentity]
  ) throws(FileError) -> [String] {
    guard let identity = FileIdentity(path: folder), !above.contains(identity) else { return [] }
    let names = try FolderListing.entries(of: folder).filter { !$0.hasPrefix(".") }
    var found: [String] = []
    var folders: [String] = []
    for name in names {
      if FolderListing.isFolder(PathText.joined(folder, name)) {
        folders.append(name)
      } else if VolumeName(name) != nil {
        found.append(prefix + name)
      }
    }
    guard recursive else { return found }
    for name in folders {
      found += try volumes(
        in: PathText.joined(folder, name), below: "\(prefix)\(name)/", recursive: true,
        above: above + [identity])
    }
    return found
  }
}
