import Foundation
import Testing

/// `arssr evaluate --truth`: models and methods on volumes made coarser; and `--resample`.
@Suite struct EvaluateModelTests {
  private func folder() throws -> Scratch {
    let folder = try Scratch()
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("volumes"), withIntermediateDirectories: true)
    for number in 1...3 {
      var volume = SampleVolume()
      volume.size = [24, 20, 17]
      volume.value = { i, j, k, _ in
        let wave = Float(number) * 0.2
        return 100 + 40 * sin(wave * Float(i)) + 30 * cos(0.3 * Float(j)) + 2 * Float(k)
      }
      try folder.write(volume.data, to: "volumes/\(number).nii")
    }
    return folder
  }

  @Test func contendersHaveTheScoresOfTheSingleSteps() throws {
    let folder = try folder()
    let options = "--operator psf --scale 2,2,2.5"
    let report = try Program.evaluationReport(
      "--truth volumes --model interim --method cubic --method linear --metrics psnr,mae \(options)",
      in: folder)
    let items = try #require(report["items"] as? [[String: Any]])
    let names = (0..<3).flatMap { _ in ["interim", "cubic", "linear"] }
    #expect(items.map { $0["result"] as? String } == names)
    #expect(items[3]["truth"] as? String == "volumes/2.nii")
    // The same by hand; 17 planes of factor 2.5 become 7, which cover all of them.
    let degrading = try Program.run("degrade -q \(options) volumes/2.nii lr.nii", in: folder)
    try #require(degrading.status == 0)
    for (name, words) in [("interim", "--model interim --psf 1"), ("cubic", "--method cubic")] {
      let line = "upsample -q --force \(words) --like volumes/2.nii lr.nii sr.nii"
      try #require(try Program.run(line, in: folder).status == 0)
      let single = try Program.evaluationReport(
        "--metrics psnr,mae sr.nii volumes/2.nii", in: folder)
      let expected = try #require((single["items"] as? [[String: Any]])?.first)
      let found = try #require(
        items[3...5].first { $0["result"] as? String == name })
      #expect(found["psnr"] as? Double == expected["psnr"] as? Double, "\(name)")
      #expect(found["mae"] as? Double == expected["mae"] as? Double, "\(name)")
    }
    let summary = try #require(report["summary"] as? [[String: Any]])
    #expect(summary.allSatisfy { $0["n"] as? Int == 3 })
    let comparisons = try #require(report["comparisons"] as? [[String: Any]])
    #expect(comparisons.count == 2 * 3)
    let recipe = try #require(report["recipe"] as? [String: Any])
    let degradation = try #require(recipe["degradation"] as? [String: Any])
    #expect(degradation["operator"] as? String == "psf")
    #expect(degradation["scale"] as? [Double] == [2, 2, 2.5])
  }

  @Test func endsThatTheCoarseVolumeDoesNotCoverAreLeftOut() throws {
    let folder = try folder()
    // 17 / 2 is rounded up to 9 planes, 17 / 3 to 6, 17 / 2.8 to 6, which reach to 16.8 of 17.
    let cases = [("1,1,2", 17), ("1,1,3", 17), ("1,1,2.8", 17), ("1,1,5", 15)]
    for (scale, planes) in cases {
      let report = try Program.evaluationReport(
        "--truth volumes/1.nii --method linear --metrics mae --operator exact --scale \(scale)",
        in: folder)
      let item = try #require((report["items"] as? [[String: Any]])?.first)
      #expect(item["voxels"] as? Int == 24 * 20 * planes, "\(scale)")
    }
  }

  @Test func aVolumeTooShortForAWindowIsNamedBeforeTheWork() throws {
    let folder = try folder()
    var volume = SampleVolume()
    volume.size = [24, 20, 6]
    try folder.write(volume.data, to: "volumes/4.nii")
    volume.size[2] = 7
    try folder.write(volume.data, to: "short.nii")
    // The first volume would be refused as soon as it is read.
    volume.size[2] = 17
    volume.value = { _, _, _, _ in .nan }
    try folder.write(volume.data, to: "volumes/1.nii")
    for (options, start) in [
      ("--truth volumes", "volumes/4.nii: axis k has 6 voxels"),
      // Five of its seven planes are what the one plane made of them covers.
      ("--truth short.nii --operator exact --scale 1,1,5", "short.nii: axis k has 5 voxels"),
    ] {
      let run = try Program.run("evaluate --method cubic \(options)", in: folder)
      #expect(run.status == 65, "\(run)")
      #expect(
        run.errorLines == ["arssr: error: \(start) and the window of SSIM 7"], "\(run)")
    }
    try Program.run(
      "evaluate -q --method cubic --metrics mae --truth volumes/4.nii", in: folder, endsWith: 0)
  }

  @Test func whatIsCutOffIsLeftOut() throws {
    let folder = try folder()
    try folder.write(SampleModel.chain().data, to: "chain.safetensors")
    try folder.write(SampleModel.shuffle(factor: 2).data, to: "block.safetensors")
    // 17 planes are cut to 16, of which every second is kept; those of a corner-aligned operator span
    // the same 16, so models whose outer voxels are those of their input meet the truth.
    for (model, operators) in [
      ("--method cubic", ["corner", "quadratic", "cubic", "exact", "origin", "kspace", "area"]),
      ("--model chain.safetensors", ["corner", "quadratic"]),
      ("--model block.safetensors", ["origin"]),
    ] {
      for name in operators {
        let report = try Program.evaluationReport(
          "--truth volumes/1.nii \(model) --metrics mae --operator \(name) --crop --scale 2",
          in: folder
        )
        let item = try #require((report["items"] as? [[String: Any]])?.first)
        #expect(item["voxels"] as? Int == 24 * 20 * 16, "\(name) \(model)")
      }
    }
  }

  @Test func everyOperatorIsInTheSchema() throws {
    let folder = try folder()
    let names = [
      "cubic", "corner", "quadratic", "exact", "origin", "psf", "kspace", "kspace-box", "block",
      "area",
    ]
    for name in names {
      let report = try Program.evaluationReport(
        "--truth volumes/1.nii --method cubic --metrics mae --operator \(name)", in: folder)
      let recipe = try #require(report["recipe"] as? [String: Any])
      let degradation = try #require(recipe["degradation"] as? [String: Any])
      #expect(degradation["operator"] as? String == name)
    }
  }

  @Test func voxelsThatAreNotFiniteAreRefusedOrTakenAsZero() throws {
    let folder = try folder()
    var volume = SampleVolume()
    try folder.write(volume.data, to: "whole.nii")
    volume.value = { [value = volume.value] i, j, k, frame in
      i == 3 && j == 0 && k == 0 ? .nan : value(i, j, k, frame)
    }
    try folder.write(volume.data, to: "broken.nii")
    volume.value = { [value = volume.value] i, j, k, frame in
      i == 3 && j == 0 && k == 0 ? 0 : value(i, j, k, frame)
    }
    try folder.write(volume.data, to: "zero.nii")
    let line = "--method cubic --metrics mae"
    let refused = try Program.run("evaluate --truth broken.nii \(line)", in: folder)
    #expect(refused.status == 65)
    #expect(
      refused.error.contains("first at (3, 0, 0) is NaN; use --nan zero to treat them as 0"),
      "\(refused)")
    let report = try Program.evaluationReport("--truth broken.nii --nan zero \(line)", in: folder)
    let zero = try Program.evaluationReport("--truth zero.nii \(line)", in: folder)
    let scores = try [report, zero].map {
      try #require(($0["items"] as? [[String: Any]])?.first?["mae"] as? Double)
    }
    #expect(scores[0] == scores[1])
    let warnings = try #require(report["warnings"] as? [[String: Any]])
    #expect(warnings.map { $0["code"] as? String } == ["volume.nonfinite"])
    let recipe = try #require(report["recipe"] as? [String: Any])
    #expect((recipe["degradation"] as? [String: Any])?["nan"] as? String == "zero")
    // Between files, scores of such voxels are nan; masks have no such option.
    let files = try Program.run("evaluate --nan zero broken.nii whole.nii", in: folder)
    #expect(files.status == 64 && files.error.contains("only with --truth"), "\(files)")
    let mask = try Program.run("evaluate --mask broken.nii zero.nii whole.nii", in: folder)
    #expect(mask.status == 65 && !mask.error.contains("--nan"), "\(mask)")
  }

  @Test func instructionSetsAndPathsDifferByRoundingOnly() throws {
    let folder = try folder()
    let line = "--truth volumes/1.nii --model interim --metrics psnr,ssim"
    func score(_ options: String, _ metric: String = "psnr") throws -> Double {
      let report = try Program.evaluationReport("\(line) \(options)", in: folder)
      let item = try #require((report["items"] as? [[String: Any]])?.first)
      return try #require(item[metric] as? Double)
    }
    let exact = try score("--exact")
    for set in ["generic", "sse42", "avx2"] {
      // Results differ by some 1e-6 of the range, errors are 1e-2 of it.
      #expect(try abs(score("--isa \(set)") - exact) < 1e-2, "\(set)")
      #expect(try abs(score("--isa \(set)", "ssim") - score("--exact", "ssim")) < 1e-4, "\(set)")
    }
    #expect(try score("--precision bfloat16") != exact)
    let report = try Program.evaluationReport("\(line) --exact --isa generic", in: folder)
    let recipe = try #require(report["recipe"] as? [String: Any])
    #expect(recipe["exact"] as? Bool == true && recipe["precision"] as? String == "float32")
    #expect((report["machine"] as? [String: Any])?["isa"] as? String == "generic")
    try folder.writeSettings("{\"evaluate\": {\"isa\": \"generic\", \"precision\": \"bfloat16\"}}")
    let set = try Program.evaluationReport(line, in: folder)
    #expect((set["machine"] as? [String: Any])?["isa"] as? String == "generic")
    #expect((set["recipe"] as? [String: Any])?["precision"] as? String == "bfloat16")
  }

  @Test func aPathIsForModelsOnly() throws {
    let folder = try folder()
    for option in ["--exact", "--precision bfloat16"] {
      let run = try Program.run("evaluate \(option) volumes/1.nii volumes/2.nii", in: folder)
      #expect(run.status == 64 && run.error.contains("only with --truth"), "\(run)")
    }
    let run = try Program.run(
      "evaluate --truth volumes --model srrecnn3d-10l --precision bfloat16", in: folder)
    #expect(run.status == 64 && run.error.contains("float32"), "\(run)")
    let other = try Program.run("evaluate --truth volumes --model srrecnn3d-10l", in: folder)
    #expect(other.status == 64 && other.error.contains("--operator cubic"), "\(other)")
  }

  @Test func noiseHasASeedAndThreadsChangeNothing() throws {
    let folder = try folder()
    let line = "evaluate -q --truth volumes --method cubic --metrics psnr --noise 3%"
    let runs = try ["-t 1 --seed 1", "-t 2 --seed 1", "-t 2 --seed 2"].map {
      try Program.run("\(line) \($0)", in: folder).output
    }
    #expect(runs[0].split(separator: "\n").prefix(4) == runs[1].split(separator: "\n").prefix(4))
    #expect(runs[0] != runs[2])
    #expect(runs[0].contains("truth") && runs[0].contains("volumes/3.nii"))
    #expect(runs[0].contains("degraded by cubic, scale 2"))
  }

  @Test func resultsElsewhereAreResampledWhereAsked() throws {
    let folder = try folder()
    for line in [
      "degrade -q --scale 1.5 volumes/1.nii lr.nii",
      "upsample -q --method cubic --like volumes/1.nii lr.nii here.nii",
    ] { try #require(try Program.run(line, in: folder).status == 0) }
    let refused = try Program.run("evaluate --metrics mae lr.nii volumes/1.nii", in: folder)
    #expect(refused.status == 65)
    let run = try Program.run(
      "evaluate --format json --metrics mae --resample lr.nii here.nii volumes/1.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    let report = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.evaluate/1").violations(report) == [])
    let items = try #require(report["items"] as? [[String: Any]])
    #expect(items[0]["mae"] as? Double == items[1]["mae"] as? Double)
    let warnings = try #require(report["warnings"] as? [[String: Any]])
    #expect(warnings.count == 1)
    let message = try #require(warnings[0]["message"] as? String)
    #expect(message.contains("lr.nii: 16 x 13 x 11 voxels cannot be compared"))
    #expect(message.contains("resampled onto the truth's grid"))
  }
}
