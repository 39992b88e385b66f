import Foundation
import Testing

/// `arssr report` and `--report`, seen from outside; the browser's view is
/// Scripts/report-browser.py.
@Suite struct PageTests {
  private func folder(frames: Int = 1) throws -> Scratch {
    var fine = SampleVolume()
    (fine.size, fine.spacing, fine.origin) = ([24, 20, 16], [0.5, 0.5, 1], [-6.25, -5.25, -8.5])
    fine.frames = frames
    let folder = try Scratch.withVolume()
    try folder.write(fine.data, to: "truth.nii")
    let noisy = fine
    fine.value = { i, j, k, frame in noisy.value(i, j, k, frame) + Float((i + j + frame) % 3) }
    try folder.write(fine.data, to: "sr.nii")
    return folder
  }

  /// The data of a page.
  private func data(_ folder: Scratch, _ name: String = "r.html") throws -> [String: Any] {
    let page = String(decoding: try folder.read(name), as: UTF8.self)
    #expect(page.hasPrefix("<!doctype html>") && page.hasSuffix("</html>\n"))
    let opening = "<script type=\"application/json\" id=\"data\">"
    let start = try #require(page.range(of: opening)).upperBound
    let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
    let data = try JSONText.object(Data(page[start..<end].utf8))
    #expect(try JSONSchema("arssr.report/1").violations(data) == [])
    return data
  }

  private func names(_ data: [String: Any]) throws -> [String] {
    try #require(data["layers"] as? [[String: Any]]).compactMap { $0["id"] as? String }
  }

  @Test func aReportShowsWhatThereIs() throws {
    let folder = try folder()
    for (options, layers) in [
      ("", ["result"]), ("--truth truth.nii", ["result", "truth"]),
      ("-i in.nii", ["input", "cubic", "result", "disagreement"]),
      ("-i in.nii --truth truth.nii", ["input", "cubic", "result", "truth", "disagreement"]),
    ] {
      let run = try Program.run("report -q -f sr.nii \(options) -o r.html", in: folder)
      #expect(run.status == 0 && run.output.isEmpty, "\(run)")
      let data = try data(folder)
      #expect(try names(data) == layers)
      let planes = try #require(data["planes"] as? [[String: Any]])
      #expect(planes.compactMap { $0["name"] as? String } == ["axial", "coronal", "sagittal"])
      for plane in planes {
        let slices = try #require(plane["slices"] as? [[String: Any]])
        #expect(slices.allSatisfy { ($0["images"] as? [String])?.count == layers.count })
      }
      #expect((data["tables"] as? [Any])?.isEmpty == !options.contains("truth"))
      #expect((data["consistency"] is NSNull) == !options.contains("in.nii"))
    }
  }

  @Test func sameInputGivesTheSamePageWhateverTheThreads() throws {
    let folder = try folder()
    for threads in [1, 2] {
      let run = try Program.run(
        "report -q sr.nii -i in.nii --truth truth.nii -o \(threads).html -t \(threads)", in: folder)
      #expect(run.status == 0, "\(run)")
    }
    #expect(try folder.read("1.html") == folder.read("2.html"))
  }

  @Test func upsamplingWritesItsReportAndTheProvenance() throws {
    let folder = try folder()
    let run = try Program.run("upsample -q --report r.html in.nii o.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    let data = try data(folder)
    #expect(try names(data) == ["input", "cubic", "result", "disagreement"])
    let facts = try #require(data["facts"] as? [[String: Any]])
    let rows = facts.flatMap { $0["rows"] as? [[String]] ?? [] }
    #expect(rows.contains { $0[0] == "Model, SHA256" && $0[1].count == 64 })
    #expect(rows.contains { $0[0] == "Consistency, RMS" })
    // A later report of the same files finds the same in the sidecar.
    let later = try Program.run("report -q o.nii -i in.nii -o later.html", in: folder)
    #expect(later.status == 0, "\(later)")
    #expect(try (self.data(folder, "later.html")["facts"] as? NSArray) == facts as NSArray)
  }

  @Test func evaluationsShowPicturesTablesAndBoxes() throws {
    let folder = try folder(frames: 3)
    try folder.write(try folder.read("sr.nii"), to: "again.nii")
    let run = try Program.run(
      "evaluate -q --mask foreground --report r.html sr.nii again.nii truth.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    let data = try data(folder)
    #expect(try names(data) == ["result", "result-2", "truth"])
    #expect((data["tables"] as? [Any])?.count == 3)
    let boxes = try #require(data["boxes"] as? [[String: Any]])
    #expect(boxes.count > 4)
    let series = try #require(boxes[0]["series"] as? [[String: Any]])
    #expect(series.count == 2 && (series[0]["values"] as? [Double])?.count == 3)
  }

  @Test func voxelsThatAreNotFiniteAreRefusedOrShownAsZero() throws {
    let folder = try folder()
    var volume = SampleVolume()
    volume.value = { i, j, k, _ in i + j + k == 0 ? .infinity : Float(i) }
    try folder.write(volume.data, to: "broken.nii")
    let run = try Program.run("report broken.nii -o r.html", in: folder)
    #expect(run.status == 65 && run.error.contains("use --nan zero"), "\(run)")
    #expect(!folder.names.contains("r.html"))
    let shown = try Program.run("report --nan zero broken.nii -o r.html", in: folder)
    #expect(shown.status == 0, "\(shown)")
    let warnings = try #require(try data(folder)["warnings"] as? [String])
    #expect(warnings == ["broken.nii: 1 of 960 voxels are NaN, infinite or beyond 1e36 (set to 0)"])
  }

  @Test func textsOfFilesStayTexts() throws {
    let folder = try folder()
    let name = "<img src=x onerror=alert(1)>.nii"
    try folder.write(try folder.read("sr.nii"), to: name)
    let run = try Program.run(["report", "-q", name, "-o", "r.html"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try data(folder)["title"] as? String == name)
    let page = String(decoding: try folder.read("r.html"), as: UTF8.self)
    #expect(!page.contains("<img"))
  }

  /// U+0600 and the character behind it are one to whoever compares characters.
  @Test func textsStayTextsBehindScalarsThatJoin() throws {
    let folder = try folder()
    try folder.write(
      #"{"Description": "\u0600</script\u0600>\u0600<img src=x onerror=alert(1)>"}"#,
      to: "sr.json")
    let name = "\u{600}<img src=x onerror=alert(1)>.nii"
    try folder.write(try folder.read("truth.nii"), to: name)
    for words in [
      ["report", "sr.nii"], ["report", name],
      ["evaluate", "--metrics", "mae", name, "truth.nii"],
    ] {
      let option = words[0] == "report" ? "-o" : "--report"
      let run = try Program.run(words + ["-q", "--force", option, "r.html"], in: folder)
      #expect(run.status == 0, "\(run)")
      let page = String(decoding: try folder.read("r.html"), as: UTF8.self).utf8
      #expect(page.firstRange(of: "<img".utf8) == nil, "\(words)")
      #expect(page.ranges(of: "</script".utf8).count == 2, "\(words)")
      _ = try data(folder)
    }
  }

  private func citations(_ line: String, _ folder: Scratch) throws -> [String] {
    let run = try Program.run("\(line) -q --force", in: folder)
    #expect(run.status == 0, "\(run)")
    return try #require(try data(folder)["citations"] as? [String])
  }

  @Test func pagesCiteWhatMadeTheVolumesAndNothingElse() throws {
    let folder = try folder()
    #expect(try citations("report sr.nii -i in.nii -o r.html", folder) == [])
    #expect(
      try citations("evaluate --metrics mae --report r.html sr.nii truth.nii", folder) == [])
    let cubic = try citations("upsample --method cubic --report r.html in.nii c.nii", folder)
    let details = try #require(try folder.json("c.json")["Arssr"] as? [String: Any])
    let version = try #require(details["Version"] as? String)
    let sentence = "resampled by cubic interpolation with arssr \(version), by a factor of 2."
    #expect(cubic == ["Volumes were \(sentence)"])
    #expect(try citations("report c.nii -o r.html", folder) == cubic)

    let model = try citations("upsample --report r.html in.nii m.nii", folder)
    try #require(model.count == 2)
    let words = "super-resolved with arssr \(version), model "
    #expect(model[0].hasPrefix("Volumes were \(words)"), "\(model)")
    #expect(model[1].hasPrefix("Wu Q, "), "\(model)")
    // Another version made the volume than makes the page.
    let sidecar = String(decoding: try folder.read("m.json"), as: UTF8.self)
    let older = sidecar.replacingOccurrences(
      of: "\"Version\": \"\(version)\"", with: "\"Version\": \"0.0.9\"")
    try folder.write(older, to: "m.json")
    let both = try citations(
      "evaluate --metrics mae --report r.html c.nii m.nii truth.nii", folder)
    try #require(both.count == 3)
    #expect(both[0] == "c.nii was \(sentence)")
    #expect(both[1].hasPrefix("m.nii was super-resolved with arssr 0.0.9, model "), "\(both)")
    #expect(both[2] == model[1])

    try folder.write(SampleModel.chain().data, to: "chain.safetensors")
    let run = try Program.run("upsample -q --model chain.safetensors in.nii n.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    let other = try citations("report n.nii -o r.html", folder)
    #expect(other.last?.hasPrefix("Pham et al., ") == true, "\(other)")
  }

  /// A result of the last of three frames.
  private func resultOfLastFrame() throws -> Scratch {
    var volume = SampleVolume()
    volume.frames = 3
    let folder = try Scratch.withVolume(volume)
    volume.value = { [value = volume.value] i, j, k, _ in value(i, j, k, 2) }
    volume.frames = 1
    try folder.write(volume.data, to: "last.nii")
    for line in [
      "--method cubic --volumes 2 in.nii o.nii", "--method linear in.nii truth.nii",
      "--method linear last.nii last-truth.nii",
    ] { try Program.run("upsample -q \(line)", in: folder, endsWith: 0) }
    return folder
  }

  @Test func aResultOfSomeFramesIsComparedWithTheirs() throws {
    let folder = try resultOfLastFrame()
    let run = try Program.run("report o.nii -i in.nii --truth truth.nii -o r.html", in: folder)
    #expect(run.status == 0, "\(run)")
    for name in ["in.nii", "truth.nii"] {
      #expect(
        run.error.contains(
          "\(name): has 3 frames; the report shows frame 2, that of the result (the first is 0)"),
        "\(run)")
    }
    try Program.run(
      "report -q o.nii -i last.nii --truth last-truth.nii -o last.html", in: folder, endsWith: 0)
    let (series, single) = (try data(folder), try data(folder, "last.html"))
    for key in ["planes", "tables"] {
      let shown = try #require(series[key] as? NSArray)
      #expect(shown == single[key] as? NSArray, "\(key)")
    }
    let agreement = try #require(series["consistency"] as? NSDictionary)
    #expect(agreement == single["consistency"] as? NSDictionary)
  }

  @Test func framesThatNobodyTellsApartAreWarnedOf() throws {
    let folder = try resultOfLastFrame()
    try FileManager.default.removeItem(atPath: folder.path("o.json"))
    let run = try Program.run("report o.nii -i in.nii -o r.html", in: folder)
    #expect(run.status == 0, "\(run)")
    let warning =
      "in.nii: has 3 frames, the result 1, and no sidecar says which belong together; "
      + "the first are compared"
    #expect(run.error.contains(warning), "\(run)")
    #expect(try data(folder)["warnings"] as? [String] == [warning])
  }

  /// A series keeps one agreement per frame in its sidecar.
  @Test func aSeriesIsMeasuredByTheBlurThatItsSidecarNames() throws {
    let folder = try folder(frames: 2)
    let blur = "--check-consistency --measured-psf 1.5"
    try Program.run("upsample -q --method cubic \(blur) truth.nii o.nii", in: folder, endsWith: 0)
    for (options, name) in [("", "r.html"), ("--measured-psf 1.5", "given.html")] {
      try Program.run(
        "report -q o.nii -i truth.nii \(options) -o \(name)", in: folder, endsWith: 0)
    }
    let agreement = try #require(try data(folder)["consistency"] as? NSDictionary)
    #expect(try data(folder, "given.html")["consistency"] as? NSDictionary == agreement)
  }

  @Test func pagesOfSeriesSayWhatTheyShow() throws {
    var volume = SampleVolume()
    volume.frames = 3
    let folder = try Scratch.withVolume(volume)
    volume.value = { [value = volume.value] i, j, k, frame in
      value(i, j, k, frame) + 2 + Float(frame)
    }
    try folder.write(volume.data, to: "shifted.nii")
    try Program.run(
      "evaluate -q --metrics mae --report r.html shifted.nii in.nii", in: folder, endsWith: 0)
    let scored = try data(folder)
    // Errors of 2, 3 and 4.
    #expect(
      scored["figures"] as? [[String: String]] == [
        ["value": "3", "label": "mae, mean of 3 frames"]
      ])
    #expect(
      scored["warnings"] as? [String] == [
        "in.nii: has 3 frames; pictures, histograms, spectra and seams are those of the first"
      ])
    try Program.run(
      "upsample -q --method cubic --report u.html in.nii o.nii", in: folder, endsWith: 0)
    #expect(
      try data(folder, "u.html")["warnings"] as? [String] == [
        "o.nii: has 3 frames; the report shows the first"
      ])
  }

  @Test func resultsOfOneNameKeepTheirFoldersInTables() throws {
    let folder = try folder()
    // Longer than what a line of the terminal shows of a path.
    let letters = String(repeating: "a", count: 110)
    let names = ["\(letters)1\(letters)/x.nii", "\(letters)2\(letters)/x.nii"]
    for name in names { try folder.write(try folder.read("sr.nii"), to: name) }
    try Program.run(
      "evaluate -q --metrics mae --report r.html \(names[0]) \(names[1]) truth.nii", in: folder,
      endsWith: 0)
    let tables = try #require(try data(folder)["tables"] as? [[String: Any]])
    try #require(tables.count == 1)
    #expect((tables[0]["rows"] as? [[String]])?.map { $0[0] } == names)
  }

  @Test(arguments: [
    ("report sr.nii -o r.txt", 64, ".html"),
    ("report -o r.html sr.nii -i none.nii", 66, "none.nii"),
    ("report sr.nii --truth in.nii -o r.html", 65, "sr.nii"),
    ("report sr.nii --measured-psf 1 -o r.html", 64, "--input"), ("report sr.nii", 64, "output"),
    ("report - -o r.html", 64, "standard input"), ("report sr.nii -o none/r.html", 73, "none"),
    ("report sr.nii -o sr.nii", 64, ".html"),
    ("report sr.nii --max-memory 16M -o r.html", 69, "--max-memory"),
  ])
  func whatCannotBeIsRefused(_ command: String, _ status: Int, _ word: String) throws {
    let folder = try folder()
    let before = folder.names
    let run = try Program.run(command, in: folder)
    #expect(run.status == status && run.error.contains(word), "\(run)")
    #expect(folder.names == before)
  }

  @Test func nothingIsOverwrittenWithoutForce() throws {
    let folder = try folder()
    try folder.write("kept", to: "r.html")
    let run = try Program.run("report sr.nii -o r.html", in: folder)
    #expect(run.status == 73, "\(run)")
    #expect(try folder.read("r.html") == Data("kept".utf8))
  }
}
