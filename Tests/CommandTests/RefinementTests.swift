import Foundation
import Testing

/// What `upsample` does with a result as a whole, seen from outside.
@Suite struct RefinementTests {
  /// A smooth volume with a wave, so that interpolation and its measurement differ by little.
  private static var wave: SampleVolume {
    var volume = SampleVolume()
    volume.size = [14, 12, 10]
    volume.spacing = [1, 1, 1]
    volume.value = { i, j, k, frame in
      100 + 40 * sin(Float(i) * 1.1) * cos(Float(j) * 0.9) + 20 * sin(Float(k)) + Float(frame)
    }
    return volume
  }

  private func run(
    _ options: String, _ folder: Scratch, status: Int = 0,
    location: SourceLocation = #_sourceLocation
  ) throws -> Program.Run {
    try Program.run(
      "upsample -q --force \(options) in.nii o.nii", in: folder, endsWith: status,
      location: location)
  }

  private func details(_ folder: Scratch) throws -> [String: Any] {
    let sidecar = try folder.json("o.json")
    #expect(try JSONSchema("arssr.sidecar/1").violations(sidecar) == [])
    return try #require(sidecar["Arssr"] as? [String: Any])
  }

  private func voxels(_ folder: Scratch, _ name: String = "o.nii") throws -> [Float] {
    SampleVolume.read(try folder.read(name)).voxels
  }

  @Test func backProjectionMakesABlurredInputAgree() throws {
    let folder = try Scratch.withVolume(Self.wave)
    _ = try run("--method cubic --check-consistency --measured-psf 1", folder)
    let plain = try voxels(folder)
    let before = try #require(try details(folder)["Consistency"] as? [String: Any])
    #expect(before["Rounds"] is NSNull)
    _ = try run("--method cubic --consistent --measured-psf 1", folder)
    let after = try #require(try details(folder)["Consistency"] as? [String: Any])
    let rms = try #require(after["RMS"] as? Double)
    #expect(try rms < 0.5 * #require(before["RMS"] as? Double))
    #expect((after["Before"] as? [String: Any])?["RMS"] as? Double == before["RMS"] as? Double)
    #expect(after["Width"] as? [Double] == [1, 1, 1])
    #expect(try voxels(folder) != plain)
  }

  @Test func threadsAndMemoryChangeNoByteOfARefinedResult() throws {
    let folder = try Scratch.withVolume(Self.wave)
    let options = "-m interim --consistent --self-ensemble --uncertainty sd.nii"
    _ = try run("\(options) --threads 1", folder)
    let (result, spread) = (try folder.read("o.nii"), try folder.read("sd.nii"))
    _ = try run("\(options) --threads 2 --max-memory 100M --tile 7", folder)
    #expect(try folder.read("o.nii") == result && folder.read("sd.nii") == spread)
    let details = try details(folder)
    let ensemble = try #require(details["Ensemble"] as? [String: Any])
    #expect(ensemble["Members"] as? Int == 8)
    #expect(ensemble["Uncertainty"] as? String == "sd.nii")
    let values = try voxels(folder, "sd.nii")
    #expect(values.allSatisfy { $0 >= 0 && $0.isFinite } && values.contains { $0 > 0 })
  }

  /// error^2 = (Floor x range)^2 + (Factor x spread)^2, with the two numbers of the sidecar.
  @Test func expectedErrorsAreTheCalibratedSpread() throws {
    let folder = try Scratch.withVolume(Self.wave)
    let convert = try Program.run(
      "models convert -q --set arssr.uncertainty=2:0.02,3;4:0.04,1 brain-t1w stated.safetensors",
      in: folder)
    try #require(convert.status == 0, "\(convert)")
    let input = try voxels(folder, "in.nii")
    let range = try #require(input.max()) - #require(input.min())
    for (model, origin, floor, factor) in [
      ("stated.safetensors", "model", 0.02, 3.0), ("interim", "default", 0.005, 5.5),
    ] {
      _ = try run("-m \(model) --uncertainty sd.nii --uncalibrated", folder)
      #expect((try details(folder)["Ensemble"] as? [String: Any])?["Calibration"] is NSNull)
      let (result, spread) = (try folder.read("o.nii"), try voxels(folder, "sd.nii"))
      _ = try run("-m \(model) --uncertainty sd.nii", folder)
      let ensemble = try #require(try details(folder)["Ensemble"] as? [String: Any])
      let stated = try #require(ensemble["Calibration"] as? [String: Any])
      #expect(stated["Origin"] as? String == origin)
      #expect(stated["Floor"] as? Double == floor && stated["Factor"] as? Double == factor)
      #expect(try folder.read("o.nii") == result)
      for (error, spread) in zip(try voxels(folder, "sd.nii"), spread) where spread > 0 {
        let expected = hypot(Float(floor) * range, Float(factor) * spread)
        #expect(abs(error - expected) <= 1e-5 * expected)
      }
    }
    _ = try run("-m stated.safetensors --uncertainty sd.nii --scale 3", folder)
    let ensemble = try #require(try details(folder)["Ensemble"] as? [String: Any])
    let stated = try #require(ensemble["Calibration"] as? [String: Any])
    #expect(try abs(#require(stated["Floor"] as? Double) - 0.03) < 1e-3)
  }

  /// Which axes are frequency, phase and slice (byte 39 of the header) holds for no grid whose i and k
  /// are exchanged.
  @Test func expectedErrorsHaveTheAxesOfTheResult() throws {
    var input = Self.wave.data
    input[39] = 1 | 2 << 2 | 3 << 4
    let folder = try Scratch()
    try folder.write(input, to: "in.nii")
    var reference = SampleVolume()
    (reference.size, reference.spacing) = ([10, 12, 14], [1, 1, 1])
    var data = reference.data
    let rows: [[Float]] = [[0, 0, 1, -6], [0, 1, 0, -5], [1, 0, 0, -8]]
    for (place, value) in rows.joined().enumerated() {
      let start = 280 + 4 * place
      withUnsafeBytes(of: value) { data.replaceSubrange(start..<(start + 4), with: $0) }
    }
    try folder.write(data, to: "exchanged.nii")
    _ = try run("-m interim --uncertainty sd.nii --scale 1", folder)
    #expect(try folder.read("o.nii")[39] == 0x39 && folder.read("sd.nii")[39] == 0x39)
    _ = try run("-m interim --uncertainty sd.nii --like exchanged.nii", folder)
    #expect(try voxels(folder).count == voxels(folder, "sd.nii").count)
    #expect(try folder.read("o.nii")[39] == 0 && folder.read("sd.nii")[39] == 0)
  }

  @Test func permutationsFollowSpacingAndTarget() throws {
    var volume = Self.wave
    let folder = try Scratch.withVolume(volume)
    _ = try run("--self-ensemble --permutations", folder)
    #expect((try details(folder)["Ensemble"] as? [String: Any])?["Members"] as? Int == 48)
    _ = try run("--self-ensemble --permutations --scale 1,2,2", folder)
    #expect((try details(folder)["Ensemble"] as? [String: Any])?["Members"] as? Int == 16)
    volume.spacing = [1, 2, 3]
    try folder.write(volume.data, to: "in.nii")
    _ = try run("--self-ensemble --permutations", folder)
    #expect((try details(folder)["Ensemble"] as? [String: Any])?["Members"] as? Int == 8)
  }

  /// The mean over all mirrorings of a mirrored input is the mirrored mean, up to the order of
  /// sums.
  @Test func anEnsembleIsSymmetric() throws {
    let volume = Self.wave
    var mirrored = volume
    mirrored.value = { i, j, k, frame in volume.value(13 - i, j, k, frame) }
    let folder = try Scratch.withVolume(volume)
    _ = try run("--self-ensemble", folder)
    let straight = try voxels(folder)
    try folder.write(mirrored.data, to: "in.nii")
    _ = try run("--self-ensemble", folder)
    let other = try voxels(folder)
    for row in 0..<(straight.count / 28) {
      for i in 0..<28 {
        #expect(abs(straight[row * 28 + i] - other[row * 28 + 27 - i]) < 2e-3)
      }
    }
  }

  @Test func seriesHaveOneAgreementPerFrame() throws {
    var volume = Self.wave
    volume.frames = 2
    let folder = try Scratch.withVolume(volume)
    _ = try run("--method cubic --check-consistency --uncertainty sd.nii", folder, status: 64)
    _ = try run("--uncertainty sd.nii --check-consistency", folder)
    #expect((try details(folder)["Consistency"] as? [Any])?.count == 2)
    #expect(SampleVolume.read(try folder.read("sd.nii")).size == [28, 24, 20, 2])
  }

  @Test(arguments: [
    ("--measured-psf 1", "--measured-psf"), ("--permutations", "--permutations"),
    ("--self-ensemble --method cubic", "interpolation"),
    ("--self-ensemble --mask in.nii", "--mask"), ("--consistent --mask in.nii", "--mask"),
    ("--consistent --header-compat", "--header-compat"),
    ("--uncalibrated", "--uncertainty"),
    ("--uncertainty o.nii", "another name"), ("--uncertainty ./o.nii", "another name"),
    ("--uncertainty - --report /dev/stdout", "same place"), ("--report r.txt", ".html"),
    ("--report in.nii", ".html"), ("--uncertainty in.nii", "input"),
    ("--uncertainty sd.txt", ".nii"), ("--measured-psf -1 --consistent", "from 0"),
  ])
  func whatCannotBeIsRefusedBeforeAnyWork(_ options: String, _ word: String) throws {
    let folder = try Scratch.withVolume(Self.wave)
    let run = try run(options, folder, status: 64)
    #expect(run.error.contains(word), "\(run)")
    #expect(folder.names == ["in.nii"])
  }

  @Test(arguments: [
    "--uncertainty -", "--uncertainty /dev/stdout", "--report -", "--report /dev/stdout",
  ])
  func standardOutputTakesOneFile(_ options: String) throws {
    let folder = try Scratch.withVolume(Self.wave)
    let run = try Program.run("upsample -q \(options) in.nii -", in: folder, endsWith: 64)
    #expect(run.error.contains("another name"), "\(run)")
    #expect(run.outputBytes.isEmpty)
  }

  /// An integer result is written at the end, where it meets the limit; the expected errors of a
  /// constant volume are a few bytes.
  @Test func aResultThatFailsLeavesNoExpectedErrors() throws {
    var volume = Self.wave
    volume.value = { _, _, _, _ in 5 }
    let folder = try Scratch.withVolume(volume)
    let line =
      "upsample -q -m interim --datatype int16 --uncertainty sd.nii.gz in.nii o.nii"
    let words = line.split(separator: " ").map(String.init)
    let run = try Program.run(words, in: folder, shell: "ulimit -f 24; exec \"$ARSSR\" \"$@\"")
    #expect(run.status == 74, "\(run)")
    #expect(folder.names == ["in.nii"])
    try Program.run(line, in: folder, endsWith: 0)
    #expect(folder.names == ["in.nii", "o.json", "o.nii", "sd.nii.gz"])
  }

  @Test func aDryRunNamesAllFilesAndRuns() throws {
    let folder = try Scratch.withVolume(Self.wave)
    let run = try Program.run(
      "upsample --dry-run --report r.html --uncertainty sd.nii in.nii o.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.output.contains("write o.nii, o.json, sd.nii, r.html"), "\(run)")
    #expect(run.output.contains("in 8 runs"), "\(run)")
    #expect(folder.names == ["in.nii"])
  }

  @Test func theLimitOnMemoryCountsTheWholeResult() throws {
    var volume = Self.wave
    volume.size = [64, 64, 64]
    let folder = try Scratch.withVolume(volume)
    func planned(_ options: String) throws -> Int {
      let run = try Program.run(
        "upsample --method cubic --dry-run --format json \(options) in.nii o.nii", in: folder)
      let items = try JSONText.object(run.outputBytes)["items"] as? [[String: Any]]
      return try #require((items?[0]["memory"] as? [String: Any])?["peakBytes"] as? Int)
    }
    let result = 4 * 128 * 128 * 128
    #expect(try planned("--check-consistency") >= planned("") - (8 << 20) + result)
    let run = try run("--method cubic --check-consistency --max-memory 32M", folder, status: 69)
    #expect(run.error.contains("--max-memory"))
    #expect(folder.names == ["in.nii"])
  }
}
