import Foundation
import Testing

/// The forms of progress, and what goes to the log.
@Suite struct ProgressTests {
  /// A run that takes about a second, so that there is something to see.
  private static let work = "upsample --isa generic --threads 1 --scale 3"

  @Test func plainLinesTellBeginningAndEnd() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run("upsample --threads 1 in.nii o.nii", in: folder)
    #expect(run.status == 0)
    #expect(run.errorLines.count == 2, "\(run)")
    let start = "arssr: in.nii: 12 x 10 x 8 -> 24 x 20 x 16, brain-t1w, 1 thread, "
    #expect(run.errorLines[0].hasPrefix(start))
    #expect(
      run.errorLines[1].range(
        of: "^arssr: in.nii: done in [0-9.]+ s, peak [0-9.]+ MiB: o.nii$",
        options: .regularExpression) != nil, "\(run)")
    #expect(!run.error.contains("\r") && !run.error.contains("\u{1b}"))
    #expect(run.output.isEmpty)
  }

  @Test func quietRunsSayNothing() throws {
    let folder = try Scratch.withVolume()
    for options in ["--quiet", "-q --progress bar", "--progress none"] {
      let run = try Program.run(
        "upsample --method linear \(options) --force in.nii o.nii", in: folder)
      #expect(run.status == 0)
      #expect(run.error.isEmpty, "\(run)")
    }
  }

  /// The events of a run, each as the schema has it.
  private func described(
    _ run: Program.Run, location: SourceLocation = #_sourceLocation
  ) throws -> [[String: Any]] {
    let schema = try JSONSchema("arssr.progress/1")
    return try run.errorLines.map { line in
      let event = try JSONText.object(Data(line.utf8))
      #expect(schema.violations(event) == [], "\(line)", sourceLocation: location)
      return event
    }
  }

  @Test(arguments: [
    "degrade in.nii o.nii", "evaluate in.nii in.nii", "evaluate --truth in.nii --method cubic",
    "report in.nii -o o.html", "upsample --method cubic -vv scans sr", "upsample no.nii o.nii",
    "upsample --method cubic scans/a.nii sr/a.nii",
  ])
  func eventsOfEveryCommandAreDescribed(_ line: String) throws {
    let folder = try Scratch.withVolume()
    let volume = try folder.read("in.nii")
    for name in ["a", "b"] { try folder.write(volume, to: "scans/\(name).nii") }
    try folder.write(Data("no volume".utf8), to: "scans/c.nii")
    let run = try Program.run("\(line) --progress json", in: folder)
    let events = try described(run)
    #expect(events.last?["event"] as? String == "end" && events.count >= 2, "\(run)")
  }

  @Test func eventsAreOneObjectPerLine() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run("\(Self.work) --progress json in.nii o.nii", in: folder)
    #expect(run.status == 0)
    let events = try described(run)
    let names = events.compactMap { $0["event"] as? String }
    #expect(names.first == "start" && names.last == "end")
    #expect(names.dropLast().last == "output")
    let progress = events.filter { $0["event"] as? String == "progress" }
    let shares = progress.compactMap { $0["done"] as? Double }
    #expect(shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) })
    #expect(progress.count >= 2, "\(run)")
    #expect(Set(progress.compactMap { $0["stage"] as? String }).isSubset(of: ["encode", "decode"]))
  }

  @Test func failuresAndWarningsAreEventsToo() throws {
    let folder = try Scratch.withVolume()
    let missing = try Program.run(
      "upsample --method linear --progress json no.nii o.nii", in: folder)
    #expect(missing.status == 66)
    _ = try described(missing)
    #expect(missing.errorLines.count == 2 && missing.errorLines[1].contains("\"event\":\"end\""))
    let event = try JSONText.object(Data(missing.errorLines[0].utf8))
    #expect(event["event"] as? String == "error")
    #expect((event["error"] as? [String: Any])?["code"] as? String == "input.missing")
    let warned = try Program.run(
      "upsample --method linear --header-compat --progress json in.nii o.nii", in: folder)
    #expect(warned.errorLines.contains { $0.contains("\"event\":\"warning\"") }, "\(warned)")
    _ = try described(warned)
  }

  @Test func theBarIsRewrittenCutToTheWidthAndReplaced() throws {
    let folder = try Scratch.withVolume()
    let words = "\(Self.work) --progress bar in.nii o.nii".split(separator: " ").map(String.init)
    let run = try Program.run(words, in: folder, environment: ["COLUMNS": "40", "LC_ALL": "C"])
    #expect(run.status == 0)
    let states = run.error.components(separatedBy: "\r\u{1b}[K")
    #expect(states.count > 3, "\(run)")
    let bars = states.dropFirst().dropLast(2)
    #expect(bars.allSatisfy { $0.count <= 39 && $0.hasPrefix("in.nii  ") }, "\(run)")
    #expect(bars.contains { $0.contains("#") || $0.contains("-") })
    #expect(states.last?.hasPrefix("in.nii  done in ") == true, "\(run)")
  }

  @Test func warningsAreHeldUntilTheInputIsRead() throws {
    var volume = SampleVolume()
    volume.value = { i, _, _, _ in i == 0 ? .nan : 1 }
    let folder = try Scratch.withVolume(volume)
    // The header warns, the voxels are refused: only the refusal shows.
    let run = try Program.run(
      "upsample --method linear --header-compat -vv in.nii o.nii", in: folder)
    #expect(run.status == 65)
    #expect(run.errorLines.count == 1, "\(run)")
  }

  @Test func verboseTellsChoicesAndTimes() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run("upsample -vv in.nii o.nii", in: folder)
    for part in [
      " NUMA node", "memory at most", "instruction set ", "time: read ", "peak memory",
      "encoder: ", "decoder: ", "% of the measured peak",
    ] {
      #expect(run.error.contains(part), "\(part)\n\(run)")
    }
    let less = try Program.run("upsample -v --force in.nii o.nii", in: folder)
    #expect(less.error.contains("time: read "))
    #expect(!less.error.contains("measured peak"))
  }

  @Test func theLogHoldsEverythingWithTimes() throws {
    let folder = try Scratch.withVolume()
    for line in [
      "upsample --quiet --log-file run.log in.nii o.nii",
      "upsample --quiet --log-file run.log in.nii o.nii",
    ] {
      _ = try Program.run(line, in: folder)
    }
    let lines = String(decoding: try folder.read("run.log"), as: UTF8.self)
      .split(separator: "\n").map(String.init)
    let stamp = "^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.][0-9]{3}Z "
    #expect(lines.allSatisfy { $0.range(of: stamp, options: .regularExpression) != nil })
    #expect(lines.contains { $0.contains("arssr 0.1.0: ") && $0.contains("--log-file run.log") })
    #expect(lines.contains { $0.contains(" arssr: in.nii: 12 x 10 x 8 -> 24 x 20 x 16, ") })
    #expect(lines.contains { $0.contains(" arssr: in.nii: done in ") && $0.hasSuffix(": o.nii") })
    #expect(lines.contains { $0.contains("time: read ") })
    #expect(lines.last?.hasSuffix("o.nii: exists already; use --force to overwrite") == true)
    let bad = try Program.run("upsample --log-file no/run.log in.nii p.nii", in: folder)
    #expect(bad.status == 73)
  }

  @Test(arguments: [
    ("in.nii", "holds no text"), ("o.nii.gz", "a name with .nii.gz is that of another"),
    ("o.json", "a name with .json is"),
    ("m.safetensors", "a name with .safetensors is"),
  ])
  func nothingButALogIsAppendedTo(_ name: String, _ words: String) throws {
    let folder = try Scratch.withVolume()
    let input = try folder.read("in.nii")
    let run = try Program.run(
      "upsample --method cubic --force --log-file \(name) in.nii o.nii", in: folder)
    #expect(run.status == 64, "\(run)")
    #expect(run.error.hasPrefix("arssr: error: --log-file \(name): \(words)"), "\(run)")
    #expect(folder.names == ["in.nii"])
    #expect(try folder.read("in.nii") == input)
    try folder.writeSettings("{\"logFile\": \"in.nii\"}")
    let set = try Program.run("info", in: folder)
    #expect(set.status == 64 && set.error.contains("config.json: log-file in.nii: "), "\(set)")
  }

  /// The log of a job has what other programs said before.
  @Test func aLogIsSharedWithOtherPrograms() throws {
    let folder = try Scratch.withVolume()
    try folder.write("the job begins\n", to: "job.txt")
    try Program.run(
      "upsample --method cubic --log-file job.txt in.nii o.nii", in: folder, endsWith: 0)
    let log = String(decoding: try folder.read("job.txt"), as: UTF8.self)
    #expect(log.hasPrefix("the job begins\n20") && log.contains("done in"), "\(log)")
  }
}
