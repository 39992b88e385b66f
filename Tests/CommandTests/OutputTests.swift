import Foundation
import Testing

/// What the options do to the result, seen from outside.
@Suite struct OutputTests {
  private func upsample(
    _ options: String, _ folder: Scratch
  ) throws -> (
    size: [Int], spacing: [Float], voxels: [Float]
  ) {
    let run = try Program.run("upsample --force \(options) in.nii o.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    return SampleVolume.read(try folder.read("o.nii"))
  }

  @Test func everyTargetGivesItsGrid() throws {
    let folder = try Scratch.withVolume()
    var reference = SampleVolume()
    (reference.size, reference.spacing) = ([15, 20, 16], [0.8, 0.5, 1])
    reference.origin = [-6.1, -5.25, -8.5]
    try folder.write(reference.data, to: "ref.nii")
    for (option, size, spacing) in [
      ("", [24, 20, 16], [0.5, 0.5, 1] as [Float]), ("--scale 1,1,2", [12, 10, 16], [1, 1, 1]),
      ("--scale 1x1.5x2", [12, 15, 16], [1, 10.0 / 15, 1]),
      ("--spacing 0.5", [24, 20, 32], [0.5, 0.5, 0.5]),
      ("--isotropic", [12, 10, 16], [1, 1, 1]), ("--size 24,10,8", [24, 10, 8], [0.5, 1, 2]),
      ("--like ref.nii", [15, 20, 16], [0.8, 0.5, 1]),
    ] {
      let result = try upsample("--method linear \(option)", folder)
      #expect(result.size == size + [1], "\(option)")
      #expect(result.spacing == spacing, "\(option)")
    }
  }

  /// Nearest-neighbour doubling repeats every voxel, whatever the threads.
  @Test func nearestDoublingRepeatsVoxels() throws {
    let folder = try Scratch.withVolume()
    let source = SampleVolume.read(try folder.read("in.nii"))
    let result = try upsample("--method nearest --threads 1", folder)
    for k in 0..<16 {
      for j in 0..<20 {
        for i in 0..<24 {
          let expected = source.voxels[(k / 2 * 10 + j / 2) * 12 + i / 2]
          #expect(result.voxels[(k * 20 + j) * 24 + i] == expected)
        }
      }
    }
  }

  @Test func frameSelectionsAreTakenInOrder() throws {
    var volume = SampleVolume()
    volume.frames = 4
    let folder = try Scratch.withVolume(volume)
    for (selection, frames) in [
      ("", [0, 1, 2, 3]), ("--volumes 1:2", [1, 2]), ("--volumes 3,0", [0, 3]),
    ] {
      let result = try upsample("--method nearest --scale 1 \(selection)", folder)
      #expect(result.size == [12, 10, 8, frames.count])
      for (position, frame) in frames.enumerated() {
        #expect(result.voxels[960 * position] == Float(10 * frame), "\(selection)")
      }
    }
    let sidecar = try folder.json("o.json")["Arssr"] as? [String: Any]
    #expect((sidecar?["Source"] as? [String: Any])?["Volumes"] as? [Int] == [0, 3])
  }

  @Test func masksLimitWhatIsComputed() throws {
    let folder = try Scratch.withVolume()
    var mask = SampleVolume()
    mask.value = { i, _, _, _ in i < 6 ? 1 : 0 }
    try folder.write(mask.data, to: "mask.nii")
    let plain = try upsample("--method cubic", folder)
    let linear = try upsample("--method linear", folder)
    let masked = try upsample("--method cubic --mask mask.nii", folder)
    let filled = try upsample("--method cubic --mask mask.nii --outside linear", folder)
    for index in plain.voxels.indices {
      let isInside = index % 24 < 12
      #expect(masked.voxels[index] == (isInside ? plain.voxels[index] : 0))
      #expect(filled.voxels[index] == (isInside ? plain : linear).voxels[index])
    }
  }

  /// The input has 1 mm along i and j, 2 mm along k: a mask may lie a voxel aside, of its own where
  /// that is coarser.
  @Test func masksMayNotBeMovedByMoreThanAVoxelOfTheirAxis() throws {
    let folder = try Scratch.withVolume()
    var mask = SampleVolume()
    mask.value = { _, _, _, _ in 1 }
    let cases: [(size: [Int], spacing: [Float], origin: [Float], status: Int)] = [
      ([12, 10, 8], [1, 1, 2], [-6, -5, -8], 0),
      ([12, 10, 8], [1, 1, 2], [-5.5, -5.5, -7], 0),
      ([12, 10, 8], [1, 1, 2], [-4, -5, -8], 65),
      ([12, 10, 8], [1, 1, 2], [-6, -6.5, -8], 65),
      // The same field of view at half and at twice the size, and the same outer centres.
      ([6, 5, 4], [2, 2, 4], [-5.5, -4.5, -7], 0),
      ([24, 20, 16], [0.5, 0.5, 1], [-6.25, -5.25, -8.5], 0),
      ([23, 19, 15], [0.5, 0.5, 1], [-6, -5, -8], 0),
      // The near faces within a voxel, the far ones not.
      ([10, 10, 8], [1, 1, 2], [-6, -5, -8], 65),
    ]
    for (size, spacing, origin, status) in cases {
      (mask.size, mask.spacing, mask.origin) = (size, spacing, origin)
      try folder.write(mask.data, to: "mask.nii")
      let run = try Program.run(
        "upsample --force --method linear --mask mask.nii in.nii o.nii", in: folder)
      #expect(run.status == status, "\(size), \(spacing), \(origin): \(run)")
    }
  }

  @Test func aMaskWithoutAVoxelIsWarnedAbout() throws {
    let folder = try Scratch.withVolume()
    var mask = SampleVolume()
    mask.value = { _, _, _, _ in 0 }
    try folder.write(mask.data, to: "none.nii")
    let run = try Program.run("upsample --method linear --mask none.nii in.nii o.nii", in: folder)
    #expect(run.status == 0)
    #expect(
      run.errorLines.first
        == "arssr: warning: none.nii: the mask is 0 everywhere, so nothing is computed", "\(run)")
    #expect(SampleVolume.read(try folder.read("o.nii")).voxels.allSatisfy { $0 == 0 })
  }

  /// The axes of the grid lie along z, x, y of the scanner, with 0.5, 0.25 and 1 mm: against the
  /// input's 2, 1 and 1 mm in these directions that is 4, 4 and 1 times finer.
  @Test func factorsOnAnotherFilesGridAreThoseOfItsAxes() throws {
    let folder = try Scratch.withVolume()
    var grid = SampleVolume()
    (grid.size, grid.spacing) = ([32, 48, 10], [0.5, 0.25, 1])
    var data = grid.data
    for (row, values) in [[0, 0.25, 0, -6.375], [0, 0, 1, -5], [0.5, 0, 0, -8.75]].enumerated() {
      for (column, value) in values.enumerated() {
        let place = 280 + 16 * row + 4 * column
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) {
          data.replaceSubrange(place..<(place + 4), with: $0)
        }
      }
    }
    try folder.write(data, to: "grid.nii")
    let result = try upsample("--method linear --like grid.nii", folder)
    #expect(result.size == [32, 48, 10, 1])
    let details = try folder.json("o.json")["Arssr"] as? [String: Any]
    #expect(details?["Scale"] as? [Double] == [4, 4, 1])
    let plan = try Program.run(
      "upsample -n --method linear --like grid.nii in.nii p.nii", in: folder)
    #expect(plan.output.contains("scale used 4,4,1;"), "\(plan)")
    #expect(plan.output.contains("axes i to superior, j to right, k to anterior\n"), "\(plan)")
  }

  @Test func clippingLimitsTheResult() throws {
    let folder = try Scratch.withVolume()
    let free = try upsample("--method cubic", folder).voxels
    #expect(free.contains { $0 < 0 || $0 > 96 }, "the cubic method overshoots here")
    let input = try upsample("--method cubic --clip input", folder).voxels
    #expect(input == free.map { min(max($0, 0), 96) })
    let range = try upsample("--method cubic --clip 10,20", folder).voxels
    #expect(range == free.map { min(max($0, 10), 20) })
  }

  @Test func integerResultsUseTheirRange() throws {
    let folder = try Scratch.withVolume()
    let exact = try upsample("--method linear", folder).voxels
    let made = try Program.run(
      "upsample --force --method linear --datatype int16 in.nii o.nii", in: folder)
    #expect(made.status == 0, "\(made)")
    let run = try Program.run("info --format json o.nii", in: folder)
    let report = try JSONText.object(run.outputBytes)
    #expect(report["dataType"] as? String == "int16")
    let slope = try #require(report["slope"] as? Double)
    let range = try #require(report["range"] as? [Double])
    #expect(abs(slope - Double(exact.max()! - exact.min()!) / 65535) < 1e-6)
    #expect(abs(range[0] - Double(exact.min()!)) <= slope)
    #expect(abs(range[1] - Double(exact.max()!)) <= slope)
  }

  /// What the scanner wrote is not replaced by what is written of the result.
  @Test(arguments: ["upsample --method linear --scale 2", "degrade --scale 2"])
  func theSidecarOfTheInputStays(command: String) throws {
    let folder = try Scratch.withVolume()
    let facts = "{\"SliceThickness\": 4}"
    try folder.write(facts, to: "in.json")
    let run = try Program.run("\(command) --force in.nii in.nii.gz", in: folder, endsWith: 64)
    #expect(run.error.contains("in.json: is the input's sidecar"), "\(run)")
    #expect(try folder.read("in.json") == Data(facts.utf8))
    #expect(!folder.exists("in.nii.gz"))
    try Program.run("\(command) --no-sidecar in.nii in.nii.gz", in: folder, endsWith: 0)
  }

  @Test func runsAreReproducible() throws {
    let folder = try Scratch.withVolume()
    var first: [Data]?
    for options in ["--threads 1", "--threads all", "--tile 7", "--max-memory 200M", "--no-pin"] {
      let run = try Program.run("upsample --force \(options) in.nii o.nii.gz", in: folder)
      #expect(run.status == 0, "\(run)")
      let files = [try folder.read("o.nii.gz"), try folder.read("o.json")]
      if let first { #expect(files == first, "\(options)") }
      first = first ?? files
    }
  }

  @Test func numbersHaveAPointWhateverTheLocale() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run(
      ["upsample", "-n", "--method", "linear", "--scale", "1.5", "in.nii", "o.nii"], in: folder,
      environment: ["LC_ALL": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"])
    #expect(run.status == 0, "\(run)")
    #expect(run.output.contains("0.666667 x 0.666667 x 1.33333 mm"), "\(run)")
  }

  @Test func sidecarsHoldNoFoldersAndCanBeLeftOut() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run(
      ["upsample", "--method", "linear", folder.path("in.nii"), folder.path("o.nii")], in: folder)
    #expect(run.status == 0)
    let text = String(decoding: try folder.read("o.json"), as: UTF8.self)
    #expect(!text.contains(folder.url.lastPathComponent))
    #expect(try folder.json("o.json")["Sources"] as? [String] == ["in.nii"])
    _ = try Program.run("upsample --method linear --no-sidecar in.nii p.nii", in: folder)
    #expect(folder.names == ["in.nii", "o.json", "o.nii", "p.nii"])
  }

  /// A slash and the mark behind it are one character.
  @Test func sidecarsHoldNoFolderOfANameThatBeginsWithAMark() throws {
    let folder = try Scratch.withVolume()
    let name = "\u{301}in.nii"
    let run = try Program.run(
      [name], in: folder,
      shell: #"mkdir d && cp in.nii "d/$1" && "$ARSSR" upsample -q --method linear "d/$1" o.nii"#)
    #expect(run.status == 0, "\(run)")
    #expect(try folder.json("o.json")["Sources"] as? [String] == [name])
  }

  @Test func theCompatibleHeaderIsWarnedAbout() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run("upsample --method linear --header-compat in.nii o.nii", in: folder)
    #expect(run.status == 0)
    #expect(run.error.contains("arssr: warning: --header-compat: "))
  }
}
