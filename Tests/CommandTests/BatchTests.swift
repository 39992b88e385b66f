import Foundation
import TestSupport
import Testing

/// Folders and lists of volumes: what is made, left alone, refused and reported.
@Suite struct BatchTests {
  private static let fast = "upsample --method linear --threads 1"

  /// A folder `scans` with the volumes `a.nii`, `b.nii`, and `deeper/c.nii`, and what is none.
  private func scans() throws -> Scratch {
    let folder = try Scratch()
    for (number, name) in ["a.nii", "b.nii", "deeper/c.nii"].enumerated() {
      var volume = SampleVolume()
      volume.size = [10 + number, 9, 8]
      try folder.write(volume.data, to: "scans/\(name)")
    }
    try folder.write("x", to: "scans/notes.txt")
    try folder.write("x", to: "scans/.hidden.nii")
    return folder
  }

  private func names(_ folder: Scratch, _ place: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path(place))) ?? []).sorted()
  }

  private func items(_ run: Program.Run) throws -> [[String: Any]] {
    let report = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.upsample/1").violations(report) == [], "\(run)")
    return try #require(report["items"] as? [[String: Any]])
  }

  private func statuses(_ run: Program.Run) throws -> [String] {
    try items(run).compactMap { $0["status"] as? String }
  }

  @Test func aFolderGivesTheBytesOfSingleRuns() throws {
    let folder = try scans()
    let run = try Program.run("upsample --threads 1 scans sr/new/", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(names(folder, "sr/new") == ["a_sr.json", "a_sr.nii", "b_sr.json", "b_sr.nii"])
    #expect(run.error.contains("arssr: scans/a.nii: done in "))
    #expect(run.errorLines.last?.hasPrefix("arssr: 2 done of 2 in ") == true, "\(run)")
    for name in ["a", "b"] {
      let single = try Program.run(
        "upsample --threads 1 scans/\(name).nii one.nii --force", in: folder)
      #expect(single.status == 0, "\(single)")
      #expect(try folder.read("one.nii") == folder.read("sr/new/\(name)_sr.nii"))
      #expect(try folder.read("one.json") == folder.read("sr/new/\(name)_sr.json"))
    }
  }

  @Test func foldersInTheFolderAreTakenWhenAskedFor() throws {
    let folder = try scans()
    let run = try Program.run("\(Self.fast) --recursive --suffix -x scans sr", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(names(folder, "sr") == ["a-x.json", "a-x.nii", "b-x.json", "b-x.nii", "deeper"])
    #expect(names(folder, "sr/deeper") == ["c-x.json", "c-x.nii"])
  }

  @Test func aListNamesInputsAndResults() throws {
    let folder = try scans()
    try folder.write(
      "# two\nscans/a.nii\n scans/b.nii \tsub/other.nii.gz\n", to: "list.txt")
    let run = try Program.run("\(Self.fast) @list.txt sr", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(names(folder, "sr") == ["a_sr.json", "a_sr.nii", "sub"])
    #expect(names(folder, "sr/sub") == ["other.json", "other.nii.gz"])
  }

  /// Threads and memory are divided among jobs, and nothing of that shows in the results.
  @Test func jobsAtATimeGiveTheSameBytes() throws {
    let folder = try scans()
    let model = "upsample --recursive --threads 2"
    let one = try Program.run("\(model) scans one", in: folder)
    let two = try Program.run("\(model) --jobs 2 --format json scans two", in: folder)
    #expect(one.status == 0 && two.status == 0, "\(one)\n\(two)")
    #expect(try statuses(two) == ["done", "done", "done"])
    for name in ["a_sr.nii", "a_sr.json", "b_sr.nii", "deeper/c_sr.nii", "deeper/c_sr.json"] {
      #expect(try folder.read("one/\(name)") == folder.read("two/\(name)"), "\(name)")
    }
    let machine = try JSONText.object(two.outputBytes)["machine"] as? [String: Any]
    #expect(machine?["threads"] as? Int == 2)
    let many = try Program.run("\(model) --jobs 3 scans three", in: folder)
    #expect(many.status == 64 && many.error.contains("every job needs a thread"), "\(many)")
  }

  // MARK: - Going on

  @Test func whatWasMadeInTheSameWayIsLeftAlone() throws {
    let folder = try scans()
    let line = "\(Self.fast) --skip-existing --format json scans sr"
    #expect(try statuses(Program.run(line, in: folder)) == ["done", "done"])
    let again = try Program.run(line, in: folder)
    #expect(try statuses(again) == ["skipped", "skipped"], "\(again)")
    #expect(again.error.contains("scans/a.nii: skipped, sr/a_sr.nii was made in the same way"))
    // Another input, a missing sidecar, a broken volume: each is made again, and only that.
    var other = SampleVolume()
    other.size = [10, 9, 8]
    other.value = { i, _, _, _ in Float(i) }
    for change: () throws -> Void in [
      { try folder.write(other.data, to: "scans/a.nii") },
      { try FileManager.default.removeItem(atPath: folder.path("sr/a_sr.json")) },
      { try folder.write("cut", to: "sr/a_sr.nii") },
      { try FileManager.default.removeItem(atPath: folder.path("sr/a_sr.nii")) },
    ] {
      try change()
      let run = try Program.run(line, in: folder)
      #expect(try statuses(run) == ["done", "skipped"], "\(run)")
    }
    // Other options make all anew, and back.
    for options in ["--scale 3", "--clip input", "--datatype int16", ""] {
      let run = try Program.run("\(line) \(options)", in: folder)
      #expect(try statuses(run) == ["done", "done"], "\(options): \(run)")
      #expect(
        try statuses(Program.run("\(line) \(options)", in: folder)).allSatisfy { $0 == "skipped" })
    }
  }

  /// The checksum of a file counts, not its name; an interpolation is not a model.
  @Test func modelAndMaskCountByTheirContent() throws {
    let folder = try scans()
    let golden = Golden.folder("arssr").appendingPathComponent("weights")
    func use(_ weights: String) throws {
      try folder.write(
        Data(contentsOf: golden.appendingPathComponent(weights)), to: "m.pkl")
    }
    var mask = SampleVolume()
    mask.value = { i, _, _, _ in i < 6 ? 1 : 0 }
    try folder.write(mask.data, to: "mask.nii")
    try folder.write(SampleVolume().data, to: "in.nii")
    try use("rdn_small.pkl")
    let line =
      "upsample --threads 1 --skip-existing --format json --model ./m.pkl"
      + " --mask mask.nii in.nii o.nii"
    #expect(try statuses(Program.run(line, in: folder)) == ["done"])
    #expect(try statuses(Program.run(line, in: folder)) == ["skipped"])
    mask.value = { i, _, _, _ in i < 7 ? 1 : 0 }
    try folder.write(mask.data, to: "mask.nii")
    #expect(try statuses(Program.run(line, in: folder)) == ["done"])
    try use("rdn_odd.pkl")
    #expect(try statuses(Program.run(line, in: folder)) == ["done"])
    #expect(try statuses(Program.run(line, in: folder)) == ["skipped"])
    let refused = try Program.run("\(line) --no-sidecar", in: folder)
    #expect(refused.status == 64, "\(refused)")
  }

  @Test func aReportOfAnotherResultIsMadeAnew() throws {
    let folder = try Scratch.withVolume()
    func make(_ options: String) throws {
      try Program.run(
        "upsample -q --threads 1 --force \(options) in.nii o.nii", in: folder, endsWith: 0)
    }
    let line = "\(Self.fast) --skip-existing --format json --report k.html in.nii o.nii"
    try make("--method cubic --report k.html")
    let other = try folder.read("k.html")
    for options in ["", "--check-consistency"] {
      try make("--method linear \(options)")
      #expect(try statuses(Program.run(line, in: folder)) == ["done"], "\(options)")
      #expect(try folder.read("k.html") != other)
      #expect(try statuses(Program.run(line, in: folder)) == ["skipped"], "\(options)")
      try folder.write(other, to: "k.html")
    }
  }

  @Test func expectedErrorsOfAnotherResultAreMadeAnew() throws {
    let folder = try Scratch.withVolume()
    let line =
      "upsample --threads 1 -m interim --skip-existing --format json --uncertainty sd.nii"
      + " in.nii o.nii"
    #expect(try statuses(Program.run(line, in: folder)) == ["done"])
    let errors = try folder.read("sd.nii")
    #expect(try statuses(Program.run(line, in: folder)) == ["skipped"])
    var other = SampleVolume()
    other.size = [24, 20, 16]
    try folder.write(other.data, to: "sd.nii")
    #expect(try statuses(Program.run(line, in: folder)) == ["done"])
    #expect(try folder.read("sd.nii") == errors)
    #expect(try statuses(Program.run(line, in: folder)) == ["skipped"])
    let sidecar = try folder.json("o.json")
    #expect(try JSONSchema("arssr.sidecar/1").violations(sidecar) == [])
  }

  /// Without sidecars nothing would ever be left alone.
  @Test func aSettingsFileWithoutSidecarsLeavesNothingAlone() throws {
    let folder = try scans()
    try folder.writeSettings("{\"sidecar\": false}")
    let run = try Program.run("\(Self.fast) --skip-existing scans sr", in: folder)
    #expect(run.status == 64 && run.error.contains("config.json: sidecar false"), "\(run)")
    let line = "\(Self.fast) --skip-existing --sidecar --format json scans sr"
    #expect(try statuses(Program.run(line, in: folder)) == ["done", "done"])
    #expect(try statuses(Program.run(line, in: folder)) == ["skipped", "skipped"])
  }

  // MARK: - Failures

  @Test func oneBrokenVolumeDoesNotCostTheOthers() throws {
    let folder = try scans()
    try folder.write(Data(SampleVolume().data.prefix(1000)), to: "scans/aa.nii")
    let run = try Program.run("\(Self.fast) --format json scans sr", in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(try statuses(run) == ["done", "failed", "done"])
    let report = try JSONText.object(run.outputBytes)
    #expect(report["status"] as? String == "partial")
    #expect(run.errorLines.last == "arssr: error: 1 of 3 failed")
    #expect(run.error.contains("arssr: error: scans/aa.nii: truncated"), "\(run)")
    #expect(run.error.contains("arssr: 2 done, 1 failed of 3 in "), "\(run)")
    #expect(run.errorLines.contains { $0.hasPrefix("  scans/aa.nii  truncated") }, "\(run)")
    #expect(names(folder, "sr") == ["a_sr.json", "a_sr.nii", "b_sr.json", "b_sr.nii"])
    // The header is read before any work, so the run ends before it.
    try folder.write("no volume", to: "scans/0.nii")
    let stopped = try Program.run("\(Self.fast) --stop-on-error scans other", in: folder)
    #expect(stopped.status == 65, "\(stopped)")
    #expect(!folder.exists("other"))
  }

  @Test func whereAllFailTheStatusIsThatOfTheFirst() throws {
    let folder = try Scratch()
    try folder.write("no volume at all, but long enough to be looked at", to: "scans/a.nii")
    try folder.write("gone.nii\nscans/a.nii\n", to: "list.txt")
    let run = try Program.run("\(Self.fast) @list.txt sr", in: folder)
    #expect(run.status == 66, "\(run)")
    #expect(run.errorLines.last == "arssr: error: 2 of 2 failed")
  }

  @Test func stoppingBeginsNoFurtherVolume() throws {
    let folder = try scans()
    var broken = SampleVolume()
    broken.value = { _, _, _, _ in .nan }
    try folder.write(broken.data, to: "scans/a.nii")
    let run = try Program.run("\(Self.fast) --stop-on-error scans sr", in: folder)
    #expect(run.status == 65, "\(run)")
    #expect(run.error.contains("1 failed, 1 not begun of 2"), "\(run)")
    #expect(names(folder, "sr").isEmpty)
  }

  @Test func existingResultsNeedAWord() throws {
    let folder = try scans()
    try folder.write("mine", to: "sr/a_sr.nii")
    let run = try Program.run("\(Self.fast) scans sr", in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(run.error.contains("sr/a_sr.nii: exists already; use --skip-existing"), "\(run)")
    #expect(try folder.read("sr/a_sr.nii") == Data("mine".utf8))
    #expect(try Program.run("\(Self.fast) --force scans sr", in: folder).status == 0)
  }

  @Test(arguments: [
    ("scans scans", 64, "would be inputs of the next run"),
    ("scans ./scans/.", 64, "would be inputs of the next run"),
    ("--recursive scans scans/sr/x", 64, "below the folder of the inputs"),
    ("--suffix a/b scans sr", 64, "has no slash"),
    ("--suffix a/\u{301}b scans sr", 64, "has no slash"),
    ("@twice.txt sr", 64, "the list names this volume twice, also as"),
    ("@same.txt sr", 64, "would be written for "),
    ("@over.txt .", 64, "is the input"),
    ("@three.txt sr", 78, "has 3 parts"),
    ("@above.txt sr", 78, "the result k/../y.nii has a part \"..\""),
    ("@empty.txt sr", 65, "names no volume"),
    ("@gone.txt sr", 66, "no such file"),
    ("@list.txt sr.nii", 64, "need a folder"),
    ("@list.txt -", 64, "need a folder"),
    ("--recursive @list.txt sr", 64, "a list names its volumes"),
    ("--report r.html scans sr", 64, "there are many volumes"),
    ("none sr", 64, "must end in"),
    ("empty sr", 65, "holds no volume"),
    ("--jobs 2 scans/a.nii sr.nii", 64, "only with a folder"),
    ("--shard 1/2 scans/a.nii sr.nii", 64, "only with a folder"),
    ("--shard 1/1 none sr", 66, "none: no such file or folder"),
    ("--shard 3/2 scans sr", 64, "k from 1 to n"),
    ("scans scans/a.nii", 66, "is a directory"),
    ("scans file", 73, "cannot be created"),
  ])
  func slipsAreRefusedBeforeAnyWork(_ line: String, _ status: Int, _ words: String) throws {
    let folder = try scans()
    symlink("../a.nii", folder.path("scans/deeper/link.nii"))
    try folder.write("scans/a.nii\nscans/deeper/link.nii\n", to: "twice.txt")
    try folder.write("scans/a.nii\tx.nii\nscans/b.nii\t./x.nii.gz\n", to: "same.txt")
    try folder.write("scans/a.nii\tscans/b.nii\nscans/b.nii\n", to: "over.txt")
    try folder.write("a\tb\tc\n", to: "three.txt")
    try folder.write("scans/a.nii\tk/../y.nii\nscans/b.nii\ty.nii\n", to: "above.txt")
    try folder.write("# nothing\n", to: "empty.txt")
    try folder.write("scans/a.nii\n", to: "list.txt")
    try folder.write("x", to: "file")
    try folder.makeFolder("empty")
    let before = folder.names + names(folder, "scans") + names(folder, "scans/deeper")
    let run = try Program.run("\(Self.fast) \(line)", in: folder)
    #expect(run.status == status, "\(run)")
    #expect(run.error.contains(words), "\(run)")
    #expect(
      folder.names + names(folder, "scans") + names(folder, "scans/deeper") == before, "\(run)")
  }

  @Test func linksDoNotHideThatTwoResultsAreOneFile() throws {
    let folder = try scans()
    try folder.makeFolder("sr")
    symlink(".", folder.path("sr/k"))
    try folder.write("scans/a.nii\tk/new/y.nii\nscans/b.nii\tnew//y.nii\n", to: "list.txt")
    let run = try Program.run("\(Self.fast) @list.txt sr", in: folder)
    #expect(run.status == 64 && run.error.contains("would be written for "), "\(run)")
    #expect(names(folder, "sr") == ["k"])
  }

  // MARK: - Parts

  @Test func partsAreDisjointAndTogetherEverything() throws {
    let folder = try scans()
    var made: [String] = []
    for part in 1...3 {
      let run = try Program.run(
        "\(Self.fast) --recursive --format json --shard \(part)/3 scans sr", in: folder)
      #expect(run.status == 0, "\(run)")
      made += try items(run).compactMap { $0["input"] as? String }
    }
    #expect(made.sorted() == ["scans/a.nii", "scans/b.nii", "scans/deeper/c.nii"])
    let none = try Program.run("\(Self.fast) --format json --shard 9/9 scans other", in: folder)
    #expect(none.status == 0)
    #expect(try items(none).isEmpty)
  }

  /// A task of an array has its part of a folder, all of a single volume, and no part where numbers of
  /// tasks are missing.
  @Test func aSlurmArrayGivesTheParts() throws {
    let folder = try scans()
    var made: [String] = []
    func run(_ words: String, _ task: Int, _ last: Int, count: Int) throws -> Program.Run {
      try Program.run(
        "\(Self.fast) --format json \(words)".split(separator: " ").map(String.init), in: folder,
        environment: [
          "SLURM_ARRAY_TASK_ID": "\(task)", "SLURM_ARRAY_TASK_MIN": "4",
          "SLURM_ARRAY_TASK_MAX": "\(last)", "SLURM_ARRAY_TASK_COUNT": "\(count)",
          "SLURM_ARRAY_TASK_STEP": "2", "SLURM_CPUS_PER_TASK": "1",
        ])
    }
    for task in [4, 6] {
      let run = try run("--recursive scans sr", task, 6, count: 2)
      made += try items(run).compactMap { $0["input"] as? String }
    }
    #expect(made.sorted() == ["scans/a.nii", "scans/b.nii", "scans/deeper/c.nii"])
    #expect(try run("scans/a.nii one.nii", 6, 6, count: 2).status == 0)
    let odd = try run("scans other", 6, 9, count: 2)
    #expect(odd.status == 64 && odd.error.contains("say --shard k/n"), "\(odd)")
    #expect(try items(run("--shard 1/1 scans other", 6, 9, count: 2)).count == 2)
  }

  // MARK: - Plans

  @Test func thePlanOfAFolderSaysWhatWouldBeDone() throws {
    let folder = try scans()
    #expect(try Program.run("\(Self.fast) scans/a.nii a_sr.nii", in: folder).status == 0)
    try folder.makeFolder("sr")
    for name in ["a_sr.nii", "a_sr.json"] {
      try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path("sr/\(name)"))
    }
    try folder.write("broken", to: "scans/z.nii")
    let line = "\(Self.fast) --dry-run --skip-existing scans sr"
    let text = try Program.run(line, in: folder)
    #expect(text.status == 1, "\(text)")
    #expect(text.errorLines == ["arssr: error: 1 of 3 would fail"])
    let lines = text.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "skipped   scans/a.nii", "\(text)")
    #expect(lines[1].hasPrefix("planned   scans/b.nii   11 x 9 x 8 -> 22 x 18 x 16   "), "\(text)")
    #expect(lines[2].hasPrefix("refused   scans/z.nii: "), "\(text)")
    #expect(lines[3].hasPrefix("would     make 1 result of 3 volumes"), "\(text)")
    let json = try Program.run("\(line) --format json", in: folder)
    let plan = try JSONText.object(json.outputBytes)
    #expect(try JSONSchema("arssr.plan/1").violations(plan) == [], "\(json)")
    #expect(plan["status"] as? String == "partial")
    #expect(names(folder, "sr") == ["a_sr.json", "a_sr.nii"])
    try FileManager.default.removeItem(atPath: folder.path("scans/z.nii"))
    let fresh = try Program.run("upsample --dry-run scans new", in: folder)
    #expect(fresh.status == 0 && !folder.exists("new"), "\(fresh)")
  }

  @Test func aPlanEndsAsTheRunWould() throws {
    let folder = try Scratch()
    try folder.write("broken", to: "scans/z.nii")
    let run = try Program.run("\(Self.fast) --dry-run --format json scans sr", in: folder)
    #expect(run.status == 65, "\(run)")
    let plan = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.plan/1").violations(plan) == [], "\(run)")
    #expect(plan["status"] as? String == "failed")
    #expect(try Program.run("\(Self.fast) scans sr", in: folder).status == 65)
  }

  @Test func theBarCountsVolumes() throws {
    let folder = try scans()
    let words = "upsample --isa generic --threads 1 --scale 3 --progress bar scans sr"
    let run = try Program.run(
      words.split(separator: " ").map(String.init), in: folder, environment: ["LC_ALL": "C"])
    #expect(run.status == 0)
    #expect(run.error.contains("\r\u{1b}[K1/2  scans/a.nii  "), "\(run)")
    #expect(run.error.contains("\r\u{1b}[Kscans/b.nii  done in "), "\(run)")
  }
}
