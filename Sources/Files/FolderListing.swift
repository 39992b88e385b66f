import Glibc

/// The file system as far as looking for models and volumes needs it.
package enum FolderListing {
  /// Names in a folder, sorted by their bytes; none where it cannot be read.
  package static func names(in folder: String) -> [String] { (try? entries(of: folder)) ?? [] }

  /// Names in a folder, sorted by their bytes.
  ///
  /// - Throws: ``FileError`` with one of the cases for inputs, where it cannot be read.
  package static func entries(of folder: String) throws(FileError) -> [String] {
    guard let stream = PathText.withCString(folder, { opendir($0) }) else {
      throw .input(path: folder, errorNumber: ErrorNumber.current)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != [UInt8(ascii: ".")], name != Array("..".utf8) { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map(PathText.string)
  }

  /// Whether a path names a regular file, links followed.
  package static func isRegularFile(_ path: String) -> Bool { mode(of: path) == S_IFREG }

  /// Whether a path names a folder, links followed.
  package static func isFolder(_ path: String) -> Bool { mode(of: path) == S_IFDIR }

  private static func mode(of path: String) -> mode_t? {
    var status = stat()
    guard !PathText.bytes(path).contains(0),
      PathText.withCString(path, { stat($0, &status) }) == 0
    else { return nil }
    return status.st_mode & S_IFMT
  }

  /// The path of the running program, links resolved; nil where /proc is not there.
  package static func executablePath() -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.map { readlink("/proc/self/exe", $0, characters.count) } ?? -1
      }
    }
    guard length > 0 else { return nil }
    return PathText.string(Array(buffer.prefix(length)))
  }
}
