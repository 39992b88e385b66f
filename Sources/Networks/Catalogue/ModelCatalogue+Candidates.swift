import Files

extension ModelCatalogue {
  /// What a shell may offer for the beginning of a model's name or path.
  ///
  /// - Parameter prefix: What has been typed.
  /// - Returns: Names of models in the search path, then files of models and folders; each begins with
  ///   the prefix and stands there once. No file is opened.
  package func candidates(for prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let names = folder.isEmpty ? files().map { ModelFile.name(ofPath: $0) } : []
    let paths = FolderListing.names(in: folder.isEmpty ? "." : folder)
      .filter { !$0.hasPrefix(".") }
      .filter { file in
        FolderListing.isFolder(folder + file)
          || ModelFile.isModel(file) && FolderListing.isRegularFile(folder + file)
      }
      .map { folder + $0 }
    var seen: Set<String> = []
    return (names + paths).filter { $0.hasPrefix(prefix) && seen.insert($0).inserted }
  }
}
