import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct AtomicOutputFileTests {
  @Test func theFileAppearsWholeAtTheCommit() throws {
    let folder = try TemporaryFolder()
    let output = try AtomicOutputFile(path: folder.file("o"), force: false)
    #expect(folder.entries == [".o.arssr-tmp"])
    try output.write([1, 2])
    try output.write([])
    try output.write([3])
    #expect(folder.entries == [".o.arssr-tmp"])
    try output.commit()
    #expect(folder.entries == ["o"])
    #expect(folder.bytes("o") == [1, 2, 3])
    #expect(output.bytesWritten == 3)
    var status = stat()
    stat(folder.file("o"), &status)
    let mask = umask(0)
    umask(mask)
    #expect(status.st_mode & 0o777 == 0o666 & ~mask)
  }

  @Test func withoutACommitNothingIsLeft() throws {
    let folder = try TemporaryFolder()
    do {
      let output = try AtomicOutputFile(path: folder.file("a"), force: false)
      try output.write([1])
      output.discard()
      output.discard()
    }
    do {
      let output = try AtomicOutputFile(path: folder.file("b"), force: false)
      try output.write([1])
    }
    #expect(folder.entries == [])
  }

  @Test func anExistingFileIsReplacedOnlyByForce() throws {
    let folder = try TemporaryFolder()
    try folder.write("o", [9])
    symlink("nowhere", folder.file("dangling"))
    for name in ["o", "dangling"] {
      #expect(throws: FileError.exists(path: folder.file(name))) {
        try AtomicOutputFile(path: folder.file(name), force: false)
      }
    }
    let output = try AtomicOutputFile(path: folder.file("o"), force: true)
    try output.write([1])
    #expect(folder.bytes("o") == [9])
    try output.commit()
    #expect(folder.bytes("o") == [1])
    #expect(folder.entries == ["dangling", "o"])
  }

  @Test func anOutputThatAppearsMeanwhileIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let output = try AtomicOutputFile(path: folder.file("o"), force: false)
    try output.write([1])
    try folder.write("o", [9])
    #expect(throws: FileError.exists(path: folder.file("o"))) { try output.commit() }
    #expect(folder.bytes("o") == [9])
    #expect(folder.entries == ["o"])
  }

  @Test func aLinkStaysALink() throws {
    let folder = try TemporaryFolder()
    mkdir(folder.file("real"), 0o755)
    try folder.write("real/o", [9])
    symlink("real/o", folder.file("link"))
    let output = try AtomicOutputFile(path: folder.file("link"), force: true)
    try output.write([1])
    try output.commit()
    #expect(folder.bytes("real/o") == [1])
    #expect(folder.bytes("link") == [1])
    var status = stat()
    lstat(folder.file("link"), &status)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func aSecondRunWithTheSameOutputIsRefused() throws {
    let folder = try TemporaryFolder()
    let first = try AtomicOutputFile(path: folder.file("o"), force: false)
    try first.write([1])
    #expect(throws: FileError.locked(path: folder.file("o"))) {
      try AtomicOutputFile(path: folder.file("o"), force: false)
    }
    // The refused one has not touched the file of the first.
    try first.commit()
    #expect(folder.bytes("o") == [1])
  }

  @Test func theRemainsOfAKilledRunAreTakenOver() throws {
    let folder = try TemporaryFolder()
    try folder.write(".o.arssr-tmp", [UInt8](repeating: 7, count: 1000))
    let output = try AtomicOutputFile(path: folder.file("o"), force: false)
    try output.write([1])
    try output.commit()
    #expect(folder.bytes("o") == [1])
    #expect(folder.entries == ["o"])
  }

  @Test func aLinkInThePlaceOfTheTemporaryIsNotFollowed() throws {
    let folder = try TemporaryFolder()
    try folder.write("precious", [9])
    symlink("precious", folder.file(".o.arssr-tmp"))
    #expect(throws: FileError.cannotCreate(path: folder.file("o"), errorNumber: ELOOP)) {
      try AtomicOutputFile(path: folder.file("o"), force: true)
    }
    unlink(folder.file(".o.arssr-tmp"))
    link(folder.file("precious"), folder.file(".o.arssr-tmp"))
    #expect(throws: FileError.cannotCreate(path: folder.file("o"), errorNumber: EEXIST)) {
      try AtomicOutputFile(path: folder.file("o"), force: true)
    }
    #expect(folder.bytes("precious") == [9])
  }

  @Test func impossibleOutputsAreRefusedBeforeAnythingIsWritten() throws {
    let folder = try TemporaryFolder()
    mkdir(folder.file("d"), 0o755)
    for (name, expected) in [
      ("none/o", FileError.outputFolderMissing(path: folder.file("none/o"))),
      ("d", .outputIsDirectory(path: folder.file("d"))),
      ("d/", .outputIsDirectory(path: folder.file("d/"))),
      ("new/", .outputIsDirectory(path: folder.file("new/"))),
    ] {
      #expect(throws: expected) { try AtomicOutputFile(path: folder.file(name), force: true) }
    }
    #expect(folder.entries == ["d"])
  }

  @Test func devicesArePassedThroughAndAFullOneIsReported() throws {
    let null = try AtomicOutputFile(path: "/dev/null", force: false)
    try null.write([1, 2, 3])
    try null.commit()
    let full = try AtomicOutputFile(path: "/dev/full", force: false)
    full.expectedBytes = 5
    #expect(
      throws: FileError.noSpace(path: "/dev/full", written: 0, total: 5, errorNumber: ENOSPC)
    ) { try full.write([1, 2, 3]) }
  }

  @Test func aPipeIsWrittenDirectly() throws {
    let folder = try TemporaryFolder()
    mkfifo(folder.file("pipe"), 0o600)
    let reading = open(folder.file("pipe"), O_RDONLY | O_NONBLOCK)
    let output = try AtomicOutputFile(path: folder.file("pipe"), force: false)
    try output.write([1, 2, 3])
    try output.commit()
    var bytes = [UInt8](repeating: 0, count: 10)
    #expect(read(reading, &bytes, 10) == 3)
    close(reading)
    #expect(folder.entries == ["pipe"])
  }

  @Test func aReaderThatGoesAwayIsReported() throws {
    signal(SIGPIPE, SIG_IGN)
    let folder = try TemporaryFolder()
    mkfifo(folder.file("pipe"), 0o600)
    let reading = open(folder.file("pipe"), O_RDONLY | O_NONBLOCK)
    let output = try AtomicOutputFile(path: folder.file("pipe"), force: false)
    close(reading)
    #expect(throws: FileError.brokenPipe(path: folder.file("pipe"))) { try output.write([1]) }
  }

  // The limit and the handler concern the whole process, so these two run in one of their own.

  @Test func aLimitOnTheFileSizeLeavesNothing() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let folder = try TemporaryFolder()
      let output = try AtomicOutputFile(path: folder.file("o"), force: false)
      output.expectedBytes = 100_000
      var limit = rlimit(rlim_cur: 16384, rlim_max: 16384)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let error = #expect(throws: FileError.self) {
        try output.write([UInt8](repeating: 0, count: 100_000))
      }
      #expect(
        error
          == .noSpace(path: folder.file("o"), written: 16384, total: 100_000, errorNumber: EFBIG))
      #expect(error?.message == "file too large (written 16384 of 100000 bytes)")
      #expect(folder.entries == [])
    }
  }

  @Test func aDyingProgramRemovesWhatIsOpen() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let done = try AtomicOutputFile(path: folder.file("done"), force: false)
      try done.commit()
      let outputs = try ["a", "b"].map {
        try AtomicOutputFile(path: folder.file($0), force: false)
      }
      try outputs[0].write([1])
      #expect(folder.entries == [".a.arssr-tmp", ".b.arssr-tmp", "done"])
      AtomicOutputFile.discardAllBeforeDying()
      #expect(folder.entries == ["done"])
      // They live until here.
      for output in outputs { output.discard() }
    }
  }

  @Test func manyOutputsInTurnLeaveNoDescriptorOpen() throws {
    let folder = try TemporaryFolder()
    // Other tests run at the same time and open files elsewhere.
    func opened() throws -> [String] {
      let files = FileManager.default
      return try files.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
        try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
      }.filter { $0.hasPrefix(folder.path) }
    }
    let held = try AtomicOutputFile(path: folder.file("held"), force: true)
    #expect(try !opened().isEmpty)
    held.discard()
    for index in 0..<300 {
      let output = try AtomicOutputFile(path: folder.file("o"), force: true)
      try output.write([UInt8(truncatingIfNeeded: index)])
      if index.isMultiple(of: 2) { try output.commit() } else { output.discard() }
      _ = try? AtomicOutputFile(path: folder.file("none/o"), force: true)
      _ = try? InputFile(path: folder.path)
    }
    #expect(try opened() == [])
    #expect(folder.entries == ["o"])
  }

  @Test func freeSpaceIsKnownForFilesOnly() throws {
    let folder = try TemporaryFolder()
    let output = try AtomicOutputFile(path: folder.file("o"), force: false)
    #expect(AtomicOutputFile.availableBytes(at: output.path) ?? -1 >= 0)
    #expect(AtomicOutputFile.availableBytes(at: "/dev/null") == nil)
  }
}
