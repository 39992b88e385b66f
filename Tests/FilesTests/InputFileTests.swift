import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct InputFileTests {
  @Test func bytesAreReadAtAnyPlace() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", Array(0..<100))
    let file = try InputFile(path: folder.file("a"))
    #expect(file.size == 100)
    #expect(try file.read(at: 10, count: 3) == [10, 11, 12])
    #expect(try file.read(at: 98, count: 50) == [98, 99])
    #expect(try file.read(at: 100, count: 5) == [])
    #expect(try file.read(at: 5000, count: 5) == [])
    #expect(try file.read(at: 0, count: .max).count == 100)
  }

  @Test func aFileThatShrinksGivesFewerBytes() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", [UInt8](repeating: 1, count: 1000))
    let file = try InputFile(path: folder.file("a"))
    truncate(folder.file("a"), 400)
    #expect(try file.read(at: 0, count: 1000).count == 400)
  }

  @Test func whatIsNoRegularFileIsRefusedAtOnce() throws {
    let folder = try TemporaryFolder()
    mkfifo(folder.file("pipe"), 0o600)
    symlink("/dev/zero", folder.file("zero"))
    symlink("b", folder.file("c"))
    symlink("c", folder.file("b"))
    symlink("nowhere", folder.file("dangling"))
    let socket = try bound(folder.file("socket"))
    defer { close(socket) }
    for (name, expected) in [
      ("pipe", FileError.notRegular(path: folder.file("pipe"), kind: .pipe)),
      ("", .notRegular(path: folder.file(""), kind: .directory)),
      ("zero", .notRegular(path: folder.file("zero"), kind: .device)),
      ("socket", .notRegular(path: folder.file("socket"), kind: .socket)),
      ("b", .linkLoop(path: folder.file("b"))),
      ("dangling", .missing(path: folder.file("dangling"))),
      ("none", .missing(path: folder.file("none"))),
      ("none/below", .missing(path: folder.file("none/below"))),
      ("nul\0", .missing(path: folder.file("nul\0"))),
    ] {
      #expect(throws: expected) { try InputFile(path: folder.file(name)) }
    }
    let long = String(repeating: "a", count: 300)
    #expect(throws: FileError.nameTooLong(path: folder.file(long))) {
      try InputFile(path: folder.file(long))
    }
  }

  @Test(.enabled(if: geteuid() != 0)) func aFileWithoutPermissionIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", [1])
    chmod(folder.file("a"), 0)
    #expect(throws: FileError.inputPermission(path: folder.file("a"))) {
      try InputFile(path: folder.file("a"))
    }
  }

  @Test func namesThatAreNoUTF8AreOpened() throws {
    let folder = try TemporaryFolder()
    let path = PathText.string(Array((folder.path + "/caf").utf8) + [0xE9])
    let output = try AtomicOutputFile(path: path, force: false)
    try output.write([1, 2, 3])
    try output.commit()
    #expect(try InputFile(path: path).read(at: 0, count: 10) == [1, 2, 3])
    #expect(Escaping.path(path).hasSuffix("/caf\\xe9"))
  }

  @Test func identityTellsOneFileByTwoNames() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", [1])
    try folder.write("b", [1])
    symlink("a", folder.file("link"))
    #expect(FileIdentity(path: folder.file("a")) == FileIdentity(path: folder.file("link")))
    #expect(FileIdentity(path: folder.file("a")) == FileIdentity(path: folder.file("./a")))
    #expect(FileIdentity(path: folder.file("a")) != FileIdentity(path: folder.file("b")))
    #expect(FileIdentity(path: folder.file("none")) == nil)
    #expect(
      try InputFile(path: folder.file("link")).identity == FileIdentity(path: folder.file("a")))
  }

  @Test func streamsAreReadWholeOrRefusedAboveTheLimit() throws {
    let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for limit in [3_000_000, 2_999_999] {
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let end = ends[1]
      let writer = Thread {
        FileHandle(fileDescriptor: end).write(Data(content))
        close(end)
      }
      signal(SIGPIPE, SIG_IGN)
      writer.start()
      defer { close(ends[0]) }
      if limit == content.count {
        let source = try StreamBytes(descriptor: ends[0], path: "-", limit: limit)
        #expect(source.size == content.count)
        #expect(try source.read(at: 0, count: .max) == content)
        #expect(try source.read(at: 2_999_999, count: 5) == [content[2_999_999]])
      } else {
        #expect(throws: FileError.inputTooLong(path: "-", limit: limit)) {
          try StreamBytes(descriptor: ends[0], path: "-", limit: limit)
        }
        // What is left is drained, so that the writer can end.
        _ = FileHandle(fileDescriptor: ends[0]).readDataToEndOfFile()
      }
    }
  }

  private func bound(_ path: String) throws -> Int32 {
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
    }
    try #require(status == 0)
    return socket
  }
}
