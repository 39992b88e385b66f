import Foundation
import Testing

/// `arssr train --arch` seen from outside, with small networks.
@Suite struct TrainRelatedTests {
  private static let run =
    "train --data d --steps 6 --validate-every 3 --validation-share 0.4 --batch 2"

  /// Options of a small network of each kind.
  private static let networks = [
    ("srrecnn3d", "--layers 3 --width 8 --patch 12 --factors 2,3"),
    ("srrecnn3d-multi", "--layers 3 --width 8 --patch 12"),
    ("srcnn3d", "--width 4 --patch 20"), ("dcsrn", "--layers 2 --width 4 --patch 10"),
    ("rescnn", "--layers 1 --width 4 --patch 10"), ("espcn3d", "--width 6 --patch 6"),
  ]

  /// A folder `d` with volumes of two contrasts.
  private func folder() throws -> Scratch {
    let folder = try Scratch()
    for subject in 0..<3 {
      for (name, phase) in [("T1w", Float(0)), ("T2w", Float(1))] {
        var volume = SampleVolume()
        volume.size = [36, 32, 34]
        volume.spacing = [1, 1, 1]
        let shift = Float(subject) + phase
        volume.value = { i, j, k, _ in
          let (x, y, z) = (Float(i), Float(j), Float(k))
          return 100 + 20 * sin(x * 0.9 + shift) + 20 * cos(0.7 * y) + 20 * sin(0.8 * z + 0.3 * x)
        }
        let path = "d/sub-0\(subject + 1)/anat/sub-0\(subject + 1)_\(name).nii"
        try folder.write(volume.data, to: path)
      }
    }
    return folder
  }

  @Test(arguments: networks)
  func aTrainedNetworkSaysWhatItIs(arch: String, options: String) throws {
    let folder = try folder()
    let run = try Program.run("\(Self.run) --arch \(arch) \(options) --output o", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.error.contains("dB over cubic"), "\(run)")
    let verify = try Program.run("models verify o/best.safetensors", in: folder)
    #expect(verify.status == 0, "\(verify)")
    let information = try Program.run("models info --format json o/best.safetensors", in: folder)
    let model = try JSONText.object(information.outputBytes)
    #expect(model["kind"] as? String == arch)
    let card = try #require(model["card"] as? [String: Any])
    #expect((card["degradation"] as? String)?.contains("arssr degrade") == true)
    #expect((card["training"] as? String)?.contains("\"arch\":\"\(arch)\"") == true)
    #expect(card["contrast"] as? [String] == ["T1w"])
    let author = [
      "dcsrn": "Chen", "rescnn": "Du", "espcn3d": "Shi",
    ][arch, default: "Pham"]
    #expect((card["citation"] as? String)?.contains("\(author) et al.") == true)
  }

  /// A run that was stopped and resumed ends with the bytes of one that was not.
  @Test(arguments: networks)
  func resumingChangesNoByte(arch: String, options: String) throws {
    let folder = try folder()
    let line = "\(Self.run) --arch \(arch) \(options)"
    let whole = try Program.run("\(line) --output whole", in: folder)
    #expect(whole.status == 0, "\(whole)")
    let part = try Program.run("\(line) --time-limit 0.001 --output part", in: folder)
    #expect(part.status == 0, "\(part)")
    let rest = try Program.run("train --resume --threads 1 --output part", in: folder)
    #expect(rest.status == 0, "\(rest)")
    #expect(try folder.read("part/best.safetensors") == folder.read("whole/best.safetensors"))
  }

  /// Options that have a published value count as much as those that have none.
  @Test func anotherOptionThanBeforeDoesNotGoOn() throws {
    let folder = try folder()
    let line = "\(Self.run) --arch srrecnn3d --layers 2 --width 4 --patch 12"
    try Program.run("\(line) --time-limit 0.001 --output o", in: folder, endsWith: 0)
    for option in ["--optimiser adam", "--patches 3"] {
      let run = try Program.run("train --resume \(option) --output o", in: folder, endsWith: 78)
      let name = option.split(separator: " ")[0]
      #expect(run.error.contains("was trained with another \(name) (none)"), "\(run)")
    }
    try Program.run("train --resume --output o", in: folder, endsWith: 0)
  }

  @Test func whatAnArchitectureCannotBeIsRefused() throws {
    let folder = try folder()
    let run = try Program.run(
      "\(Self.run) --arch dcsrn --precision bfloat16 --output o", in: folder)
    #expect(run.status == 64 && run.error.contains("float32 only"), "\(run)")
    #expect(!folder.exists("o"))
  }

  /// A step of next to nothing leaves the interpolation, which SRCNN3D and a residual DCSRN begin as.
  @Test(arguments: ["srcnn3d --width 4 --patch 20", "dcsrn --residual --width 4 --patch 10"])
  func aNetworkMayBeginAsInterpolation(network: String) throws {
    let folder = try folder()
    let run = try Program.run(
      "train --data d --steps 1 --validation-share 0.4 --batch 1 --arch \(network) --sigma 0.5 "
        + "--optimiser adam --learning-rate 1e-9 --start interpolation --format json --output o",
      in: folder)
    #expect(run.status == 0, "\(run)")
    let item = try #require(
      (JSONText.object(run.outputBytes)["items"] as? [[String: Any]])?.first)
    let validation = try #require(item["validation"] as? [String: Any])
    #expect(abs(validation["gain"] as? Double ?? 9) < 0.1, "\(run)")
    let configuration = String(decoding: try folder.read("o/config.json"), as: UTF8.self)
    #expect(configuration.contains("\"start\"") && configuration.contains("\"optimiser\""))
    let more = try Program.run("train --resume --output o", in: folder)
    #expect(more.status == 0, "\(more)")
  }

  /// Three hundred steps are enough for so plain a kind of data.
  @Test func trainingGainsOverCubic() throws {
    let folder = try folder()
    let options =
      "--arch srrecnn3d --layers 4 --width 16 --patch 15 --batch 8 --learning-rate 0.002"
    let run = try Program.run(
      "train --data d \(options) --steps 300 --validate-every 150 --validation-share 0.4 "
        + "--format json --output o", in: folder)
    #expect(run.status == 0, "\(run)")
    let report = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.train/1").violations(report) == [])
    let item = try #require((report["items"] as? [[String: Any]])?.first)
    let validation = try #require(item["validation"] as? [String: Any])
    #expect(validation["gain"] as? Double ?? 0 > 0, "\(run)")
  }

  @Test(arguments: [
    ("--arch srrecnn3d --preset paper", "--preset"), ("--layers 4", "--layers"),
    ("--arch espcn3d --factors 2,3", "--factors"), ("--arch espcn3d --sigma 1", "--sigma"),
    ("--arch srcnn3d --kernel 2", "--kernel"), ("--arch srcnn3d --patch 12", "--patch"),
    ("--arch srrecnn3d --layers 1", "--layers"), ("--arch srcn3d", "--arch"),
    ("--arch rescnn --condition psf", "--condition"), ("--start interpolation", "--start"),
    ("--arch rescnn --residual", "--residual"), ("--arch srcnn3d --optimiser sgd", "--optimiser"),
  ])
  func optionsThatDoNotFitAreRefused(options: String, named: String) throws {
    let run = try Program.run("train --data d \(options) --output o", in: try folder())
    #expect(run.status == 64, "\(run)")
    #expect(run.error.contains(named), "\(run)")
  }

  /// What goes in raw in training goes in raw when the model is used.
  @Test func intensitiesGoInAsAskedFor() throws {
    let folder = try folder()
    let line = "\(Self.run) --arch espcn3d --width 4 --patch 6"
    for (options, wanted) in [
      ("", "percentile:0.1,99.9"), ("--normalisation none", "none"),
      ("--normalisation scale:200", "scale:200"),
    ] {
      let run = try Program.run("\(line) \(options) --force --output o", in: folder)
      #expect(run.status == 0, "\(run)")
      let information = try Program.run("models info --format json o/best.safetensors", in: folder)
      let card = try JSONText.object(information.outputBytes)["card"] as? [String: Any]
      #expect(card?["normalisation"] as? String == wanted)
      // The settings of the folder say it again.
      let resumed = try Program.run("train --resume --output o", in: folder)
      #expect(resumed.status == 0, "\(resumed)")
    }
    let refused = try Program.run("\(line) --normalisation raw --output p", in: folder)
    #expect(refused.status == 64 && refused.error.contains("percentile:LOW,HIGH"), "\(refused)")
    let other = try Program.run(
      "train --data d --normalisation none --dry-run --output p", in: folder)
    #expect(other.status == 64 && other.error.contains("--arch"), "\(other)")
  }

  /// In millimetres, so that the same blur has another width in voxels of another size.
  @Test func theBlurMayBeGivenInMillimetres() throws {
    let folder = try folder()
    let line = "\(Self.run) --arch srrecnn3d --layers 2 --width 4 --patch 10"
    let run = try Program.run("\(line) --fwhm 2 --output o", in: folder)
    #expect(run.status == 0, "\(run)")
    let resumed = try Program.run("train --resume --output o", in: folder)
    #expect(resumed.status == 0, "\(resumed)")
    var other = SampleVolume()
    (other.size, other.spacing) = ([24, 24, 24], [2, 2, 2])
    try folder.write(other.data, to: "two.nii")
    for (source, options, isSame) in [
      ("d/sub-01/anat/sub-01_T1w", "--fwhm 2", true),
      ("d/sub-01/anat/sub-01_T1w", "--sigma 0.85", true), ("two", "--fwhm 2", true),
      ("two", "--sigma 0.4247", true), ("two", "--sigma 0.85", false), ("two", "", false),
    ] {
      let made = try Program.run(
        "degrade -q --force --operator corner \(options) \(source).nii lr.nii", in: folder)
      #expect(made.status == 0, "\(made)")
      let used = try Program.run(
        "upsample --force --model o/best.safetensors lr.nii hr.nii", in: folder)
      #expect(used.status == 0, "\(used)")
      #expect(used.error.contains("this model undoes") == !isSame, "\(source) \(options): \(used)")
    }
    for options in ["--sigma 1 --fwhm 2", "--fwhm 0"] {
      let refused = try Program.run("\(line) \(options) --output p", in: folder)
      #expect(refused.status == 64 && refused.error.contains("--fwhm"), "\(refused)")
    }
  }

  /// A batch of one patch and one of several differ by what the plans say that they do.
  @Test(arguments: [
    "rescnn --layers 1 --width 32 --patch 20", "srcnn3d --width 32 --patch 24",
    "dcsrn --layers 3 --width 12 --patch 20", "espcn3d --width 60 --patch 14",
  ])
  func theLayersOfABatchAreCounted(options: String) throws {
    let folder = try folder()
    func run(_ batch: Int, _ more: String) throws -> Program.Run {
      try Program.run(
        "train --data d --steps 1 --validation-share 0.4 --threads 1 --force --batch \(batch) --arch "
          + "\(options) --output o \(more)", in: folder)
    }
    func planned(_ batch: Int) throws -> Double {
      let plan = try run(batch, "--dry-run")
      let line = try #require(
        plan.output.split(separator: "\n").first { $0.hasPrefix("memory") }, "\(plan)")
      let words = line.split(separator: " ")
      let unit = words[2] == "GiB" ? 1024.0 : words[2] == "MiB" ? 1 : 1 / 1024
      return try #require(Double(words[1])) * unit
    }
    func measured(_ batch: Int) throws -> Double {
      let report = try run(batch, "--format json")
      let item = try #require(
        (JSONText.object(report.outputBytes)["items"] as? [[String: Any]])?.first, "\(report)")
      return try #require(item["peakBytes"] as? Double, "\(item)") / 0x1p20
    }
    let (few, many) = (2, 26)
    let (expected, found) = (
      try planned(many) - planned(few), try measured(many) - measured(few)
    )
    #expect(expected > 30)
    // Pages are taken whole, and what a step needs beside the maps is small.
    #expect(abs(found - expected) < 0.1 * expected + 12, "\(expected) MiB planned, \(found) taken")
    let refused = try run(many, "--max-memory \(Int(expected / 2))M")
    #expect(refused.status == 69 && refused.error.contains("--max-memory"), "\(refused)")
  }

  /// The table of the help screen is what a training does where nobody asks for anything else.
  @Test func theHelpTellsTheDefaults() throws {
    let folder = try Scratch()
    var volume = SampleVolume()
    (volume.size, volume.spacing) = ([80, 80, 80], [1, 1, 1])
    for name in ["T1w", "T2w"] {
      for subject in 1...2 {
        try folder.write(volume.data, to: "d/sub-0\(subject)/anat/sub-0\(subject)_\(name).nii")
      }
    }
    let help = try Program.run("train --help", in: folder).output
    for (arch, row) in [
      ("srrecnn3d", "srrecnn3d, -multi"), ("srrecnn3d-multi", "srrecnn3d, -multi"),
      ("srcnn3d", "srcnn3d"), ("dcsrn", "dcsrn"), ("rescnn", "rescnn"), ("espcn3d", "espcn3d"),
    ] {
      let line = try #require(
        help.split(separator: "\n").first {
          $0.hasPrefix("  \(row)  ") && $0.contains("0.00")
        })
      let numbers = line.dropFirst(row.count + 2).split(separator: " ")
      let run = try Program.run("train --data d --arch \(arch) --dry-run --output o", in: folder)
      #expect(run.status == 0, "\(run)")
      let plan = run.output
      #expect(plan.contains("20000 steps") || plan.contains("20000 of"), "\(plan)")
      #expect(plan.contains("of \(numbers[1]) patches of \(numbers[0]) voxels"), "\(plan)")
      // The widest layer: twice as wide as the inner ones of two of them.
      let width = try #require(Int(numbers[2])) * (["espcn3d", "dcsrn"].contains(arch) ? 2 : 1)
      #expect(plan.contains(" x \(width),"), "\(plan)")
      #expect(plan.contains("\(numbers[3])\n"), "\(plan)")
    }
  }

  @Test func aGuideOnAnotherGridIsRefused() throws {
    let folder = try folder()
    func run(_ change: (inout SampleVolume) -> Void) throws -> Program.Run {
      var volume = SampleVolume()
      (volume.size, volume.spacing) = ([36, 32, 34], [1, 1, 1])
      change(&volume)
      try folder.write(volume.data, to: "d/sub-02/anat/sub-02_T2w.nii")
      return try Program.run(
        "\(Self.run) --arch srrecnn3d-multi --layers 2 --width 4 --patch 8 --dry-run --output o",
        in: folder)
    }
    let longer = try run { $0.size[2] = 33 }
    #expect(longer.status == 65 && longer.error.contains("36 x 32 x 33"), "\(longer)")
    let moved = try run { $0.origin[1] += 0.06 }
    #expect(moved.status == 65, "\(moved)")
    #expect(moved.error.contains("sub-02_T2w.nii: lies up to 0.06 mm"), "\(moved)")
    let close = try run { $0.origin[1] += 0.04 }
    #expect(close.status == 0, "\(close)")
  }
}
