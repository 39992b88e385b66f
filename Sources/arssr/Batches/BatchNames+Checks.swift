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
      for file in files {
        let place = Self.place(of: file)
        if let other = written[place] {
          throw Failure(
            .conflict(
              options: [file],
              reason: "would be written for \(Escaping.path(other)) and for "
                + "\(Escaping.path(name.input)); \(remedyOfEqualNames)"))
        }
        written[place] = name.input
      }
    }
  }

  /// What helps where two results would have one name.
  private var remedyOfEqualNames: String {
    switch source {
    case .folder, .list: "name the results in a list (input, tab, output)"
    case .dataset:
      "take one of the two with --bids-filter-file (by its extension or description), or remove one"
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

  /// Where a path leads, whatever it looks like: the links of folders that exist are followed, and
  /// empty parts and those that stay where they are left out of the rest.
  private static func place(of path: String) -> String {
    var parts = path.unicodeScalars.split(separator: "/").map { String($0) }.filter { $0 != "." }
    let root = path.unicodeScalars.first == "/" ? "/" : "."
    var rest: [String] = []
    var known = root
    while !parts.isEmpty {
      known = PathText.joined(root, parts.joined(separator: "/"))
      if FileIdentity(path: known) != nil { break }
      rest.insert(parts.removeLast(), at: 0)
      known = root
    }
    return ([PathText.resolved(known)] + rest).joined(separator: "/")
  }
}
