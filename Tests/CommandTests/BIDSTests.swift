import Foundation
import Testing

/// BIDS datasets: which volumes are taken, what results are called, and what is said of them.
///
/// `Scripts/bids-validation.py` asks the official validator about the same dataset.
@Suite struct BIDSTests {
  private static let fast = "--method linear --threads 1"

  /// A dataset of three participants, one of them with sessions, and metadata on several levels.
  private func dataset() throws -> Scratch {
    let folder = try Scratch()
    for name in [
      "sub-01/anat/sub-01_T1w.nii", "sub-01/anat/sub-01_acq-2d_run-01_T2w.nii",
      "sub-02/ses-1/anat/sub-02_ses-1_T1w.nii.gz", "sub-02/ses-2/anat/sub-02_ses-2_T1w.nii.gz",
      "sub-03/anat/sub-03_desc-arssr_T1w.nii", "sub-03/anat/sub-03_rec-norm_T1w.nii",
      "sub-03/func/sub-03_task-rest_T1w.nii", "derivatives/x/sub-01/anat/sub-01_T1w.nii",
    ] {
      try folder.write(SampleVolume().data, to: "ds/\(name)")
    }
    try folder.write(
      #"{"Name": "Test", "BIDSVersion": "1.10.0", "DatasetDOI": "doi:10.18112/x"}"#,
      to: "ds/dataset_description.json")
    try folder.write(
      #"{"MagneticFieldStrength": 3, "EchoTime": 0.0028, "SliceThickness": 2.5}"#,
      to: "ds/T1w.json")
    try folder.write(
      #"{"EchoTime": 0.00296, "SkullStripped": true, "Sources": ["raw"], "ImageType": ["A", "B"]}"#,
      to: "ds/sub-01/anat/sub-01_T1w.json")
    return folder
  }

  private func files(_ folder: Scratch, _ place: String) -> [String] {
    (FileManager.default.subpaths(atPath: folder.path(place)) ?? [])
      .filter { $0.hasSuffix(".nii") || $0.hasSuffix(".gz") }.sorted()
  }

  @Test func resultsHaveTheNamesAndSidecarsOfDerivatives() throws {
    let folder = try dataset()
    let run = try Program.run(
      "bids ds ds/derivatives/arssr participant --threads 1", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(
      files(folder, "ds/derivatives/arssr") == [
        "sub-01/anat/sub-01_desc-arssr_T1w.nii",
        "sub-02/ses-1/anat/sub-02_ses-1_desc-arssr_T1w.nii.gz",
        "sub-02/ses-2/anat/sub-02_ses-2_desc-arssr_T1w.nii.gz",
        "sub-03/anat/sub-03_rec-norm_desc-arssr_T1w.nii",
      ])
    let sidecar = try folder.json(
      "ds/derivatives/arssr/sub-01/anat/sub-01_desc-arssr_T1w.json")
    let ofSource = ["EchoTime", "MagneticFieldStrength", "ImageType"]
    let own = sidecar.filter { !ofSource.contains($0.key) }
    #expect(try JSONSchema("arssr.sidecar/1").violations(own) == [])
    #expect(sidecar["Sources"] as? [String] == ["bids:raw:sub-01/anat/sub-01_T1w.nii"])
    #expect(sidecar["SkullStripped"] as? Bool == true)
    #expect(sidecar["EchoTime"] as? Double == 0.00296)
    #expect(sidecar["MagneticFieldStrength"] as? Int == 3)
    #expect(sidecar["ImageType"] as? [String] == ["A", "B"])
    #expect(sidecar["SliceThickness"] == nil)
    let source = (sidecar["Arssr"] as? [String: Any])?["Source"] as? [String: Any]
    #expect(source?["SliceThickness"] as? Double == 2.5)
    #expect(
      sidecar["Resolution"] as? String
        == "0.5 x 0.5 x 1 mm; 2 times finer than the source on each axis")
    let other = try folder.json(
      "ds/derivatives/arssr/sub-03/anat/sub-03_rec-norm_desc-arssr_T1w.json")
    #expect(other["SkullStripped"] as? Bool == false)
    #expect(run.error.contains("use --skull-stripped yes or no where that is wrong"), "\(run)")

    let description = try folder.json("ds/derivatives/arssr/dataset_description.json")
    #expect(description["DatasetType"] as? String == "derivative")
    #expect(description["DatasetLinks"] as? [String: String] == ["raw": "../.."])
    #expect(
      (description["SourceDatasets"] as? [[String: String]])?.first?["DOI"] == "doi:10.18112/x")
    #expect(
      String(decoding: try folder.read("ds/derivatives/arssr/descriptions.tsv"), as: UTF8.self)
        == "desc_id\tdescription\ndesc-arssr\tSuper-resolved: brain-t1w, scale 2\n")
  }

  @Test(arguments: [
    (
      "--participant-label 01 sub-03",
      ["sub-01_desc-linear_T1w.nii", "sub-03_rec-norm_desc-linear_T1w.nii"]
    ),
    ("--session-label ses-2", ["sub-02_ses-2_desc-linear_T1w.nii.gz"]),
    ("--suffixes T2w", ["sub-01_acq-2d_run-01_desc-linear_T2w.nii"]),
    ("--bids-filter-file rec.json", ["sub-03_rec-norm_desc-linear_T1w.nii"]),
    (
      "--bids-filter-file kinds.json --suffixes T1w,T2w",
      ["sub-01_acq-2d_run-01_desc-linear_T2w.nii", "sub-02_ses-1_desc-linear_T1w.nii.gz"]
    ),
    (
      "--participant-label 01 --res --desc mine --spacing 0.5",
      ["sub-01_res-0p5mm_desc-mine_T1w.nii"]
    ),
    ("--participant-label 01 --res --scale 2.5", ["sub-01_res-2p5x_desc-linear_T1w.nii"]),
    ("--participant-label 01 --res --scale 2,2,1", ["sub-01_res-2x2x1x_desc-linear_T1w.nii"]),
    ("--participant-label 01 --res --isotropic", ["sub-01_res-iso_desc-linear_T1w.nii"]),
  ])
  func volumesAreChosenAndNamed(_ options: String, _ expected: [String]) throws {
    let folder = try dataset()
    try folder.write(#"{"reconstruction": "*"}"#, to: "rec.json")
    try folder.write(
      #"{"t1w": {"session": ["1"], "suffix": "T1w"}, "t2w": {"run": 1, "reconstruction": null}}"#,
      to: "kinds.json")
    let run = try Program.run("upsample --bids \(Self.fast) ds out \(options)", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(files(folder, "out").map { String($0.split(separator: "/").last ?? "") } == expected)
  }

  /// The key of an object is the contrast that it narrows; kinds of other images count for nothing.
  @Test(arguments: [
    (
      #"{"t1w": {"session": "2"}, "t2w": {"session": "1"}, "bold": {"session": "1"}}"#,
      ["sub-02_ses-2_desc-linear_T1w.nii.gz"]
    ),
    (
      #"{"T1w": {"session": null, "reconstruction": [null, "x"]}, "bold": {"task": "rest"}}"#,
      ["sub-01_acq-2d_run-01_desc-linear_T2w.nii", "sub-01_desc-linear_T1w.nii"]
    ),
    (
      #"{"mine": {"suffix": "T1w", "session": "1"}, "t2w": {"run": "*"}}"#,
      ["sub-01_acq-2d_run-01_desc-linear_T2w.nii", "sub-02_ses-1_desc-linear_T1w.nii.gz"]
    ),
  ])
  func filtersNarrowTheContrastThatTheyName(_ filter: String, _ expected: [String]) throws {
    let folder = try dataset()
    try folder.write(filter, to: "kinds.json")
    let run = try Program.run(
      "upsample --bids \(Self.fast) ds out --bids-filter-file kinds.json --suffixes T1w,T2w",
      in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(files(folder, "out").map { String($0.split(separator: "/").last ?? "") } == expected)
  }

  @Test func participantsWithoutAVolumeOfTheChoiceAreNamed() throws {
    let folder = try dataset()
    let words = "--participant-label 02: no volume of this participant fits the choice"
    for option in ["--dry-run", ""] {
      let run = try Program.run(
        "bids ds out participant \(Self.fast) --suffixes T2w \(option) --participant-label 01 02",
        in: folder)
      #expect(run.status == 0 && run.error.contains(words), "\(run)")
    }
    #expect(files(folder, "out").count == 1)
  }

  /// Two images of a dataset can have one result; a filter takes one of them.
  @Test(arguments: [
    ("sub-01_T1w.nii.gz", #"{"extension": ".nii"}"#),
    ("sub-01_desc-x_T1w.nii", #"{"description": null}"#),
  ])
  func imagesWithOneResultAreToldApartByAFilter(_ other: String, _ filter: String) throws {
    let folder = try Scratch()
    try folder.write(filter, to: "filter.json")
    for name in ["sub-01_T1w.nii", other] {
      try folder.write(SampleVolume().data, to: "ds/sub-01/anat/\(name)")
    }
    let line = "upsample --bids \(Self.fast) ds out"
    let refused = try Program.run(line, in: folder, endsWith: 64)
    #expect(refused.error.contains("take one of the two with --bids-filter-file"), "\(refused)")
    try Program.run(line + " --bids-filter-file filter.json", in: folder, endsWith: 0)
    #expect(files(folder, "out") == ["sub-01/anat/sub-01_desc-linear_T1w.nii"])
  }

  /// Some programs write a mark before UTF-8; what stands behind it is no less true.
  @Test func fieldsOfASidecarWithAByteOrderMarkAreTaken() throws {
    let folder = try dataset()
    try folder.write("\u{FEFF}{\"MagneticFieldStrength\": 7}", to: "ds/T1w.json")
    try Program.run(
      "bids ds out participant \(Self.fast) --participant-label 01", in: folder, endsWith: 0)
    let sidecar = try folder.json("out/sub-01/anat/sub-01_desc-linear_T1w.json")
    #expect(sidecar["MagneticFieldStrength"] as? Int == 7)
  }

  @Test(arguments: [
    (
      "ds out --session-label 9", 64,
      "no volume fits the choice; there is T1w of sub-01 sub-02 sub-03; T2w of sub-01"
    ),
    (
      "ds out --participant-label 01 99 sub-98", 64,
      "--participant-label 99 98: the dataset has no such participant; there is sub-01 sub-02"
    ),
    ("ds out --bids-filter-file kind.json", 78, "did you mean t1w?"),
    ("ds out --bids-filter-file bad.json", 78, "did you mean session?"),
    ("ds out --desc a_b", 64, "letters and digits"),
    ("ds out --skull-stripped maybe", 64, "must be one of yes, no"),
    ("ds ds", 64, "would be inputs of the next run"),
    ("ds raw", 78, "DatasetType"),
    ("none out", 66, "no such file or folder"),
    ("ds out --suffix x", 64, "names of a dataset follow"),
  ])
  func slipsAreRefused(_ words: String, _ status: Int, _ message: String) throws {
    let folder = try dataset()
    try folder.write(#"{"sesion": "1"}"#, to: "bad.json")
    try folder.write(#"{"tw1": {"session": "1"}}"#, to: "kind.json")
    try folder.write(
      #"{"Name": "raw", "BIDSVersion": "1.10.0"}"#, to: "raw/dataset_description.json")
    let run = try Program.run("upsample --bids \(Self.fast) \(words)", in: folder)
    #expect(run.status == status && run.error.contains(message), "\(run)")
    #expect(!folder.exists("out") && folder.names.contains("raw"))
  }

  @Test func optionsOfDatasetsNeedOne() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run("upsample --desc x in.nii o.nii", in: folder)
    #expect(run.status == 64 && run.error.contains("only with --bids"), "\(run)")
  }

  @Test func theGroupTableCountsWhatIsThere() throws {
    let folder = try dataset()
    let call = "bids ds out participant \(Self.fast) --participant-label 02 01"
    #expect(try Program.run(call, in: folder).status == 0)
    try FileManager.default.removeItem(
      atPath: folder.path("out/sub-02/ses-2/anat/sub-02_ses-2_desc-linear_T1w.nii.gz"))
    let resolution = "0.5 x 0.5 x 1 mm; 2 times finer than the source on each axis"
    let table = """
      participant_id\tsources\tresults\tmissing\tresolution\tmodel
      sub-01\t1\t1\t0\t\(resolution)\tlinear
      sub-02\t2\t1\t1\t\(resolution)\tlinear
      sub-03\t1\t0\t1\tn/a\tn/a

      """
    let dry = try Program.run("bids ds out group --dry-run \(Self.fast)", in: folder)
    #expect(dry.status == 0 && dry.output == table, "\(dry)")
    #expect(!folder.exists("out/participants.tsv") && !folder.exists("out/participants.json"))
    // Nothing is written where one of the two cannot be.
    try folder.write("{}", to: "out/participants.json")
    for words in ["", "--dry-run"] {
      let taken = try Program.run("bids ds out group \(words) \(Self.fast)", in: folder)
      #expect(taken.status == 73 && taken.error.contains("participants.json"), "\(taken)")
      #expect(!folder.exists("out/participants.tsv"))
    }
    let again = try Program.run("bids ds out group --force \(Self.fast)", in: folder)
    #expect(again.status == 0, "\(again)")
    #expect(String(decoding: try folder.read("out/participants.tsv"), as: UTF8.self) == table)
    #expect(Set(try folder.json("out/participants.json").keys).count == 5)
    #expect(try Program.run("bids ds out group \(Self.fast)", in: folder).status == 73)
  }

  @Test func appsOptionsStandForTheirsAndGoOn() throws {
    let folder = try dataset()
    let call =
      "bids ds out participant --method linear --nprocs 1 --mem 2000 -w work"
      + " --skip-bids-validation --skip-existing --format json"
    #expect(try Program.run(call, in: folder).status == 0)
    let again = try Program.run(call, in: folder)
    let items = try JSONText.object(again.outputBytes)["items"] as? [[String: Any]]
    #expect(
      items?.compactMap { $0["status"] as? String } == ["skipped", "skipped", "skipped", "skipped"])
    // Another thickness of the slices is another input, and another answer another sidecar.
    try folder.write(#"{"SliceThickness": 3}"#, to: "ds/T1w.json")
    let other = try Program.run(call, in: folder)
    let statuses = try JSONText.object(other.outputBytes)["items"] as? [[String: Any]]
    #expect(statuses?.allSatisfy { $0["status"] as? String == "done" } == true, "\(other)")
    let stripped = try Program.run(call + " --skull-stripped yes", in: folder)
    let ends = try JSONText.object(stripped.outputBytes)["items"] as? [[String: Any]]
    #expect(
      ends?.compactMap { $0["status"] as? String } == ["skipped", "done", "done", "done"],
      "\(stripped)")
    let few = try Program.run(call + " --mem 1 --force", in: folder)
    #expect(few.status == 69, "\(few)")
  }

  /// What the source says, or said, of its image and its skull is a part of the result.
  @Test func fieldsOfTheSourceCountWhereResultsAreLeftAlone() throws {
    let folder = try dataset()
    func statuses(_ options: String = "") throws -> [String] {
      let run = try Program.run(
        "bids ds out participant \(Self.fast) --skip-existing --format json"
          + " --participant-label 01 03 \(options)", in: folder, endsWith: 0)
      let items = try JSONText.object(run.outputBytes)["items"] as? [[String: Any]]
      return items?.compactMap { $0["status"] as? String } ?? []
    }
    #expect(try statuses() == ["done", "done"])
    #expect(try statuses() == ["skipped", "skipped"])
    // A field has changed, but one image has its own. One that is gone counts for nothing: a result's
    // sidecar may have it from somebody's hand.
    for (fields, expected) in [
      (#"{"EchoTime": 0.003, "SliceThickness": 2.5}"#, ["skipped", "done"]),
      (#"{"SliceThickness": 2.5}"#, ["skipped", "skipped"]),
    ] {
      try folder.write(fields, to: "ds/T1w.json")
      #expect(try statuses() == expected)
      #expect(try statuses() == ["skipped", "skipped"])
    }
    // The source of the first says that there is no skull; that of the second says nothing.
    #expect(try statuses("--skull-stripped yes") == ["skipped", "done"])
    #expect(try statuses("--skull-stripped yes") == ["skipped", "skipped"])
    #expect(try statuses() == ["skipped", "done"])
    let sidecar = try folder.json("out/sub-03/anat/sub-03_rec-norm_desc-linear_T1w.json")
    #expect(sidecar["SkullStripped"] as? Bool == false)
  }
}
