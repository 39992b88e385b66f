import Foundation
import TestSupport
import Testing
import Volumes

/// Which volumes a folder, a list or a dataset names, and the names of derivatives.
@Suite struct VolumeSetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func make(_ names: String...) throws {
    for name in names {
      let place = URL(fileURLWithPath: folder.file(name)).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try folder.write(name, Array(name.utf8))
    }
  }

  @Test(arguments: [
    ("a.nii", "a", ".nii"), ("a.b.nii.gz", "a.b", ".nii.gz"), ("A.NII.GZ", "A", ".NII.GZ"),
  ])
  func namesAreAStemAndAnEnding(_ name: String, _ stem: String, _ ending: String) throws {
    let volume = try #require(VolumeName(name))
    #expect(volume.stem == stem && volume.ending == ending)
  }

  @Test(arguments: [".a.nii", ".nii", ".nii.gz", "a.nii.gz.txt", "a.gz", "nii", ""])
  func otherNamesAreNone(_ name: String) { #expect(VolumeName(name) == nil) }

  @Test func foldersAreListedInOrderAndLinksNeverLeadBack() throws {
    try make("s/b.nii", "s/a.nii.gz", "s/z/y/c.nii", "s/m/d.nii", "s/.hidden/e.nii", "s/x.txt")
    symlink("..", folder.file("s/m/up"))
    symlink(folder.file("s/z"), folder.file("s/link"))
    let root = folder.file("s")
    #expect(try VolumeFolder.volumes(in: root) == ["a.nii.gz", "b.nii"])
    #expect(
      try VolumeFolder.volumes(in: root, recursive: true) == [
        "a.nii.gz", "b.nii", "link/y/c.nii", "m/d.nii", "z/y/c.nii",
      ])
  }

  @Test func listsKeepEveryLineAndItsResult() throws {
    try folder.write(
      "list.txt", Array("# x\r\n  a.nii \t out/b.nii.gz \n/abs/c.nii\n\na.nii\t\n".utf8))
    let list = try VolumeList(path: folder.file("list.txt"))
    #expect(
      list.entries.map(\.input) == [folder.file("a.nii"), "/abs/c.nii", folder.file("a.nii")])
    #expect(list.entries.map(\.output) == ["out/b.nii.gz", nil, nil])
  }

  @Test func aMarkBeforeAListIsNoPartOfItsFirstVolume() throws {
    try folder.write("list.txt", Array("\u{FEFF}a.nii\r\nb.nii\r\n".utf8))
    let list = try VolumeList(path: folder.file("list.txt"))
    #expect(list.entries.map(\.input) == [folder.file("a.nii"), folder.file("b.nii")])
  }

  /// The examples of BIDS: what describes a derivative stands behind everything else, `res` before `den`
  /// before `label` before `desc`.
  @Test(arguments: [
    ("sub-01_T1w", "res", "2x", "sub-01_res-2x_T1w"),
    ("sub-01_desc-preproc_T1w", "desc", "arssr", "sub-01_desc-arssr_T1w"),
    (
      "sub-01_ses-2_run-1_label-GM_desc-x_mask", "res", "iso",
      "sub-01_ses-2_run-1_res-iso_label-GM_desc-x_mask"
    ),
    ("sub-01_space-MNI_res-1_T1w", "res", "hi", "sub-01_space-MNI_res-hi_T1w"),
    ("sub-01_den-32k_T1w", "desc", "a", "sub-01_den-32k_desc-a_T1w"),
  ])
  func entitiesHaveTheirPlace(
    _ stem: String, _ key: String, _ label: String, _ expected: String
  ) throws {
    let name = try #require(BIDSName(stem: stem))
    #expect(name.stem == stem)
    #expect(name.describing(key, as: label).stem == expected)
  }

  @Test(arguments: ["T1w", "sub-01", "sub-_T1w", "ses-1_T1w", "sub-01_x_T1w", "sub-01__T1w", ""])
  func namesOfOtherFilesAreNone(_ stem: String) { #expect(BIDSName(stem: stem) == nil) }

  @Test func datasetsHaveAnatomicalVolumes() throws {
    try make(
      "ds/sub-02/ses-b/anat/sub-02_ses-b_T1w.nii.gz", "ds/sub-02/ses-a/anat/sub-02_ses-a_T1w.nii",
      "ds/sub-01/anat/sub-01_T2w.nii", "ds/sub-01/anat/notes.nii", "ds/sub-01/func/sub-01_bold.nii",
      "ds/derivatives/sub-01/anat/sub-01_T1w.nii")
    let dataset = BIDSDataset(root: folder.file("ds"))
    #expect(
      try dataset.images().map(\.path) == [
        "sub-01/anat/sub-01_T2w.nii", "sub-02/ses-a/anat/sub-02_ses-a_T1w.nii",
        "sub-02/ses-b/anat/sub-02_ses-b_T1w.nii.gz",
      ])
    #expect(BIDSDataset.isDataset(dataset.root))
    #expect(!BIDSDataset.isDataset(folder.file("ds/sub-01")))
  }
}
