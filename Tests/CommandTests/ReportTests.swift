import Foundation
import TestSupport
import Testing

/// JSON for programs: every form is valid by the schema that documents it.
@Suite struct ReportTests {
  private func expectValid(
    _ run: Program.Run, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let object = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema(name).violations(object) == [], sourceLocation: sourceLocation)
    #expect(
      run.output.split(separator: "\n").dropFirst().first?.contains("\"schema\"") == true,
      "schema stands first", sourceLocation: sourceLocation)
    return object
  }

  @Test func upsampleReportsWhatItDid() throws {
    let folder = try Scratch.withVolume()
    for line in [
      "upsample --method linear --format json in.nii a.nii.gz",
      "upsample --format json --scale 1.5,2,2 in.nii b.nii",
    ] {
      let run = try Program.run(line, in: folder)
      #expect(run.status == 0, "\(run)")
      let report = try expectValid(run, "arssr.upsample/1")
      #expect(report["status"] as? String == "ok")
    }
    #expect(try JSONSchema("arssr.sidecar/1").violations(folder.json("a.json")) == [])
    #expect(try JSONSchema("arssr.sidecar/1").violations(folder.json("b.json")) == [])
  }

  @Test func aFailureIsReportedWithCodeAndStatus() throws {
    let folder = try Scratch.withVolume()
    try folder.write("no volume", to: "bad.nii")
    let run = try Program.run("upsample --method linear --format json bad.nii o.nii", in: folder)
    #expect(run.status == 65)
    let report = try expectValid(run, "arssr.upsample/1")
    #expect(report["status"] as? String == "failed")
    let item = try #require((report["items"] as? [[String: Any]])?.first)
    let error = try #require(item["error"] as? [String: Any])
    #expect(error["exit"] as? Int == 65)
    #expect(error["code"] as? String == "volume.format")
    #expect(run.errorLines == ["arssr: error: \(error["message"] as? String ?? "")"])
  }

  @Test(arguments: [
    ("upsample none.nii o.nii", "arssr.upsample/1"), ("degrade none.nii o.nii", "arssr.degrade/1"),
    ("evaluate none.nii in.nii", "arssr.evaluate/1"),
    ("evaluate --truth in.nii --method cubic --max-memory 1M", "arssr.evaluate/1"),
    ("learn-filters none o.safetensors", "arssr.learn-filters/1"),
  ]) func failuresOfEveryCommandAreDescribed(_ line: String, _ name: String) throws {
    let run = try Program.run("\(line) --format json", in: try Scratch.withVolume())
    #expect(run.status != 0)
    let report = try expectValid(run, name)
    let failed = (report["items"] as? [[String: Any]])?.first ?? report
    #expect((failed["error"] as? [String: Any])?["exit"] as? Int == run.status)
  }

  /// Names in the program's text, and the files of their schemas.
  @Test func everyFormHasASchema() throws {
    let folder = Repository.folder.appendingPathComponent("Documentation/schemas")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    var described: Set<String> = []
    for file in files {
      let schema = try JSONText.object(Data(contentsOf: folder.appendingPathComponent(file)))
      let name = try #require(schema["$id"] as? String)
      #expect(file == name.replacingOccurrences(of: "/", with: ".") + ".json")
      described.insert(name)
    }
    let sources = Repository.folder.appendingPathComponent("Sources/arssr")
    let paths = try #require(FileManager.default.enumerator(atPath: sources.path))
    var named: Set<String> = []
    for case let path as String in paths where path.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
      for match in text.matches(of: /"(arssr\.[a-z-]+\/[0-9]+)"/) { named.insert(String(match.1)) }
    }
    // Lines of these two do not name their form.
    #expect(described == named.union(["arssr.progress/1", "arssr.train-log/1"]))
  }

  @Test func plansModelsVolumesAndMachinesAreDescribed() throws {
    let folder = try Scratch.withVolume()
    for (line, name) in [
      ("upsample --dry-run --format json in.nii o.nii", "arssr.plan/1"),
      ("upsample --dry-run --method cubic --format json in.nii o.nii", "arssr.plan/1"),
      ("models list --format json", "arssr.models/1"),
      ("models list --all --format json", "arssr.models/1"),
      ("models info interim --format json", "arssr.model/1"),
      ("models verify interim --format json", "arssr.verify/1"),
      ("info --format json", "arssr.info/1"),
      ("info --config-only --format json", "arssr.info/1"),
      ("info --format json in.nii", "arssr.volume/1"),
      ("info --format json in.nii in.nii", "arssr.info/1"),
    ] {
      let run = try Program.run(line, in: folder)
      #expect(run.status == 0, "\(run)")
      _ = try expectValid(run, name)
      #expect(run.error.isEmpty, "\(run)")
    }
  }

  @Test func infoTellsWhatIsInAVolume() throws {
    var volume = SampleVolume()
    volume.frames = 2
    volume.value = { i, j, k, frame in
      i == 0 ? 0 : i == 1 && j == 0 && k == 0 && frame == 1 ? .infinity : Float(i)
    }
    let folder = try Scratch.withVolume(volume)
    let run = try Program.run("info --format json in.nii", in: folder)
    let report = try JSONText.object(run.outputBytes)
    #expect(report["size"] as? [Int] == [12, 10, 8])
    #expect(report["frames"] as? Int == 2)
    #expect(report["spacing"] as? [Double] == [1, 1, 2])
    #expect(report["fieldOfView"] as? [Double] == [12, 10, 16])
    #expect(report["orientation"] as? String == "RAS")
    #expect(report["thickSlices"] as? String == "k")
    #expect(report["range"] as? [Double] == [0, 11])
    #expect(report["nonFinite"] as? Int == 1)
    let share = try #require(report["shareAtMinimum"] as? Double)
    #expect(abs(share - 1.0 / 12) < 1e-12)
    let sform = try #require(report["sform"] as? [String: Any])
    #expect(sform["matrix"] as? [[Double]] == [[1, 0, 0, -6], [0, 1, 0, -5], [0, 0, 2, -8]])
    #expect(report["qform"] is NSNull)
    let text = try Program.run("info in.nii", in: folder).output
    #expect(
      text.contains("0 to 11; 8.33 % are the smallest value; not finite: 1\n"), "\(text)")
  }

  /// 1 of 960 voxels.
  @Test func aShareThatIsSmallIsNotPrintedAsNone() throws {
    var volume = SampleVolume()
    volume.value = { i, j, k, _ in i + j + k == 0 ? -5 : 1 }
    let run = try Program.run("info in.nii", in: try Scratch.withVolume(volume))
    #expect(run.output.contains("-5 to 1; 0.104 % are the smallest value"), "\(run)")
  }
}
