import Foundation
import Testing

/// `arssr evaluate` seen from outside.
@Suite struct EvaluateTests {
  /// A truth, a result that is 2 off everywhere, and one with a single error.
  private func folder(frames: Int = 1) throws -> Scratch {
    var truth = SampleVolume()
    truth.frames = frames
    var shifted = truth
    shifted.value = { i, j, k, frame in truth.value(i, j, k, frame) + 2 + Float(frame) }
    var single = truth
    single.value = { i, j, k, frame in
      truth.value(i, j, k, frame) + (i == 5 && j == 5 && k == 4 ? 12 : 0)
    }
    let folder = try Scratch()
    try folder.write(truth.data, to: "truth.nii")
    try folder.write(shifted.data, to: "shifted.nii")
    try folder.write(single.data, to: "single.nii")
    return folder
  }

  private func items(_ report: [String: Any]) throws -> [[String: Any]] {
    try #require(report["items"] as? [[String: Any]])
  }

  @Test func scoresAreThoseOfTheFormulas() throws {
    let report = try Program.evaluationReport("shifted.nii single.nii truth.nii", in: try folder())
    let items = try items(report)
    try #require(items.count == 2)
    // The truth spans 0 to 96.
    let shifted = items[0]
    #expect(shifted["mae"] as? Double == 2)
    #expect(shifted["rmse"] as? Double == 2)
    let decibels = try #require(shifted["psnr"] as? Double)
    #expect(abs(decibels - 20 * log10(96.0 / 2)) < 1e-12)
    #expect(shifted["range"] as? [Double] == [0, 96])
    #expect(shifted["voxels"] as? Int == 960)
    let single = items[1]
    #expect(try abs(#require(single["mae"] as? Double) - 12.0 / 960) < 1e-15)
    #expect(try #require(single["ssim"] as? Double) < 1)
    #expect(try #require(single["hfen"] as? Double) > 0)
    #expect(items.allSatisfy { $0["dice"] == nil })
    // No slice is large enough for an inner block.
    #expect(items.allSatisfy { $0["psi"] as? Double == 0 })
  }

  @Test func regionsAreToldApart() throws {
    let folder = try folder()
    var mask = SampleVolume()
    mask.value = { i, j, k, _ in i == 5 && j == 5 && k == 4 ? 1 : 0 }
    try folder.write(mask.data, to: "mask.nii")
    let report = try Program.evaluationReport(
      "--metrics mae,ssim --mask mask.nii single.nii truth.nii", in: folder)
    let items = try items(report)
    #expect(items.map { $0["region"] as? String } == ["whole", "mask"])
    #expect(items[1]["voxels"] as? Int == 1)
    #expect(items[1]["mae"] as? Double == 12)
    let inner = try self.items(
      try Program.evaluationReport("--metrics mae --border 3 shifted.nii truth.nii", in: folder))
    #expect(inner[0]["voxels"] as? Int == 6 * 4 * 2)
    let foreground = try self.items(
      try Program.evaluationReport(
        "--metrics mae --mask foreground shifted.nii truth.nii", in: folder))
    let voxels = SampleVolume.read(try folder.read("truth.nii")).voxels
    #expect(foreground[1]["voxels"] as? Int == voxels.count { $0 > 0 })
  }

  @Test func otherGridsAreRefusedWithTheirDistance() throws {
    let folder = try folder()
    var moved = SampleVolume()
    moved.origin[1] += 0.5
    try folder.write(moved.data, to: "moved.nii")
    let run = try Program.run("evaluate moved.nii truth.nii", in: folder)
    #expect(run.status == 65)
    #expect(
      run.errorLines == [
        "arssr: error: moved.nii: its voxels lie up to 0.5 mm from those of the reference "
          + "(0.001 allowed), so they cannot be compared one by one; --resample brings results onto "
          + "the truth's grid"
      ])
    var shorter = SampleVolume()
    shorter.size[2] = 7
    try folder.write(shorter.data, to: "shorter.nii")
    let sizes = try Program.run("evaluate shorter.nii truth.nii", in: folder)
    #expect(sizes.status == 65)
    #expect(sizes.error.contains("12 x 10 x 7 voxels cannot be compared with 12 x 10 x 8"))
    #expect(sizes.error.contains("2.0 mm apart"))
    var finer = SampleVolume()
    finer.size = [24, 20, 16]
    finer.spacing = [0.5, 0.5, 1]
    finer.origin = [-6.25, -5.25, -8.5]
    try folder.write(finer.data, to: "finer.nii")
    let covering = try Program.run("evaluate finer.nii truth.nii", in: folder)
    #expect(covering.error.contains("with 12 x 10 x 8 (over the same field of view)"))
    let failed = try Program.evaluationReport("moved.nii truth.nii", in: folder, endsWith: 65)
    #expect(failed["status"] as? String == "failed")
    let mask = try Program.run("evaluate --mask moved.nii single.nii truth.nii", in: folder)
    #expect(mask.status == 65 && !mask.error.contains("--resample"))
  }

  @Test func degenerateScoresAreStringsAndToldOf() throws {
    let folder = try folder()
    let same = try items(try Program.evaluationReport("truth.nii truth.nii", in: folder))
    #expect(same[0]["psnr"] as? String == "inf")
    #expect(same[0]["hfen"] as? Double == 0)
    var constant = SampleVolume()
    constant.value = { _, _, _, _ in 3 }
    try folder.write(constant.data, to: "constant.nii")
    let flat = try items(try Program.evaluationReport("truth.nii constant.nii", in: folder))
    #expect(flat[0]["psnr"] as? String == "-inf")
    #expect(flat[0]["ssim"] as? String == "nan")
    #expect(flat[0]["hfen"] as? String == "nan")
    var broken = SampleVolume()
    broken.value = { i, j, k, _ in i + j + k == 0 ? .nan : 1 }
    try folder.write(broken.data, to: "broken.nii")
    let report = try Program.evaluationReport("broken.nii truth.nii", in: folder)
    let scores = try items(report)[0]
    #expect(scores["nonFinite"] as? Int == 1)
    for name in ["psnr", "ssim", "mae", "rmse", "nrmse", "hfen"] {
      #expect(scores[name] as? String == "nan", "\(name)")
    }
    let warnings = try #require(report["warnings"] as? [[String: Any]])
    #expect(warnings.map { $0["code"] as? String } == ["volume.nonfinite"])
    var thin = SampleVolume()
    thin.size = [12, 10, 4]
    try folder.write(thin.data, to: "thin.nii")
    let run = try Program.run("evaluate thin.nii thin.nii", in: folder)
    #expect(run.status == 65)
    #expect(run.error.contains("axis k has 4 voxels and the window of SSIM 7"))
    #expect(try Program.run("evaluate --metrics mae thin.nii thin.nii", in: folder).status == 0)
  }

  @Test func sidesThatAreTooShortForSharpnessAreToldOf() throws {
    let folder = try folder()
    let all = try Program.run("evaluate -q --metrics psi truth.nii truth.nii", in: folder)
    #expect(
      all.output.contains("psi is 0 in slices with a side below 96 voxels, which all 30 have"),
      "\(all)")
    var plate = SampleVolume()
    plate.size = [96, 100, 3]
    try folder.write(plate.data, to: "plate.nii")
    let some = try Program.run("evaluate -q --metrics psi plate.nii plate.nii", in: folder)
    // Those across k, of 96 x 100 voxels, are large enough.
    #expect(some.output.contains("which 196 of 199 have"), "\(some)")
    let other = try Program.run("evaluate -q --metrics mae truth.nii truth.nii", in: folder)
    #expect(!other.output.contains("psi"), "\(other)")
  }

  @Test func framesAreSummedUpAndCompared() throws {
    let report = try Program.evaluationReport(
      "--metrics mae shifted.nii single.nii truth.nii", in: try folder(frames: 4))
    #expect(try items(report).count == 8)
    let summary = try #require(report["summary"] as? [[String: Any]])
    // Errors of 2, 3, 4 and 5.
    #expect(summary[0]["n"] as? Int == 4)
    #expect(summary[0]["mean"] as? Double == 3.5)
    #expect(try abs(#require(summary[0]["sd"] as? Double) - (5.0 / 3).squareRoot()) < 1e-12)
    let comparisons = try #require(report["comparisons"] as? [[String: Any]])
    try #require(comparisons.count == 1)
    #expect(comparisons[0]["result"] as? String == "single.nii")
    #expect(comparisons[0]["against"] as? String == "shifted.nii")
    // All four differences have one sign: 2 / 2^4.
    let test = try #require(comparisons[0]["wilcoxon"] as? [String: Any])
    #expect(test["p"] as? Double == 0.125)
    #expect(test["statistic"] as? Double == 0)
  }

  @Test func labelsAreScoredByOverlap() throws {
    let folder = try folder()
    var truth = SampleVolume()
    truth.value = { i, _, _, _ in i < 6 ? 1 : 2 }
    var result = SampleVolume()
    result.value = { i, _, _, _ in i < 3 ? 1 : 2 }
    try folder.write(truth.data, to: "truth-labels.nii")
    try folder.write(result.data, to: "labels.nii")
    let options = "--metrics mae,dice --labels labels.nii --truth-labels truth-labels.nii"
    let item = try items(
      try Program.evaluationReport("\(options) single.nii truth.nii", in: folder))[0]
    let labels = try #require(item["labels"] as? [[String: Double]])
    // 3 of 3 and 6 columns, 6 of 9 and 6.
    let expected = [6.0 / 9, 12.0 / 15]
    #expect(labels.map { $0["label"] } == [1, 2])
    #expect(labels.map { $0["dice"] } == expected)
    let mean = try #require(item["dice"] as? Double)
    #expect(abs(mean - (expected[0] + expected[1]) / 2) < 1e-15)
    let missing = try Program.run(
      "evaluate --metrics dice --labels labels.nii single.nii truth.nii", in: folder)
    #expect(missing.status == 64)
  }

  @Test func scoresGoToFilesOfEveryForm() throws {
    let folder = try folder()
    for form in ["csv", "md", "json"] {
      let line = "evaluate -q -o scores.\(form) --metrics psnr,mae single.nii shifted.nii truth.nii"
      #expect(try Program.run(line, in: folder).status == 0)
      #expect(try Program.run(line, in: folder).status == 73)
      #expect(try Program.run(line + " --force", in: folder).status == 0)
    }
    let lines = String(decoding: try folder.read("scores.csv"), as: UTF8.self)
      .split(separator: "\n")
    #expect(
      lines.first == "result,truth,frame,region,voxels,nonFinite,rangeLow,rangeHigh,psnr,mae")
    #expect(lines.count == 3)
    #expect(lines[1].hasPrefix("single.nii,truth.nii,0,whole,960,0,0,96,"))
    #expect(lines[2].hasSuffix(",2"))
    let table = String(decoding: try folder.read("scores.md"), as: UTF8.self)
    #expect(table.hasPrefix("| result | region | voxels | psnr (dB) | mae |\n| --- |"))
    let report = try folder.json("scores.json")
    #expect(try JSONSchema("arssr.evaluate/1").violations(report) == [])
  }

  @Test func namesOfAnyKindStayCellsOfTables() throws {
    let folder = try folder()
    // U+0600 and the character behind it are one Character, as are both parts of a line end.
    let names = ["a\r\nb.nii", "\u{600},c.nii", "\u{600}\"d.nii", "\u{600}|e.nii"]
    let volume = try folder.read("single.nii")
    for name in names {
      #expect(
        FileManager.default.createFile(atPath: "\(folder.url.path)/\(name)", contents: volume))
    }
    for (file, cells) in [
      (
        "scores.csv",
        [
          "\n\"a\r\nb.nii\",truth.nii,", "\n\"\u{600},c.nii\",truth.nii,",
          "\n\"\u{600}\"\"d.nii\",truth.nii,", "\n\u{600}|e.nii,truth.nii,",
        ]
      ),
      ("scores.md", ["\n| a\\r\\nb.nii |", "\n| \u{600}\\|e.nii |"]),
    ] {
      let run = try Program.run(
        ["evaluate", "-q", "--metrics", "mae", "-o", file] + names + ["truth.nii"], in: folder)
      #expect(run.status == 0, "\(run)")
      let text = String(decoding: try folder.read(file), as: UTF8.self).utf8
      for cell in cells { #expect(text.firstRange(of: cell.utf8) != nil, "\(file): \(cell)") }
    }
  }

  @Test func pathsInFilesOfScoresAreWhole() throws {
    let folder = try folder()
    let letters = String(repeating: "a", count: 110)
    let names = ["\(letters)1\(letters)/x.nii", "\(letters)2\(letters)/x.nii"]
    for name in names { try folder.write(try folder.read("single.nii"), to: name) }
    let run = try Program.run(
      "evaluate -q --metrics mae -o scores.md \(names[0]) \(names[1]) truth.nii", in: folder)
    #expect(run.status == 0 && run.output.contains("…"), "\(run)")
    let table = String(decoding: try folder.read("scores.md"), as: UTF8.self)
    for name in names { #expect(table.contains("\n| \(name) |"), "\(table)") }
  }

  @Test func theNumberOfThreadsChangesNoScore() throws {
    let folder = try folder(frames: 3)
    let runs = try ["1", "2"].map { threads in
      try Program.run(
        "evaluate -q -t \(threads) --mask foreground single.nii shifted.nii truth.nii", in: folder
      ).output
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0].contains("p (Wilcoxon)"))
  }

  @Test(arguments: [
    ("truth.nii", 64), ("--metrics psnr,vif single.nii truth.nii", 64),
    ("--range 0,1 single.nii truth.nii", 64), ("--range fixed:1,0 single.nii truth.nii", 64),
    ("--border -1 single.nii truth.nii", 64), ("-o scores.txt single.nii truth.nii", 64),
    ("- truth.nii", 64), ("none.nii truth.nii", 66), ("-o none/s.csv single.nii truth.nii", 73),
    ("--max-memory 1K single.nii truth.nii", 69), ("--labels single.nii single.nii truth.nii", 64),
    ("--metrics lpips single.nii truth.nii", 64), ("--lpips vgg single.nii truth.nii", 64),
    ("--metrics mae --slices nonempty single.nii truth.nii", 64),
    ("--mask-background single.nii truth.nii", 64),
    ("--metrics lpips --mask foreground --mask-background single.nii truth.nii", 64),
    ("--slices some single.nii truth.nii", 64),
    ("--metrics lpips --lpips-weights none.pth single.nii truth.nii", 66),
    ("--metrics lpips --lpips-weights truth.nii single.nii truth.nii", 78),
    ("--method cubic single.nii truth.nii", 64), ("--truth truth.nii", 64),
    ("--truth truth.nii --method cubic --method cubic", 64), ("--truth none --method cubic", 66),
    ("--truth truth.nii --method cubic --mask single.nii", 64),
    ("--truth truth.nii --method cubic --resample", 64),
    ("--truth truth.nii --model nothing", 66), ("--truth truth.nii --method cubic --scale 0.5", 64),
  ]) func refusalsHaveTheirStatus(_ line: String, _ status: Int) throws {
    let run = try Program.run("evaluate \(line)", in: try folder())
    #expect(run.status == status, "\(run)")
    #expect(run.errorLines.first?.hasPrefix("arssr: error: ") == true)
  }
}
