import Foundation
import Testing

/// `arssr degrade` seen from outside.
@Suite struct DegradeTests {
  private func degrade(
    _ options: String, _ folder: Scratch, location: SourceLocation = #_sourceLocation
  ) throws -> (size: [Int], spacing: [Float], voxels: [Float]) {
    try Program.run(
      "degrade --force \(options) in.nii o.nii", in: folder, endsWith: 0, location: location)
    return SampleVolume.read(try folder.read("o.nii"))
  }

  @Test func everyOperatorGivesItsGridAndAValidSidecar() throws {
    let folder = try Scratch.withVolume()
    let cases: [(options: String, size: [Int], spacing: [Float])] = [
      ("", [6, 5, 4], [2, 2, 4]),
      ("--operator corner", [6, 5, 4], [2.2, 2.25, 14.0 / 3]),
      ("--operator exact --scale 2.5", [5, 4, 3], [2.5, 2.5, 5]),
      ("--operator origin --scale 1,1,2", [12, 10, 4], [1, 1, 4]),
      ("--operator psf --spacing 2,1,4 --fwhm 3,3,3", [6, 10, 4], [2, 1, 4]),
      ("--operator kspace --scale 3x2x2", [4, 5, 4], [3, 2, 4]),
      ("--operator kspace-box --scale 3", [12, 10, 8], [1, 1, 2]),
      ("--operator block --scale 5,3,1", [2, 3, 8], [5, 3, 2]),
      ("--operator area --scale 2.4,2,2", [5, 5, 4], [2.4, 2, 4]),
      ("--operator corner --sigma 1 --crop --scale 5,3,2", [2, 3, 4], [9, 4, 14.0 / 3]),
    ]
    for (options, size, spacing) in cases {
      let result = try degrade(options, folder)
      #expect(result.size == size + [1], "\(options)")
      for axis in 0..<3 {
        #expect(abs(result.spacing[axis] - spacing[axis]) < 1e-5, "\(options)")
      }
      let sidecar = try folder.json("o.json")
      #expect(try JSONSchema("arssr.degradation/1").violations(sidecar) == [], "\(options)")
    }
  }

  @Test func aMissedSpacingIsWarnedAbout() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run("degrade --spacing 2.5 in.nii o.nii", in: folder)
    #expect(run.status == 0)
    #expect(run.error.contains("arssr: warning: --spacing: cubic fits whole voxels"), "\(run)")
    #expect(run.error.contains("gives 2.4, 2.5, 2.666667 mm"), "\(run)")
    let exact = try Program.run("degrade --operator exact --spacing 2.5 in.nii p.nii", in: folder)
    #expect(!exact.error.contains("warning"), "\(exact)")
  }

  @Test func blockMeansAreMeans() throws {
    let folder = try Scratch.withVolume()
    let source = SampleVolume.read(try folder.read("in.nii")).voxels
    let result = try degrade("--operator block --scale 2,1,1", folder).voxels
    for index in result.indices {
      #expect(result[index] == (source[2 * index] + source[2 * index + 1]) / 2)
    }
  }

  /// Voxel 0 of the half-size grid lies half a voxel inside, along every axis.
  @Test func theOriginMovesWithTheOperator() throws {
    let folder = try Scratch.withVolume()
    let inside: [Float] = [-5.5, -4.5, -7]
    let same: [Float] = [-6, -5, -8]
    for (method, origin) in [
      ("cubic", inside), ("corner", same), ("origin", same), ("block", inside), ("kspace", inside),
    ] {
      _ = try degrade("--operator \(method)", folder)
      let bytes = [UInt8](try folder.read("o.nii"))
      for axis in 0..<3 {
        let place = 292 + 16 * axis
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
        #expect(Float(bitPattern: bits) == origin[axis], "\(method)")
      }
    }
  }

  @Test func runsAreReproducibleAndThreadsDoNotMatter() throws {
    let folder = try Scratch.withVolume()
    var first: [Data]?
    for options in ["--threads 1", "--threads all", "--max-memory 100M", "--no-pin"] {
      let run = try Program.run(
        "degrade --force --operator psf --noise 3% --seed 7 \(options) in.nii o.nii.gz", in: folder)
      #expect(run.status == 0, "\(run)")
      let files = [try folder.read("o.nii.gz"), try folder.read("o.json")]
      if let first { #expect(files == first, "\(options)") }
      first = first ?? files
    }
    let other = try Program.run(
      "degrade --force --operator psf --noise 3% --seed 8 in.nii o.nii.gz", in: folder)
    #expect(other.status == 0)
    #expect(try folder.read("o.nii.gz") != first?[0])
  }

  @Test func noiseIsStatedInUnitsOfTheVolume() throws {
    let folder = try Scratch.withVolume()
    let plain = try degrade("", folder).voxels
    _ = try degrade("--noise 10% --noise-kind gaussian", folder)
    let details = try folder.json("o.json")["Arssr"] as? [String: Any]
    let noise = try #require(details?["Noise"] as? [String: Any])
    let range = Double(plain.max()!) - Double(plain.min()!)
    #expect(abs((noise["Sigma"] as? Double ?? 0) - 0.1 * range) < 1e-9 * range)
    #expect(noise["Kind"] as? String == "gaussian")
    #expect(noise["Seed"] as? String == "0")
  }

  @Test func seriesAreWorkedOnFrameByFrame() throws {
    var volume = SampleVolume()
    volume.frames = 3
    let folder = try Scratch.withVolume(volume)
    let all = try degrade("--operator block --scale 2,2,2 --noise 1", folder)
    #expect(all.size == [6, 5, 4, 3])
    let last = try degrade("--operator block --scale 2,2,2 --noise 1 --volumes 2", folder)
    #expect(last.voxels == Array(all.voxels.suffix(120)))
    let sidecar = try folder.json("o.json")
    #expect(try JSONSchema("arssr.degradation/1").violations(sidecar) == [])
  }

  @Test func masksClearTheResult() throws {
    let folder = try Scratch.withVolume()
    var mask = SampleVolume()
    mask.value = { i, _, _, _ in i < 6 ? 1 : 0 }
    try folder.write(mask.data, to: "mask.nii")
    let plain = try degrade("--noise 2", folder).voxels
    let masked = try degrade("--noise 2 --mask mask.nii", folder).voxels
    for index in plain.indices {
      #expect(masked[index] == (index % 6 < 3 ? plain[index] : 0))
    }
  }

  /// Two voxels along i are 2 mm, no more than the distance of the slices.
  @Test func aMaskMovedWithinTheSlicesIsRefused() throws {
    let folder = try Scratch.withVolume()
    var mask = SampleVolume()
    mask.origin[0] += 2
    try folder.write(mask.data, to: "mask.nii")
    let run = try Program.run("degrade --mask mask.nii in.nii o.nii", in: folder)
    #expect(run.status == 65, "\(run)")
    #expect(run.error.contains("mask.nii: the mask does not overlap the input"), "\(run)")
    #expect(folder.names == ["in.nii", "mask.nii"])
  }

  @Test func constantVolumesStayAndAreWarnedAbout() throws {
    var volume = SampleVolume()
    volume.value = { _, _, _, _ in 7 }
    let folder = try Scratch.withVolume(volume)
    for method in ["cubic", "corner", "kspace", "psf", "block", "area", "kspace-box"] {
      let run = try Program.run(
        "degrade --force --operator \(method) --noise 3% in.nii o.nii", in: folder)
      #expect(run.status == 0, "\(run)")
      #expect(run.error.contains("arssr: warning: --noise: "), "\(run)")
      let voxels = SampleVolume.read(try folder.read("o.nii")).voxels
      #expect(voxels.allSatisfy { abs($0 - 7) <= 2 * Float(7).ulp }, "\(method)")
    }
  }

  @Test func voxelsThatAreNotFiniteAreRefusedOrZero() throws {
    var volume = SampleVolume()
    volume.value = { i, j, k, _ in i + j + k == 0 ? .nan : 1 }
    let folder = try Scratch.withVolume(volume)
    let run = try Program.run("degrade in.nii o.nii", in: folder)
    #expect(run.status == 65)
    #expect(run.error.contains("1 of 960 voxels are NaN, infinite or beyond 1e36"), "\(run)")
    #expect(run.error.contains("use --nan zero"), "\(run)")
    #expect(folder.names == ["in.nii"])
    let zeroed = try degrade("--operator block --nan zero", folder).voxels
    #expect(zeroed[0] == 0.875)
  }

  @Test func everyMistakeHasItsStatusAndLine() throws {
    let folder = try Scratch.withVolume()
    let cases: [(options: String, status: Int, words: String)] = [
      ("--scale 2 --spacing 2", 64, "--scale, --spacing: only one option"),
      ("--scale 0.5", 64, "--scale 0.5: factors are 1 to 1000 per axis (0.5 would"),
      ("--spacing 0.5", 64, "the target is finer than the input along i (factor 0.5"),
      ("--operator cubik", 64, "did you mean cubic?"),
      ("--operator block --scale 2.5", 64, "factor of axis i is 2.5, must be a whole number"),
      ("--scale 2,2,100", 64, "axis k has 8 voxels, too few for a factor of 100"),
      ("--fwhm 2", 64, "--fwhm, --operator cubic: this operator has no use for it"),
      ("--sigma -1", 64, "--sigma -1: widths are 0 to 1000000 per axis"),
      ("--sigma 1000000", 64, "--sigma: 1000000 along i blurs by a Gaussian"),
      ("--operator psf --spacing 1000000", 64, "--spacing: 1000000 along i blurs by a Gaussian"),
      ("--sigma 512 --max-memory 1M", 69, "--max-memory: the limit of 1.0 MiB is too small"),
      ("--seed 3", 64, "--seed: has a meaning only with --noise"),
      ("--noise much", 64, "--noise much: must be a share such as 3%"),
      ("--noise 3% --seed -1", 64, "--seed -1: must be a whole number"),
      ("--max-memory 1K", 69, "--max-memory: the limit of 1.0 KiB is too small"),
      ("--mask none.nii", 66, "none.nii: no such file"),
    ]
    for (options, status, words) in cases {
      let run = try Program.run("degrade \(options) in.nii o.nii", in: folder)
      #expect(run.status == status, "\(run)")
      #expect(run.error.contains(words), "\(run)")
      #expect(folder.names == ["in.nii"])
    }
    #expect(try Program.run("degrade in.nii in.nii", in: folder).status == 64)
    #expect(try Program.run("degrade in.nii o.txt", in: folder).status == 64)
    _ = try degrade("", folder)
    let second = try Program.run("degrade in.nii o.nii", in: folder)
    #expect(second.status == 73, "\(second)")
  }

  @Test func pipesWork() throws {
    let folder = try Scratch.withVolume()
    let expected = try degrade("", folder).voxels
    let run = try Program.run("degrade - -", in: folder, input: try folder.read("in.nii"))
    #expect(run.status == 0, "\(run)")
    #expect(SampleVolume.read(run.outputBytes).voxels == expected)
  }

  @Test func reportsAreValid() throws {
    let folder = try Scratch.withVolume()
    for (line, status) in [
      ("degrade --format json --noise 3% in.nii o.nii", 0),
      ("degrade --format json --scale 100 in.nii o.nii", 64),
    ] {
      let run = try Program.run(line, in: folder)
      #expect(run.status == status, "\(run)")
      let report = try JSONText.object(run.outputBytes)
      #expect(try JSONSchema("arssr.degrade/1").violations(report) == [])
    }
  }
}
