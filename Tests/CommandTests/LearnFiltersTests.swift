import Foundation
import TestSupport
import Testing

/// `arssr learn-filters` seen from outside, with filters so small that a run takes a moment.
@Suite struct LearnFiltersTests {
  private static let small = "learn-filters --patch 3 --gradient-window 3 --buckets 4,4,3,3"

  private func folder(volumes: Int = 3) throws -> Scratch {
    let folder = try Scratch()
    for subject in 0..<volumes {
      var volume = SampleVolume()
      volume.size = [30, 28, 26]
      volume.spacing = [1, 1, 1]
      let shift = Float(subject)
      volume.value = { i, j, k, _ in
        let (x, y, z) = (Float(i), Float(j), Float(k))
        return 100 + 20 * sin(x * (0.5 + 0.1 * shift)) + 20 * cos(0.6 * y + shift)
          + 20 * sin(0.4 * z + 0.3 * x)
      }
      try folder.write(volume.data, to: "d/sub-0\(subject + 1)_T1w.nii")
    }
    return folder
  }

  private func learn(
    _ options: String, _ folder: Scratch, status: Int = 0,
    location: SourceLocation = #_sourceLocation
  ) throws -> Program.Run {
    try Program.run(
      "\(Self.small) \(options)", in: folder, endsWith: status, location: location)
  }

  @Test func aRunLeavesTheModelAloneAndReportsWhatItDid() throws {
    let folder = try folder()
    let run = try learn("--format json d x2.safetensors", folder)
    let report = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.learn-filters/1").violations(report).isEmpty)
    let item = try #require((report["items"] as? [[String: Any]])?.first)
    #expect(item["volumes"] as? Int == 3)
    #expect(item["buckets"] as? Int == 144)
    #expect((item["filters"] as? Int ?? 0) > 20)
    #expect(folder.names.filter { $0.hasPrefix("x2") } == ["x2.safetensors"])
    let again = try learn("d y2.safetensors --threads 1", folder)
    #expect(again.error.contains("of 144 buckets with a filter of their own"), "\(again)")
    #expect(try folder.read("x2.safetensors") == folder.read("y2.safetensors"))
  }

  @Test func aRunThatWasStoppedGoesOnToTheSameBytes() throws {
    let folder = try folder()
    _ = try learn("d whole.safetensors", folder)
    let stopped = try learn("--time-limit 0.000001 d parts.safetensors", folder)
    #expect(stopped.error.contains("--resume goes on"), "\(stopped)")
    #expect(folder.exists("parts.safetensors.state") && !folder.exists("parts.safetensors"))
    let forgotten = try learn("d parts.safetensors", folder, status: 73)
    #expect(forgotten.error.contains("--resume"), "\(forgotten)")
    let other = try learn("--seed 4 --resume d parts.safetensors", folder, status: 78)
    #expect(other.error.contains("other options, volumes"), "\(other)")
    _ = try learn("--resume d parts.safetensors", folder)
    #expect(try folder.read("whole.safetensors") == folder.read("parts.safetensors"))
    #expect(!folder.exists("parts.safetensors.state"))
  }

  /// A result that may be replaced may be by the run that goes on, too.
  @Test func aReplacingRunThatWasStoppedGoesOn() throws {
    let folder = try folder()
    try folder.write("another", to: "x.safetensors")
    let stopped = try learn("--force --time-limit 0.000001 d x.safetensors", folder)
    #expect(stopped.error.contains("--resume --force goes on"), "\(stopped)")
    _ = try learn("--resume d x.safetensors", folder, status: 73)
    _ = try learn("--resume --force d x.safetensors", folder)
    _ = try learn("d whole.safetensors", folder)
    #expect(try folder.read("whole.safetensors") == folder.read("x.safetensors"))
  }

  @Test(arguments: [
    ("d x.nii", 64, ".safetensors"), ("none x.safetensors", 66, "none"),
    ("--patch 4 d x.safetensors", 64, "odd number"),
    ("--gradient-window 9 --patch 3 d x.safetensors", 64, "within the patch"),
    ("--scale 1 d x.safetensors", 64, "from 2"), ("--buckets 8,8 d x.safetensors", 64, "four"),
    ("--solver cg --regularisation 1e-3 d x.safetensors", 64, "early end"),
    ("--lr kspace --mask-lr d x.safetensors", 64, "interpolated"),
    ("--resume d x.safetensors", 66, "x.safetensors.state"),
    ("--max-memory 1M d x.safetensors", 69, "--max-memory"),
    ("--features fa d x.safetensors", 64, "lambda1_fa"),
    ("--pool -1 d x.safetensors", 64, "from 0"), ("--faces black d x.safetensors", 64, "mirrored"),
  ])
  func refusalsSayWhatWouldBeRight(_ line: String, _ status: Int, _ words: String) throws {
    let folder = try folder(volumes: 1)
    // The last of two equal options counts, so these replace those of the small run.
    let run = try learn(line, folder, status: status)
    #expect(run.errorLines.first?.contains(words) == true, "\(run)")
    #expect(!folder.exists("x.safetensors"))
  }

  @Test func filtersAreAModelForOtherCommands() throws {
    let folder = try folder()
    _ = try learn("d x2.safetensors", folder)
    _ = try Program.run("degrade --operator quadratic d/sub-01_T1w.nii low.nii", in: folder)
    let run = try Program.run("upsample --model x2.safetensors low.nii high.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(!run.error.contains("this model undoes"), "\(run)")
    let result = SampleVolume.read(try folder.read("high.nii"))
    #expect(result.size.prefix(3) == [30, 28, 26])
    // Degraded and brought back between the same corners, voxels lie where they lay.
    #expect(result.spacing.allSatisfy { abs($0 - 1) < 1e-5 })
    let other = try Program.run(
      "upsample --model x2.safetensors --threads 1 --max-memory 60M low.nii other.nii", in: folder)
    #expect(other.status == 0, "\(other)")
    #expect(try folder.read("high.nii") == folder.read("other.nii"))
    let refused = try Program.run(
      "upsample --model x2.safetensors --scale 3 low.nii x.nii", in: folder)
    #expect(refused.status == 64 && refused.error.contains("--scale 2"), "\(refused)")
    let dry = try Program.run(
      "upsample --dry-run --format json --model x2.safetensors low.nii x.nii", in: folder)
    #expect(try JSONSchema("arssr.plan/1").violations(JSONText.object(dry.outputBytes)).isEmpty)
    let info = try Program.run("models info --format json x2.safetensors", in: folder)
    #expect(try JSONSchema("arssr.model/1").violations(JSONText.object(info.outputBytes)).isEmpty)
    #expect(try Program.run("models verify x2.safetensors", in: folder).status == 0)
    let scores = try Program.run(
      "evaluate --format json --truth d --model x2.safetensors --method cubic --operator quadratic",
      in: folder)
    #expect(scores.status == 0, "\(scores)")
    let report = try JSONText.object(scores.outputBytes)
    let items = try #require(report["items"] as? [[String: Any]])
    // Three volumes by two contenders; filters of a voxel's reach on waves are no match for splines.
    #expect(items.count == 6)
    #expect(items.allSatisfy { ($0["psnr"] as? Double ?? 0) > 20 })
  }

  /// What the published program parses and does not use changes results here, and the model says it.
  @Test func optionsWithoutEffectInThePublishedProgramHaveOne() throws {
    let folder = try folder(volumes: 1)
    var models: [Data] = []
    for (name, options) in [
      ("plain", ""), ("blend", "--blend 6"), ("features", "--features trace_fa"),
      ("sharp", "--sharpen"), ("alone", "--pool 0"),
      ("kept", "--faces kept"), ("double", "--precision float64"),
    ] {
      _ = try learn("\(options) d \(name).safetensors", folder)
      models.append(try folder.read("\(name).safetensors"))
    }
    #expect(Set(models).count == models.count)
    func variants(_ name: String) throws -> [String: Any] {
      let info = try Program.run("models info --format json \(name).safetensors", in: folder)
      return try #require(
        try JSONText.object(info.outputBytes)["variants"] as? [String: Any], "\(info)")
    }
    #expect(try variants("plain")["features"] as? String == "lambda1_coh2")
    #expect(try variants("plain")["faces"] as? String == "mirrored")
    #expect(try variants("features")["features"] as? String == "trace_fa")
    #expect(try variants("alone")["pool"] as? Double == 0)
    #expect(try variants("kept")["faces"] as? String == "kept")
    #expect(try variants("blend")["blend"] as? Int == 6)
    _ = try Program.run("degrade --operator quadratic d/sub-01_T1w.nii low.nii", in: folder)
    var results: Set<Data> = []
    for name in ["plain", "blend", "kept"] {
      let run = try Program.run(
        "upsample --no-sidecar --model \(name).safetensors low.nii \(name).nii", in: folder)
      #expect(run.status == 0, "\(run)")
      results.insert(try folder.read("\(name).nii"))
    }
    #expect(results.count == 3)
  }

  /// Waves that LR volumes hold in full: zero filling brings them back, and filters that were learned so leave
  /// them, but for what lies above the brightest LR voxel, to which results are limited.
  @Test(arguments: ["kspace", "kspace-third"])
  func filtersForZeroFilledVolumesKeepTheFieldOfView(_ kind: String) throws {
    let folder = try Scratch()
    let factor = kind == "kspace" ? 2 : 3
    var volume = SampleVolume()
    volume.size = [36, 24, 30]
    volume.spacing = [1, 1.5, 2]
    volume.value = { i, j, k, _ in
      let x = 2 * Float.pi * (Float(i) + 0.5) / 36
      let y = 2 * Float.pi * (Float(j) + 0.5) / 24
      let z = 2 * Float.pi * (Float(k) + 0.5) / 30
      return 100 + 20 * cos(2 * x + y) + 20 * sin(3 * x - z) + 20 * cos(y + 2 * z)
    }
    try folder.write(volume.data, to: "d/sub-01_T1w.nii")
    _ = try learn("--lr \(kind) --scale \(factor) d x.safetensors", folder)
    let low = try Program.run(
      "degrade --operator kspace --scale \(factor) d/sub-01_T1w.nii low.nii", in: folder)
    #expect(low.status == 0, "\(low)")
    let run = try Program.run("upsample --model x.safetensors low.nii high.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(!run.error.contains("this model undoes"), "\(run)")
    let result = SampleVolume.read(try folder.read("high.nii"))
    #expect(result.size.prefix(3) == [36, 24, 30])
    let scores = try Program.run(
      "evaluate --format json --metrics psnr high.nii d/sub-01_T1w.nii", in: folder)
    let item = try #require(
      (try JSONText.object(scores.outputBytes)["items"] as? [[String: Any]])?.first, "\(scores)")
    #expect((item["psnr"] as? Double ?? 0) > 36, "\(item)")
  }

  /// They undo one way of making volumes coarser, as the networks do.
  @Test func filtersSayWhatTheyUndoWhereTheInputIsAnother() throws {
    let folder = try folder(volumes: 1)
    _ = try learn("d x2.safetensors", folder)
    _ = try learn("--lr kspace-third --scale 2 d k2.safetensors", folder)
    _ = try Program.run("degrade --operator kspace d/sub-01_T1w.nii low.nii", in: folder)
    for (model, input, words) in [
      ("x2", "d/sub-01_T1w", "--operator quadratic); how the input was made is not known"),
      ("x2", "low", "the input was made by arssr degrade --operator kspace"),
      // A third of the frequencies is what no coarser volume of factor 2 has.
      ("k2", "low", "central 1/3 of the frequencies along each axis; the input was made by"),
    ] {
      let run = try Program.run(
        "upsample --force --model \(model).safetensors \(input).nii high.nii", in: folder)
      #expect(run.status == 0 && run.error.contains(words), "\(run)")
    }
  }

  @Test func filtersOfThePublishedProgramBecomeAModel() throws {
    let folder = try Scratch.withVolume()
    let arrays = Golden.folder("filters").appendingPathComponent("arrays")
    for (source, name) in [
      ("h_2.npy", "a/h_2.npy"), ("Qfactor_str2_protocol3.pkl", "a/Qfactor_str2"),
      ("Qfactor_coh2_protocol4.pkl", "a/Qfactor_coh2"),
    ] {
      try folder.write(Data(contentsOf: arrays.appendingPathComponent(source)), to: name)
    }
    let run = try Program.run("models convert a/h_2.npy x2.safetensors", in: folder)
    #expect(run.status == 0, "\(run)")
    let info = try Program.run("info a/h_2.npy", in: folder)
    #expect(info.status == 0 && info.output.contains("gradfilter"), "\(info)")
    let result = try Program.run("upsample --model x2.safetensors in.nii out.nii", in: folder)
    #expect(result.status == 0 && result.error.contains("--operator quadratic"), "\(result)")
    func degradation(_ options: String) throws -> String? {
      let run = try Program.run(
        "models convert --force --format json \(options) a/h_2.npy c.safetensors", in: folder)
      let card = try JSONText.object(run.outputBytes)["card"] as? [String: Any]
      return card?["degradation"] as? String
    }
    #expect(try degradation("")?.hasSuffix("(arssr degrade --operator quadratic)") == true)
    // How much of k-space was kept is in none of the published files.
    #expect(try degradation("--set arssr.filters.lr=kspace") == nil)
    #expect(try degradation("--set arssr.degradation=own") == "own")
    try folder.write("no pickle", to: "a/Qfactor_coh2")
    let refused = try Program.run("models convert a/h_2.npy y2.safetensors", in: folder)
    #expect(refused.status == 78 && refused.error.contains("a/Qfactor_coh2"), "\(refused)")
  }

  @Test func aVolumeWithoutContentIsNamed() throws {
    let folder = try folder(volumes: 1)
    var dark = SampleVolume()
    dark.size = [20, 20, 20]
    dark.value = { _, _, _, _ in 0 }
    try folder.write(dark.data, to: "d/z.nii")
    let run = try learn("d x.safetensors", folder, status: 65)
    #expect(run.errorLines.last?.contains("d/z.nii: has no voxel above 0") == true, "\(run)")
  }
}
