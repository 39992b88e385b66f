import Foundation
import Testing

/// What the file system can do to a run: each with its status, one line, and nothing left behind.
@Suite struct FileTests {
  /// A refused run prints one line, writes nothing on standard output and makes no file.
  private func expectRefusal(
    _ run: Program.Run, _ status: Int, _ words: String..., folder: Scratch, names: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == status, "\(run)", sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(run.errorLines.count == 1, "\(run)", sourceLocation: sourceLocation)
    #expect(run.error.hasPrefix("arssr: error: "), sourceLocation: sourceLocation)
    for word in words {
      #expect(run.error.contains(word), "\(run)", sourceLocation: sourceLocation)
    }
    #expect(folder.names == names, sourceLocation: sourceLocation)
  }

  private func upsample(_ input: String, _ output: String = "o.nii") -> [String] {
    ["upsample", "--method", "linear", input, output]
  }

  @Test func inputsThatAreNoFilesAreRefused() throws {
    let folder = try Scratch()
    try folder.makeFolder("d.nii")
    mkfifo(folder.path("f.nii"), 0o644)
    symlink("/dev/zero", folder.path("z.nii"))
    symlink("b.nii", folder.path("a.nii"))
    symlink("a.nii", folder.path("b.nii"))
    symlink("nowhere", folder.path("n.nii"))
    let before = folder.names
    func refuse(_ name: String, _ words: String) throws {
      let start = ContinuousClock.now
      let run = try Program.run(upsample(name), in: folder)
      #expect(start.duration(to: .now) < .seconds(2), "a pipe nobody writes must not be waited for")
      expectRefusal(run, 66, words, folder: folder, names: before)
    }
    try refuse("missing.nii", "no such file")
    try refuse("n.nii", "no such file")
    try refuse("d.nii", "directory")
    try refuse("f.nii", "pipe")
    try refuse("z.nii", "device")
    try refuse("a.nii", "symbolic links")
    try refuse(String(repeating: "a", count: 296) + ".nii", "too long")
    try refuse("missing\n\u{1b}[31m.nii", "missing\\n\\x1b[31m.nii: no such file")
  }

  @Test func socketsAreRefused() throws {
    let folder = try Scratch()
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { room in
      room.copyBytes(from: Array(folder.path("s.nii").utf8).prefix(room.count - 1))
    }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    expectRefusal(
      try Program.run(upsample("s.nii"), in: folder), 66, "socket", folder: folder,
      names: ["s.nii"])
  }

  @Test func theModelAndOtherInputsMustExist() throws {
    let folder = try Scratch.withVolume()
    try folder.makeFolder("m.safetensors")
    let names = folder.names
    for (line, words) in [
      ("upsample --model ./no.pt in.nii o.nii", "no such file"),
      ("upsample --model ./m.safetensors in.nii o.nii", "directory"),
      ("upsample --method linear --like no.nii in.nii o.nii", "no such file"),
      ("upsample --method linear --mask no.nii in.nii o.nii", "no such file"),
      ("upsample --model intermi in.nii o.nii", "did you mean \"interim\"?"),
      ("models info no.pt", "no file and no model of this name"),
      ("info --config no.json", "no.json: no such file"),
    ] {
      expectRefusal(
        try Program.run(line, in: folder), 66, words, folder: folder, names: names)
    }
  }

  @Test func outputsThatCannotBeCreatedAreRefused() throws {
    let folder = try Scratch.withVolume()
    try folder.makeFolder("d.nii")
    try folder.write("old", to: "old.nii")
    try folder.write("old", to: "side.json")
    let names = folder.names
    for (output, words) in [
      ("none/o.nii", "no such directory"), ("d.nii", "directory"), ("old.nii", "exists"),
      ("side.nii", "side.json: exists"),
    ] {
      expectRefusal(
        try Program.run(upsample("in.nii", output), in: folder), 73, words, folder: folder,
        names: names)
    }
    #expect(try folder.read("old.nii") == Data("old".utf8))
  }

  @Test func forceReplacesAndLinksToTheInputAreFound() throws {
    let folder = try Scratch.withVolume()
    try folder.write("old", to: "old.nii")
    symlink("in.nii", folder.path("link.nii"))
    let run = try Program.run(upsample("in.nii", "old.nii") + ["--force"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try folder.read("old.nii").count > 352)
    let before = try folder.read("in.nii")
    for output in ["in.nii", "link.nii", "./in.nii"] {
      let run = try Program.run(upsample("in.nii", output) + ["--force"], in: folder)
      #expect(run.status == 64, "\(run)")
    }
    #expect(try folder.read("in.nii") == before)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func missingPermissionHasItsOwnStatus() throws {
    let folder = try Scratch.withVolume()
    try folder.write(SampleVolume().data, to: "secret.nii")
    chmod(folder.path("secret.nii"), 0)
    try folder.makeFolder("closed")
    chmod(folder.path("closed"), 0o555)
    #expect(try Program.run(upsample("secret.nii"), in: folder).status == 77)
    #expect(try Program.run(upsample("in.nii", "closed/o.nii"), in: folder).status == 77)
  }

  @Test func contentOfTheWrongKindIsBadData() throws {
    let folder = try Scratch.withVolume()
    try folder.write("", to: "empty.nii")
    try folder.write("no volume at all", to: "text.nii")
    try folder.write(try folder.read("in.nii").prefix(400), to: "short.nii")
    try folder.write("", to: "empty.safetensors")
    let names = folder.names
    for (words, status, message) in [
      (upsample("empty.nii"), 65, "empty"), (upsample("text.nii"), 65, "not a NIfTI file"),
      (upsample("short.nii"), 65, "truncated"),
      (["upsample", "--model", "empty.safetensors", "in.nii", "o.nii"], 78, "empty"),
      (["models", "verify", "text.nii"], 78, "text.nii"),
      (["info", "text.nii"], 65, "not a NIfTI file"),
    ] {
      expectRefusal(
        try Program.run(words, in: folder), status, message, folder: folder, names: names)
    }
  }

  @Test func voxelsThatAreNotFiniteAreRefusedOrZeroed() throws {
    var volume = SampleVolume()
    volume.value = { i, j, k, _ in i == 3 && j == 2 && k == 1 ? .nan : Float(i + j + k) }
    let folder = try Scratch.withVolume(volume)
    let refused = try Program.run(upsample("in.nii"), in: folder)
    expectRefusal(refused, 65, "(3, 2, 1)", folder: folder, names: ["in.nii"])
    let run = try Program.run(upsample("in.nii") + ["--nan", "zero"], in: folder)
    #expect(run.status == 0)
    #expect(
      run.error.contains(
        "arssr: warning: in.nii: 1 of 960 voxels are NaN, infinite or beyond 1e36 (set to 0)"))
  }

  @Test func gridsThatDoNotMeetTheInputAreRefused() throws {
    let folder = try Scratch.withVolume()
    var far = SampleVolume()
    far.origin = [10_000, 0, 0]
    try folder.write(far.data, to: "far.nii")
    let names = folder.names
    expectRefusal(
      try Program.run("upsample --method linear --like far.nii in.nii o.nii", in: folder), 65,
      "far.nii", "overlap", folder: folder, names: names)
    expectRefusal(
      try Program.run("upsample --method linear --mask far.nii in.nii o.nii", in: folder), 65,
      "far.nii", "overlap", folder: folder, names: names)
  }

  @Test func oddNamesOfFilesAreTakenAndShownEscaped() throws {
    let folder = try Scratch.withVolume()
    let script = """
      name=$(printf 'caf\\351.nii'); cp in.nii "$name"
      "$ARSSR" upsample --method linear "$name" o.nii
      """
    let run = try Program.run([], in: folder, shell: script)
    #expect(run.status == 0, "\(run)")
    #expect(run.error.contains("caf\\xe9.nii: 12 x 10 x 8 -> 24 x 20 x 16"))
  }

  @Test func aFullDeviceIsReported() throws {
    let folder = try Scratch.withVolume()
    for script in [
      "\"$ARSSR\" info in.nii > /dev/full", "\"$ARSSR\" upsample --help > /dev/full",
      "\"$ARSSR\" upsample --method linear in.nii - > /dev/full",
      "\"$ARSSR\" upsample --method linear in.nii /dev/full",
    ] {
      let run = try Program.run([], in: folder, shell: script)
      #expect(run.status == 74, "\(script): \(run)")
      #expect(run.error.contains("no space left on device"), "\(script): \(run)")
    }
    #expect(folder.names == ["in.nii"])
  }

  /// The largest float32, a mark for what is missing, is finite; sums of it are not.
  @Test func voxelsTooLargeToBeAddedAreRefusedOrZero() throws {
    var volume = SampleVolume()
    volume.value = { i, j, k, _ in
      i == 2 && j == 3 && k == 4 ? .greatestFiniteMagnitude : 1
    }
    let folder = try Scratch.withVolume(volume)
    let words = ["upsample", "--method", "cubic", "in.nii", "o.nii"]
    let found = "1 of 960 voxels are NaN, infinite or beyond 1e36"
    expectRefusal(
      try Program.run(words, in: folder), 65,
      "\(found), the first at (2, 3, 4) is 3.4028235e+38", "use --nan zero", folder: folder,
      names: ["in.nii"])
    let run = try Program.run(words + ["--nan", "zero"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.error.contains("warning: in.nii: \(found) (set to 0)"), "\(run)")
    #expect(SampleVolume.read(try folder.read("o.nii")).voxels.allSatisfy { abs($0) < 2 })
  }

  @Test func aFileSizeLimitIsReportedAndNothingIsLeft() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run(
      upsample("in.nii"), in: folder, shell: "ulimit -f 8; exec \"$ARSSR\" \"$@\"")
    expectRefusal(run, 74, "too large", folder: folder, names: ["in.nii"])
  }

  /// The new volume is one chunk of gzip, which is written at the end and does not fit.
  @Test func aFullDiskAtTheEndLeavesTheOldResultItsSidecar() throws {
    var volume = SampleVolume()
    volume.size = [24, 20, 16]
    volume.value = { i, j, k, _ in 100 * sin(Float(7 * i * i + 13 * j + 29 * k)) }
    let folder = try Scratch.withVolume(volume)
    let made = try Program.run(upsample("in.nii", "o.nii.gz"), in: folder)
    try #require(made.status == 0, "\(made)")
    let files = [try folder.read("o.nii.gz"), try folder.read("o.json")]
    let words = ["upsample", "--force", "--method", "cubic", "in.nii", "o.nii.gz"]
    let run = try Program.run(words, in: folder, shell: "ulimit -f 24; exec \"$ARSSR\" \"$@\"")
    #expect(run.status == 74, "\(run)")
    #expect(try [folder.read("o.nii.gz"), folder.read("o.json")] == files)
    #expect(folder.names == ["in.nii", "o.json", "o.nii.gz"])
    // What fits takes the old sidecar's place, and leaves nothing of it.
    let again = try Program.run(words, in: folder)
    #expect(again.status == 0, "\(again)")
    #expect(try folder.read("o.json") != files[1])
    #expect(folder.names == ["in.nii", "o.json", "o.nii.gz"])
  }

  @Test func tooLittleMemoryIsSaidBeforeTheWork() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run("upsample --max-memory 8M in.nii o.nii", in: folder)
    expectRefusal(
      run, 69, "8.0 MiB is too small", "use --max-memory", folder: folder, names: ["in.nii"])
    // What the message names is enough.
    let words = run.error.split(separator: " ").map(String.init)
    let place = try #require(words.lastIndex(of: "--max-memory"))
    let enough = try Program.run(
      ["upsample", "--max-memory", words[place + 1], "in.nii", "o.nii"], in: folder)
    #expect(enough.status == 0, "\(enough)")
  }

  @Test func closedStandardStreamsAreHarmless() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run(
      upsample("in.nii"), in: folder, shell: "exec \"$ARSSR\" \"$@\" <&- >&- 2>&-")
    #expect(run.status == 0)
    let other = try Program.run(upsample("in.nii", "p.nii"), in: folder)
    #expect(other.status == 0)
    #expect(try folder.read("o.nii") == folder.read("p.nii"))
  }
}
