import Glibc

/// Small text files of the kernel, whose size is not known before reading.
package enum SystemText {
  /// The content of a file below /proc or /sys, or nil if it cannot be read.
  package static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16384)
    while true {
      let got = Glibc.read(descriptor, &chunk, chunk.count)
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { return nil }
      if got == 0 { return String(decoding: content, as: UTF8.self) }
      content += chunk[..<got]
    }
  }

  /// The number behind `key` in a text of lines `key: number unit` or `key number`.
  package static func number(_ key: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ":" })
      if words.count >= 2, words[0] == key { return Int(words[1]) }
    }
    return nil
  }
}
