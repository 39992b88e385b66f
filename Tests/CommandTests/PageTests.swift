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
    #expect(warnings == ["broken.nii: 1 of 960 voxels are not finite (set to 0)"])
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
