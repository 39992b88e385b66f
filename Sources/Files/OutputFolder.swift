import Glibc

/// A folder that a run writes several files into.
public enum OutputFolder {
  /// Makes the folder where it does not exist; those above it must.
  ///
  /// - Throws: ``FileError`` with one of the cases for outputs.
  public static func make(path: String) throws(FileError) {
    guard !PathText.bytes(path).contains(0) else { throw .outputFolderMissing(path: path) }
    guard
      case .failure(let number) = ErrorNumber.retrying({
        PathText.withCString(path) { mkdir($0, 0o777) }
      })
    else { return }
    var status = stat()
    let isFolder =
      PathText.withCString(path) { stat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFDIR
    guard number == EEXIST, isFolder else { throw .creation(path: path, errorNumber: number) }
  }

  /// Makes the folder, and those above it, where they do not exist.
  ///
  /// - Throws: ``FileError`` with one of the cases for outputs.
  public static func makeAll(path: String) throws(FileError) {
    if FolderListing.isFolder(path) { return }
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let (above, name) = PathText.split(trimmed)
    if !name.isEmpty, above != trimmed { try makeAll(path: above) }
    try make(path: trimmed)
  }

  /// Gives a file a second name, in place of what had that name; on a file system without links that
  /// name alone.
  ///
  /// So a file that will be replaced is kept. At every moment the second name stands for a whole file.
  public static func keep(_ path: String, as name: String) {
    let temporary = "\(name).new"
    remove(temporary)
    PathText.withCString(path) { old in
      PathText.withCString(name) { new in
        PathText.withCString(temporary) { link in
          _ = Glibc.link(old, link) == 0 ? rename(link, new) : rename(old, new)
        }
      }
    }
    // Where both names stood for the same file already, rename leaves them.
    remove(temporary)
  }

  /// Removes a file of the run's own, if it is there.
  public static func remove(_ path: String) { PathText.withCString(path) { _ = unlink($0) } }
}
