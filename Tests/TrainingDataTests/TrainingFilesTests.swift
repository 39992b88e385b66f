import Foundation
import TestSupport
import Testing
import Volumes
import Workers

@testable import Training

/// Finding, reading, checking and splitting volumes.
@Suite struct TrainingFilesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a volume: `value` inside of a box, 0 outside.
  private func write(
    _ name: String, size: SIMD3<Int> = SIMD3(40, 36, 32), spacing: Double = 1, value: Float = 100
  ) throws {
    let place = URL(fileURLWithPath: folder.file(name)).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    var voxels: [Float] = []
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x {
          let isInside = (10..<30).contains(i) && (9..<28).contains(j) && (8..<24).contains(k)
          voxels.append(isInside ? value + Float(i + j + k) : 0)
        }
      }
    }
    let grid = Grid(size: size, affine: Affine(diagonal: SIMD3(repeating: spacing)))
    let pool = try WorkerPool(threads: 1)
    let header = NIfTIHeader(grid: grid)
    let writer = try VolumeWriter(
      path: folder.file(name), header: header, compressionLevel: 1, pool: pool, force: true)
    try writer.append(voxels)
    try writer.commit()
  }

  private func names(_ paths: [String]) -> [String] {
    paths.map { $0.replacingOccurrences(of: folder.path + "/", with: "") }
  }

  private func error(_ source: String) -> TrainingDataError? {
    do throws(TrainingDataError) {
      _ = try TrainingFiles.find(source)
      return nil
    } catch {
      return error
    }
  }

  @Test func foldersListsAndDatasetsAreFound() throws {
    for name in ["plain/b.nii.gz", "plain/a.nii", "plain/deeper/c.nii"] { try write(name) }
    try folder.write("plain/.hidden.nii", [])
    #expect(
      try names(TrainingFiles.find(folder.file("plain"))) == ["plain/a.nii", "plain/b.nii.gz"])
    #expect(try TrainingFiles.find(folder.file("plain/a.nii")) == [folder.file("plain/a.nii")])

    try folder.write(
      "list.txt", Array("# some\r\n plain/b.nii.gz \n\n\(folder.file("plain/a.nii"))\n".utf8))
    #expect(
      try names(TrainingFiles.find("@" + folder.file("list.txt")))
        == ["plain/b.nii.gz", "plain/a.nii"])

    for name in [
      "set/sub-02/anat/sub-02_T1w.nii.gz", "set/sub-02/anat/sub-02_T2w.nii.gz",
      "set/sub-01/ses-b/anat/sub-01_ses-b_run-1_T1w.nii", "set/derivatives/sub-01_T1w.nii",
    ] { try write(name) }
    #expect(
      try names(TrainingFiles.find(folder.file("set"))) == [
        "set/sub-01/ses-b/anat/sub-01_ses-b_run-1_T1w.nii", "set/sub-02/anat/sub-02_T1w.nii.gz",
      ])
    #expect(
      try names(TrainingFiles.find(folder.file("set"), suffixes: ["T2w"]))
        == ["set/sub-02/anat/sub-02_T2w.nii.gz"])
  }

  @Test func everyMistakeHasItsError() throws {
    #expect(error(folder.file("none")) == .files(.missing(path: folder.file("none"))))
    try FileManager.default.createDirectory(
      atPath: folder.file("empty"), withIntermediateDirectories: false)
    #expect(error(folder.file("empty"))?.code == "input.empty")
    #expect(error(folder.file("empty"))?.message.contains("sub-*/anat/*_T1w.nii.gz") == true)
    try folder.write("list.txt", Array("# nothing\n".utf8))
    #expect(
      error("@" + folder.file("list.txt")) == .files(.emptyList(path: folder.file("list.txt"))))
    try folder.write("list.txt", Array("gone.nii\n".utf8))
    #expect(
      error("@" + folder.file("list.txt")) == .files(.missing(path: folder.file("gone.nii"))))
    #expect(error("@" + folder.file("gone.txt"))?.code == "input.missing")
  }

  /// The box of what is above the background, 6 voxels around it, and the percentiles of the whole.
  @Test func volumesAreNormalisedAsAWholeAndCut() throws {
    try write("a.nii")
    let volume = try TrainingVolume(path: folder.file("a.nii"))
    #expect(volume.size == SIMD3(32, 31, 28))
    #expect(volume.spacing == SIMD3(1, 1, 1))
    // By sorting: 40 * 36 * 32 values, linear between order statistics.
    var all = [Double](repeating: 0, count: 40 * 36 * 32 - 20 * 19 * 16)
    for k in 8..<24 { for j in 9..<28 { for i in 10..<30 { all.append(100 + Double(i + j + k)) } } }
    all.sort()
    func percentile(_ p: Double) -> Double {
      let rank = p / 100 * Double(all.count - 1)
      let low = Int(rank)
      return all[low] + (rank - Double(low)) * (all[min(low + 1, all.count - 1)] - all[low])
    }
    let (low, high) = (percentile(0.1), percentile(99.9))
    for (i, j, k) in [(6, 6, 6), (25, 24, 21), (0, 0, 0), (10, 9, 8)] {
      let (x, y, z) = (i + 4, j + 3, k + 2)
      let isInside = (10..<30).contains(x) && (9..<28).contains(y) && (8..<24).contains(z)
      let expected = ((isInside ? 100 + Double(x + y + z) : 0) - low) / (high - low)
      let actual = volume.voxels[(k * volume.size.y + j) * volume.size.x + i]
      #expect(abs(Double(actual) - expected) < 1e-6)
    }
  }

  @Test func volumesThatCannotBeUsedAreRefused() throws {
    let pool = try WorkerPool(threads: 2)
    func error(_ names: [String], mixes: Bool = false) -> TrainingDataError? {
      do throws(TrainingDataError) {
        _ = try TrainingVolumes(
          paths: names.map(folder.file), mixesSpacings: mixes, pool: pool)
        return nil
      } catch {
        return error
      }
    }
    try write("a.nii")
    try write("b.nii", spacing: 1.2)
    try write("near.nii", spacing: 1.05)
    try write("constant.nii", value: -1000)
    try folder.write("broken.nii", [1, 2, 3])
    #expect(error(["a.nii", "near.nii"]) == nil)
    #expect(error(["a.nii", "b.nii"])?.code == "volume.affine")
    #expect(error(["a.nii", "b.nii"])?.subject == folder.file("b.nii"))
    #expect(error(["a.nii", "b.nii"], mixes: true) == nil)
    #expect(error(["a.nii", "broken.nii"])?.subject == folder.file("broken.nii"))
  }

  /// File first, what is wrong with which value, what would be right: one line each.
  @Test func messagesNameFileValueAndRemedy() {
    let errors: [(TrainingDataError, [String])] = [
      (
        .tooSmall(path: "a.nii", size: SIMD3(20, 12, 40), needed: 25),
        ["20 x 12 x 40", "25 are needed", "leave the file out"]
      ),
      (
        .unlikeSpacing(
          path: "a.nii", spacing: SIMD3(1, 1, 4), other: "b.nii", than: SIMD3(1, 1, 1.2)),
        ["1 x 1 x 4 mm", "b.nii (1 x 1 x 1.2 mm)"]
      ),
      (.noForeground(path: "a.nii", share: 0.0042), ["0.42 %", "1 %"]),
      (.series(path: "a.nii", frames: 7), ["7 volumes"]),
      (.files(.noVolumes(path: "a.nii", looked: "*.nii")), ["holds no volume", "*.nii"]),
    ]
    for (error, words) in errors {
      #expect(error.subject == "a.nii")
      #expect(!error.message.contains("\n"))
      for word in words { #expect(error.message.contains(word), "\(error.message)") }
    }
  }

  @Test func constantVolumesAreRefused() throws {
    let grid = Grid(size: SIMD3(20, 20, 20), affine: .identity)
    let pool = try WorkerPool(threads: 1)
    let writer = try VolumeWriter(
      path: folder.file("c.nii"), header: NIfTIHeader(grid: grid), compressionLevel: 1, pool: pool,
      force: true)
    try writer.append([Float](repeating: 5, count: 8000))
    try writer.commit()
    #expect(throws: TrainingDataError.noForeground(path: folder.file("c.nii"), share: 0)) {
      _ = try TrainingVolume(path: folder.file("c.nii"))
    }
  }

  @Test func splitsKeepSubjectsTogetherAndVolumesInTheirPart() throws {
    let paths = (1...40).flatMap { ["d/sub-\($0)_ses-1_T1w.nii", "d/sub-\($0)_ses-2_T1w.nii"] }
    let (training, validation) = TrainingFiles.split(paths, validationShare: 0.25, seed: 1)
    #expect(Set(training).union(validation) == Set(paths))
    #expect(training.count + validation.count == 80)
    #expect((2...40).contains(validation.count))
    for path in validation {
      #expect(validation.contains(path.replacingOccurrences(of: "ses-1", with: "ses-2")))
    }
    let some = TrainingFiles.split(
      Array(paths.prefix(40)), validationShare: 0.25, seed: 1)
    #expect(some.validation == validation.filter { paths.prefix(40).contains($0) })
    let one = TrainingFiles.split(["a.nii", "b.nii"], validationShare: 0.001, seed: 1)
    #expect(one.validation.count == 1 && one.training.count == 1)
    #expect(TrainingFiles.split(["a.nii"], validationShare: 0, seed: 1).training == ["a.nii"])
    // A single subject is trained on, whatever its rank.
    #expect(TrainingFiles.split(["a.nii"], validationShare: 1, seed: 1).training == ["a.nii"])
  }
}
