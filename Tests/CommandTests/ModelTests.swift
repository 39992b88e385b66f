import Foundation
import TestSupport
import Testing

/// The commands about checkpoints.
@Suite struct ModelTests {
  private static let weights = Golden.folder("arssr").appendingPathComponent("weights")

  @Test func theDefaultModelIsFoundAndMarked() throws {
    let run = try Program.run("models list", in: try Scratch())
    #expect(run.status == 0)
    let line = run.output.split(separator: "\n").first { $0.hasPrefix("*") }
    #expect(line?.contains(" brain-t1w ") == true, "\(run)")
    #expect(line?.contains("CC0-1.0") == true)
  }

  @Test func modelsAreFoundByNameInTheSearchPath() throws {
    let folder = try Scratch.withVolume()
    let model = Repository.folder.appendingPathComponent("Models/interim.safetensors")
    try folder.write(Data(contentsOf: model), to: "a/mine.safetensors")
    try folder.write(
      Data(contentsOf: model), to: "home/.local/share/arssr/models/yours.safetensors")
    let path = ["ARSSR_MODEL_PATH": "none:\(folder.path("a"))"]
    for name in ["mine", "yours", folder.path("a/mine.safetensors")] {
      let run = try Program.run(["models", "verify", name], in: folder, environment: path)
      #expect(run.status == 0, "\(run)")
    }
    let run = try Program.run(
      ["upsample", "-m", "mine", "in.nii", "o.nii"], in: folder, environment: path)
    #expect(run.status == 0, "\(run)")
    let details = try folder.json("o.json")["Arssr"] as? [String: Any]
    #expect((details?["Model"] as? [String: Any])?["Name"] as? String == "mine")
    let other = try Program.run(
      ["upsample", "in.nii", "p.nii"], in: folder,
      environment: path.merging(["ARSSR_MODEL": "mine"]) { $1 })
    #expect(other.status == 0)
    #expect(try folder.read("o.nii") == folder.read("p.nii"))
  }

  @Test func modelsThatCannotBeUsedAreNotPassedOver() throws {
    let folder = try Scratch()
    for name in ["brain-t1w", "brain-t1w-lite", "interim", "srrecnn3d-10l"] {
      try folder.write("no model", to: "a/\(name).pkl")
    }
    let run = try Program.run(
      ["models", "list"], in: folder, environment: ["ARSSR_MODEL_PATH": folder.path("a")])
    #expect(run.output.hasPrefix("no models that can be used (--all shows 8); put some"), "\(run)")
  }

  @Test func conversionKeepsTheFunctionAndWritesTheCard() throws {
    let folder = try Scratch.withVolume()
    let source = Golden.folder("interim").appendingPathComponent("interim.pkl").path
    try folder.write(
      "{\"arssr.residual\": \"bspline3\", \"arssr.padding\": \"zeros\", \"arssr.licence\": \"CC0-1.0\"}",
      to: "card.json")
    let settings = [
      "arssr.final_relu=false", "arssr.padding=border", "arssr.coordinates=relative",
      "arssr.condition=psf", "arssr.normalisation=percentile:0.1,99.9",
    ].flatMap { ["--set", $0] }
    let run = try Program.run(
      ["models", "convert", source, "m.safetensors", "--card", "card.json", "--name", "Mine"]
        + settings, in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.output.isEmpty && run.error.isEmpty)
    let info = try JSONText.object(
      Program.run("models info --format json m.safetensors", in: folder).outputBytes)
    let card = try #require(info["card"] as? [String: Any])
    #expect(card["licence"] as? String == "CC0-1.0")
    #expect(card["title"] as? String == "Mine")
    // A setting wins over the card.
    #expect((info["variants"] as? [String: Any])?["padding"] as? String == "border")
    for (model, output) in [("m.safetensors", "a.nii"), ("interim", "b.nii")] {
      let run = try Program.run(["upsample", "-m", model, "in.nii", output], in: folder)
      #expect(run.status == 0, "\(run)")
    }
    let (first, second) = (try folder.read("a.nii"), try folder.read("b.nii"))
    // The description in the header names the model; the voxels are the same.
    #expect(first.dropFirst(352) == second.dropFirst(352))
    let again = try Program.run(
      ["models", "convert", source, "n.safetensors", "--card", "card.json", "--name", "Mine"]
        + settings, in: folder)
    #expect(again.status == 0)
    #expect(try folder.read("m.safetensors") == folder.read("n.safetensors"))
  }

  @Test func conversionRefusesWhatItWouldNotUnderstand() throws {
    let folder = try Scratch()
    let source = Golden.folder("interim").appendingPathComponent("interim.pkl").path
    try folder.write("[]", to: "list.json")
    let convert = ["models", "convert", source, "m.safetensors"]
    for (words, status, message) in [
      (["--set", "arssr.residul=none"], 78, "did you mean arssr.residual?"),
      (["--set", "arssr.padding=mirror"], 78, "must be zeros, border"),
      (["--card", "list.json"], 78, "must be an object"),
      (["--card", "no.json"], 66, "no such file"),
      // Without its settings this checkpoint is no published network: it has one input more.
      ([], 78, "arssr.condition=psf"),
    ] {
      let run = try Program.run(convert + words, in: folder)
      #expect(run.status == status, "\(run)")
      #expect(run.error.contains(message), "\(run)")
      #expect(run.errorLines.count == 1)
    }
    #expect(folder.names == ["list.json"])
  }

  @Test(arguments: [
    "rdn_small.safetensors", "rdn_small.pkl", "rdn_odd.legacy.pkl",
  ])
  func infoKnowsAModelByWhatItHolds(source: String) throws {
    let folder = try Scratch.withVolume()
    try folder.write(
      Data(contentsOf: Self.weights.appendingPathComponent(source)), to: "published.bin")
    let run = try Program.run("info --format json published.bin", in: folder)
    let wanted = try Program.run("models info --format json published.bin", in: folder)
    #expect(run.status == 0 && run.outputBytes == wanted.outputBytes, "\(run)")
    // A volume whose name says nothing is still one, and other files are called no volume.
    try folder.write(folder.read("in.nii"), to: "volume.bin")
    let volume = try Program.run("info --format json volume.bin", in: folder)
    #expect(try JSONText.object(volume.outputBytes)["schema"] as? String == "arssr.volume/1")
    try folder.write("no volume, no model", to: "text.bin")
    let text = try Program.run("info text.bin", in: folder, endsWith: 65)
    #expect(text.error.contains("text.bin: not a NIfTI file"), "\(text)")
  }

  @Test func aSourceDateThatIsNoneIsRefused() throws {
    let folder = try Scratch()
    let source = Self.weights.appendingPathComponent("rescnn_small.pkl").path
    for date in ["now", "-1"] {
      let run = try Program.run(
        ["models", "convert", source, "m.safetensors"], in: folder,
        environment: ["SOURCE_DATE_EPOCH": date])
      #expect(run.status == 78, "\(run)")
      #expect(
        run.errorLines == [
          "arssr: error: SOURCE_DATE_EPOCH is \"\(date)\", must be seconds since 1970 as a whole "
            + "number"
        ], "\(run)")
    }
    #expect(folder.names.isEmpty)
  }

  @Test func scalesThatTheModelWasNotMadeForAreWarnedAbout() throws {
    let folder = try Scratch.withVolume()
    let source = Self.weights.appendingPathComponent("rescnn_small.pkl").path
    let made = try Program.run(
      ["models", "convert", source, "m.safetensors", "--set", "arssr.scales=2,3"], in: folder)
    #expect(made.status == 0)
    for (scale, isWarned) in [("2", false), ("3", false), ("2.5", true), ("2,2,1", true)] {
      let run = try Program.run(
        ["upsample", "-fm", "m.safetensors", "-s", scale, "in.nii", "o.nii"], in: folder)
      #expect(run.status == 0, "\(run)")
      #expect(run.error.contains("made for scale 2, 3, not") == isWarned, "\(run)")
    }
  }

  @Test func scalesOutsideTheStatedRangeAreWarnedAbout() throws {
    let folder = try Scratch.withVolume()
    let source = Self.weights.appendingPathComponent("rescnn_small.pkl").path
    let made = try Program.run(
      ["models", "convert", source, "m.safetensors", "--set", "arssr.scales=1.5..3"], in: folder)
    #expect(made.status == 0, "\(made)")
    for (scale, isWarned) in [
      ("1.5", false), ("2.5", false), ("3", false), ("1,1,2", false), ("1.25", true),
      ("2,2,4", true),
    ] {
      let run = try Program.run(
        ["upsample", "-fm", "m.safetensors", "-s", scale, "in.nii", "o.nii"], in: folder)
      #expect(run.status == 0, "\(run)")
      #expect(run.error.contains("made for scale 1.5 to 3, not") == isWarned, "\(run)")
    }
    for wrong in ["3..2", "0.5..2", "1..", "..2", "1.5...3"] {
      let run = try Program.run(
        ["models", "convert", source, "n.safetensors", "--set", "arssr.scales=\(wrong)"],
        in: folder)
      #expect(run.status != 0, "\(wrong)")
    }
  }

  /// The card of the default model is longer than a message may be.
  @Test func infoPrintsTheWholeCardAndTensorsWhereAsked() throws {
    let folder = try Scratch()
    let json = try JSONText.object(
      Program.run("models info interim --format json", in: folder).outputBytes)
    let card = try #require(json["card"] as? [String: Any])
    let training = try #require(card["training"] as? String)
    #expect(training.utf8.count > 200)
    let plain = try Program.run("models info interim", in: folder)
    #expect(plain.output.contains(training), "\(plain)")
    #expect(!plain.output.contains("\ntensor "))
    let listed = try Program.run("models info interim --tensors", in: folder)
    let tensors = try #require(json["tensors"] as? [Any])
    #expect(listed.output.split(separator: "\n").count { $0.hasPrefix("tensor ") } == tensors.count)
  }

  @Test func aBlurIsTakenOnlyByModelsThatAskForIt() throws {
    let folder = try Scratch.withVolume()
    let model = Self.weights.appendingPathComponent("rescnn_small.pkl").path
    let run = try Program.run(
      ["upsample", "--model", model, "--psf", "1", "in.nii", "o.nii"], in: folder)
    #expect(run.status == 64, "\(run)")
    #expect(run.error.contains("--psf: "))
    var results: [Data] = []
    for options in ["", "--psf 0 ", "--psf 1 "] {
      let run = try Program.run("upsample --force \(options)in.nii o.nii", in: folder)
      #expect(run.status == 0, "\(run)")
      results.append(try folder.read("o.nii"))
    }
    #expect(results[0] == results[1])
    #expect(results[1] != results[2])
  }

  /// 1 where it was asked for, the default of the model where not, null where no model asks.
  @Test func theSidecarTellsWhichBlurTheModelWasTold() throws {
    let folder = try Scratch.withVolume()
    for (options, blur) in [
      ("--model interim --psf 1", 1 as Double?), ("--model interim", 0), ("--method linear", nil),
    ] {
      let run = try Program.run("upsample --force \(options) in.nii o.nii", in: folder)
      #expect(run.status == 0, "\(run)")
      let details = try #require(try folder.json("o.json")["Arssr"] as? [String: Any])
      #expect(details["PSF"] as? Double == blur, "\(options)")
    }
  }
}

/// `models verify --golden`.
@Suite struct GoldenVerificationTests {
  private static let golden = Golden.folder("interim")

  @Test func theInterimModelAgreesWithItsGoldenFiles() throws {
    let run = try Program.run(
      ["models", "verify", "interim", "--golden", Self.golden.path, "--format", "json"],
      in: try Scratch())
    #expect(run.status == 0, "\(run)")
    let report = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.verify/1").violations(report) == [])
    let comparisons = try #require(report["comparisons"] as? [[String: Any]])
    // Four cases on two paths.
    #expect(comparisons.count == 8)
    #expect(comparisons.allSatisfy { $0["same"] as? Bool == true })
  }

  @Test func aDifferenceIsAnAnswerWithItsOwnStatus() throws {
    let folder = try Scratch()
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.golden.path) {
      try folder.write(
        Data(contentsOf: Self.golden.appendingPathComponent(name)), to: "golden/\(name)")
    }
    var changed = try folder.read("golden/output_2x2x2_psf0.npy")
    changed[changed.count - 1] ^= 0x40
    try folder.write(changed, to: "golden/output_2x2x2_psf0.npy")
    let run = try Program.run("models verify interim --golden golden", in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(run.output.contains("output_2x2x2_psf0.npy: DIFFERENT"))
    #expect(run.error.contains("2 of 8 golden files differ"))
    try folder.write(changed.prefix(5000), to: "golden/output_2x2x2_psf0.npy")
    let cut = try Program.run("models verify interim --golden golden", in: folder)
    #expect(cut.status == 78, "\(cut)")
    #expect(cut.errorLines.count == 1)
  }
}
