import Foundation
import Testing

/// The files of a derivative dataset as a whole: what it says of its source, its labels, its table.
@Suite struct BIDSOutputTests {
  private static let fast = "--method linear --threads 1"

  /// Two datasets `A` and `B` of the participants 01 and 02, `A` with a description and a table.
  private func datasets() throws -> Scratch {
    let folder = try Scratch()
    for name in ["A", "B"] {
      for subject in ["sub-01", "sub-02"] {
        try folder.write(SampleVolume().data, to: "\(name)/\(subject)/anat/\(subject)_T1w.nii")
      }
    }
    try folder.write(#"{"Name": "A", "BIDSVersion": "1.10.0"}"#, to: "A/dataset_description.json")
    try folder.write(Self.ages, to: "A/participants.tsv")
    return folder
  }

  private static let ages = "participant_id\tage\nsub-01\t31\nsub-02\t47\n"

  private func text(_ folder: Scratch, _ name: String) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }

  private func links(_ folder: Scratch) throws -> [String: String]? {
    try folder.json("D/dataset_description.json")["DatasetLinks"] as? [String: String]
  }

  // MARK: - The table

  /// The raw dataset has a table of the same name, with what is nowhere else.
  @Test(arguments: [
    ("A A group --force", 64, "would be inputs of the next run"),
    ("B A group --force", 78, "DatasetType"),
    ("A B group", 78, "to a dataset of the type \"derivative\", or to an empty folder"),
    ("A D group", 73, "no such directory"),
  ])
  func theTableReplacesNoneOfADatasetOfAnotherKind(
    _ words: String, _ status: Int, _ message: String
  ) throws {
    let folder = try datasets()
    let run = try Program.run("bids \(words) \(Self.fast)", in: folder, endsWith: status)
    #expect(run.error.contains(message), "\(run)")
    #expect(try text(folder, "A/participants.tsv") == Self.ages)
    #expect(!folder.exists("B/participants.tsv") && !folder.exists("D"))
  }

  @Test func theTableOfAnEmptyFolderMakesADerivativeOfIt() throws {
    let folder = try datasets()
    try folder.write("", to: "D/.bidsignore")
    let line = "bids A D group --log-file D/run.log \(Self.fast)"
    try Program.run(line, in: folder, endsWith: 0)
    #expect(try text(folder, "D/participants.tsv").contains("sub-02\t1\t0\t1\tn/a\tn/a\n"))
    #expect(try links(folder) == ["raw": "../A"])
    try Program.run(line + " --force", in: folder, endsWith: 0)
    try Program.run("bids B D group --force \(Self.fast)", in: folder, endsWith: 78)
  }

  /// A table is not divided among the tasks of an array.
  @Test func theTableNeedsNoPartOfASlurmArray() throws {
    let folder = try datasets()
    try folder.makeFolder("D")
    let words = "bids A D group \(Self.fast)".split(separator: " ").map(String.init)
    let run = try Program.run(words, in: folder, environment: ["SLURM_ARRAY_TASK_ID": "1"])
    #expect(run.status == 0, "\(run)")
  }

  // MARK: - The source

  @Test func resultsOfAnotherSourceNeedAFolderOfTheirOwn() throws {
    let folder = try datasets()
    let options = "\(Self.fast) --participant-label"
    try Program.run("bids A D participant \(options) 01", in: folder, endsWith: 0)
    let run = try Program.run("bids B D participant \(options) 02", in: folder, endsWith: 78)
    let words =
      "D/dataset_description.json: \"DatasetLinks.raw\" is \"../A\": leads to another dataset than B"
    #expect(run.error.contains(words) && run.errorLines.count == 1, "\(run)")
    #expect(!folder.exists("D/sub-02"))
    try Program.run("bids A D participant \(options) 02", in: folder, endsWith: 0)
    #expect(try links(folder) == ["raw": "../A"])
  }

  /// In a derivative of another program the name may stand for the same folder, or for nothing yet.
  @Test func theLinkToTheSourceIsAddedWhereItIsMissing() throws {
    let folder = try datasets()
    func describe(_ links: String) throws {
      try folder.write(
        #"{"Name": "Other", "DatasetType": "derivative", "BIDSVersion": "1.8.0", \#(links)"#
          + #" "GeneratedBy": [{"Name": "other", "Version": 2.5}]}"#,
        to: "D/dataset_description.json")
    }
    let line = "bids A D participant --force \(Self.fast)"
    // The last three lead nowhere here, or to a copy.
    try folder.write(
      try folder.read("A/dataset_description.json"), to: "C/dataset_description.json")
    for kept in [
      folder.path("A"), "file://\(folder.path("A"))", "../A/", "../B/../A", "../gone",
      "doi:10.18112/x",
      "../C",
    ] {
      try describe(#""DatasetLinks": {"raw": "\#(kept)"},"#)
      let before = try folder.read("D/dataset_description.json")
      try Program.run(line, in: folder, endsWith: 0)
      #expect(try folder.read("D/dataset_description.json") == before, "\(kept)")
    }
    for (old, expected) in [
      ("", ["raw": "../A"]),
      (#""DatasetLinks": {"atlas": "../x"},"#, ["atlas": "../x", "raw": "../A"]),
    ] {
      try describe(old)
      try Program.run(line, in: folder, endsWith: 0)
      #expect(try links(folder) == expected)
      let description = try folder.json("D/dataset_description.json")
      #expect(description["Name"] as? String == "Other")
      #expect(description["BIDSVersion"] as? String == "1.8.0")
      let maker = (description["GeneratedBy"] as? [[String: Any]])?.first
      #expect(maker?["Name"] as? String == "other" && maker?["Version"] as? Double == 2.5)
      #expect(description.count == 5)
    }
    for broken in [#""DatasetLinks": "../A","#, #""DatasetLinks": {"raw": 1},"#] {
      try describe(broken)
      let run = try Program.run(line, in: folder, endsWith: 78)
      #expect(run.error.contains("\"DatasetLinks"), "\(run)")
    }
  }

  // MARK: - The labels

  /// Rows stay as they are, with the ends of lines that they have.
  @Test(arguments: [
    ("desc-linear\tmine\r\n", ""), ("desc-linear\tmine", ""),
    ("desc-x\tother\r\n", "desc-linear\tSuper-resolved: linear interpolation, scale 2\r\n"),
    ("desc-x\tother", "\r\ndesc-linear\tSuper-resolved: linear interpolation, scale 2\r\n"),
  ])
  func labelsAreAddedOnceWhateverEndsTheLines(_ rows: String, _ added: String) throws {
    let folder = try datasets()
    let old = "desc_id\tdescription\r\n\(rows)"
    try folder.write(old, to: "D/descriptions.tsv")
    try Program.run("bids A D participant \(Self.fast)", in: folder, endsWith: 0)
    #expect(try text(folder, "D/descriptions.tsv") == old + added)
  }
}
