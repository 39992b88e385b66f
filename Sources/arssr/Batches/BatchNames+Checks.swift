import Files
import Volumes

extension BatchRequest {
  /// Looks for what would make results overwrite each other or their inputs.
  ///
  /// - Parameters:
  ///   - names: All volumes.
  ///   - file: How results are written.
  /// - Throws: What is in the way.
  func check(_ names: [NamedVolume], file: OutputRequest) throws(Failure) {
    switch source {
    case .folder(let recursive): try checkFolders(recursive: recursive)
    // A derivative dataset may lie in its source, where no volumes are looked for.
    case .dataset: try checkFolders(recursive: false)
    case .list: break
    }
    var inputs: [FileIdentity: String] = [:]
    for name in names {
      guard let place = FileIdentity(path: name.input) else { continue }
      if case .list = source, let other = inputs[place] {
        throw Failure(
          .conflict(
            options: [name.input],
            reason: "the list names this volume twice"
              + (other == name.input ? "" : ", also as \(Escaping.path(other))")))
      }
      inputs[place] = name.input
    }
    var written: [String: String] = [:]
    for name in names {
      if let place = FileIdentity(path: name.output), let input = inputs[place] {
        throw Failure(
          .conflict(
            options: [name.output],
            reason: "is the input \(Escaping.path(input)); choose another folder or suffix"))
      }
      let files = [name.output, file.named(name.output).sidecar].compactMap { $0 }
      for file in files.map(Self.plain) {
        if let other = written[file] {
          throw Failure(
            .conflict(
              options: [file],
              reason: "would be written for \(Escaping.path(other)) and for "
                + "\(Escaping.path(name.input)); name the results in a list (input, tab, output)"))
        }
        written[file] = name.input
      }
    }
  }

  /// - Throws: If a later run would take results for inputs.
  private func checkFolders(recursive: Bool) throws(Failure) {
    guard let inputs = FileIdentity(path: input) else { return }
    var folder = output
    var isFirst = true
    while isFirst || recursive {
      if FileIdentity(path: folder) == inputs {
        throw Failure(
          .conflict(
            options: [input, output],
            reason:
              "results \(isFirst ? "in" : "below") the folder of the inputs would be inputs of "
              + "the next run; choose another folder"))
      }
      let above =
        FolderListing.isFolder(folder) ? PathText.joined(folder, "..") : Self.above(folder)
      if FileIdentity(path: above) == FileIdentity(path: folder), FolderListing.isFolder(folder) {
        return
      }
      (folder, isFirst) = (above, false)
    }
  }

  /// The folder of a path that does not exist yet.
  private static func above(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return PathText.split(path).folder
  }

  /// A path without empty parts and those that stay where they are.
  private static func plain(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
