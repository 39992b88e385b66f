import Files

/// Where an output goes: two paths with equal places are one file, or both are standard output.
///
/// Unlike `FileIdentity` it needs no file, which an output often is not yet.
struct OutputPlace: Equatable {
  private let path: String

  /// Whether it goes where results are printed.
  var isStandardOutput: Bool { path == StandardInput.name }

  init(_ path: String) {
    if path == StandardInput.name || path == "/dev/stdout" {
      self.path = StandardInput.name
    } else if FileIdentity(path: path) != nil {
      self.path = PathText.resolved(path)
    } else {
      let (folder, name) = PathText.split(path)
      self.path = PathText.joined(PathText.resolved(folder), name)
    }
  }
}
