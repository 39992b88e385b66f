import Foundation
import Testing

/// `upsample` with the networks that ArSSR is compared with, seen from outside.
@Suite struct RelatedTests {
  private func folder(
    _ model: SampleModel, _ volume: SampleVolume = SampleVolume()
  ) throws
    -> Scratch
  {
    let folder = try Scratch.withVolume(volume)
    try folder.write(model.data, to: "m.safetensors")
    return folder
  }

  private func upsample(_ options: String, _ folder: Scratch) throws -> Program.Run {
    try Program.run("upsample --force --model m.safetensors \(options) in.nii o.nii", in: folder)
  }

  private func details(_ folder: Scratch) throws -> [String: Any] {
    let sidecar = try folder.json("o.json")
    #expect(try JSONSchema("arssr.sidecar/1").violations(sidecar) == [])
    return try #require(sidecar["Arssr"] as? [String: Any])
  }

  @Test func aChainMakesCornerAlignedVoxelsAndSaysWhatItUndoes() throws {
    let folder = try folder(.chain())
    let run = try upsample("--scale 2.5,2,1.3", folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.error.contains("how the input was made is not known"), "\(run)")
    let made = SampleVolume.read(try folder.read("o.nii"))
    // 10.4 voxels are 10.
    #expect(made.size == [30, 20, 10, 1])
    #expect(abs(made.spacing[0] - 11.0 / 29) < 1e-6 && abs(made.spacing[1] - 9.0 / 19) < 1e-6)
    #expect(abs(made.spacing[2] - 2 * 7.0 / 9) < 1e-6)
    let details = try details(folder)
    let model = try #require(details["Model"] as? [String: Any])
    #expect(model["Kind"] as? String == "srrecnn3d")
    #expect(details["Scale"] as? [Double] == [2.5, 2, 1.25])
    let intensity = try #require(details["Intensity"] as? [String: Any])
    #expect(intensity["Normalisation"] as? String == "max")
    #expect(intensity["Low"] as? Double == 0 && intensity["High"] as? Double == 96)
    // No value lies below the smallest of the input.
    #expect(made.voxels.min() == 0)
  }

  /// Finite weights may make what is not finite; the user and the sidecar are told how often.
  @Test func valuesBeyondFloat32AreCountedAndWarnedOf() throws {
    let folder = try folder(.chain(lastBias: 3e38))
    let run = try upsample("--scale 2", folder)
    #expect(run.status == 0, "\(run)")
    let made = SampleVolume.read(try folder.read("o.nii")).voxels
    let count = made.count { !$0.isFinite }
    #expect(count == made.count)
    let message = "\(count) of \(count) voxels of the result are NaN or infinite"
    #expect(run.error.contains("arssr: warning: o.nii: \(message)"), "\(run)")
    let warnings = try #require(try details(folder)["Warnings"] as? [String])
    #expect(warnings.contains { $0.hasPrefix(message) }, "\(warnings)")
  }

  @Test func anInputThatWasMadeInTheSameWayBringsNoWarning() throws {
    let folder = try folder(.chain())
    for (options, isSame) in [("--operator corner --sigma 1", true), ("", false)] {
      let degraded = try Program.run(
        "degrade -q --force --scale 2 \(options) in.nii lr.nii", in: folder)
      #expect(degraded.status == 0, "\(degraded)")
      let run = try Program.run(
        "upsample --force --model m.safetensors --scale 2 lr.nii o.nii", in: folder)
      #expect(run.status == 0, "\(run)")
      #expect(run.error.contains("this model undoes") == !isSame, "\(run)")
      if !isSame { #expect(run.error.contains("made by arssr degrade --operator cubic")) }
    }
  }

  @Test func threadsMemoryAndTheExactPathAreWhatTheyAreForArSSR() throws {
    let folder = try folder(.chain())
    _ = try upsample("-q --scale 2 --threads 1", folder)
    let result = try folder.read("o.nii")
    _ = try upsample("-q --scale 2 --threads 2 --max-memory 64M", folder)
    #expect(try folder.read("o.nii") == result)
    #expect(try upsample("-q --scale 2 --exact", folder).status == 0)
    let path = try #require(try details(folder)["Path"] as? [String: Any])
    #expect(path["Exact"] as? Bool == true && path["ErrorBound"] as? Double == 0)
    let tight = try upsample("-q --scale 2 --max-memory 1M", folder)
    #expect(tight.status == 69 && tight.error.contains("smallest plan"), "\(tight)")
    let plan = try upsample("--scale 2 --dry-run --format json", folder)
    #expect(plan.status == 0, "\(plan)")
    #expect(try JSONSchema("arssr.plan/1").violations(JSONText.object(plan.outputBytes)) == [])
  }

  @Test func anEnsembleExchangesAxesWhateverTheirSpacing() throws {
    let folder = try folder(.chain())
    let run = try upsample(
      "-q --scale 2 --self-ensemble --permutations --uncertainty sd.nii", folder)
    #expect(run.status == 0, "\(run)")
    let ensemble = try #require(try details(folder)["Ensemble"] as? [String: Any])
    #expect(ensemble["Members"] as? Int == 48)
    #expect(try SampleVolume.read(folder.read("sd.nii")).voxels.contains { $0 > 0 })
  }

  @Test func theHeaderOfThePublishedProgramIsForComparison() throws {
    let folder = try folder(.chain())
    let run = try upsample("--scale 2 --header-compat", folder)
    #expect(run.status == 0 && run.error.contains("--header-compat"), "\(run)")
    #expect(SampleVolume.read(try folder.read("o.nii")).spacing == [0.5, 0.5, 1])
  }

  @Test func aGuideMustLieOnTheResultsGridOrBeResampled() throws {
    let folder = try folder(.chain(images: 2))
    let missing = try upsample("-q --scale 2", folder)
    #expect(missing.status == 64 && missing.error.contains("--guide"), "\(missing)")
    var guide = SampleVolume()
    guide.size = [24, 20, 16]
    guide.spacing = [11.0 / 23, 9.0 / 19, 14.0 / 15]
    try folder.write(guide.data, to: "t2.nii")
    let run = try upsample("-q --scale 2 --guide t2.nii", folder)
    #expect(run.status == 0, "\(run)")
    let sources = try folder.json("o.json")["Sources"] as? [String]
    #expect(sources == ["in.nii", "t2.nii"])
    let aligned = SampleVolume.read(try folder.read("o.nii")).voxels
    guide.spacing = [0.5, 0.5, 1]
    try folder.write(guide.data, to: "t2.nii")
    let elsewhere = try upsample("-q --scale 2 --guide t2.nii", folder)
    #expect(elsewhere.status == 65, "\(elsewhere)")
    #expect(elsewhere.error.contains("--guide-resample"), "\(elsewhere)")
    let resampled = try upsample("-q --scale 2 --guide t2.nii --guide-resample", folder)
    #expect(resampled.status == 0, "\(resampled)")
    #expect(SampleVolume.read(try folder.read("o.nii")).voxels != aligned)
  }

  @Test func pixelShuffleHasOneScale() throws {
    let folder = try folder(.shuffle(factor: 3))
    let run = try upsample("-q", folder)
    #expect(run.status == 0, "\(run)")
    let made = SampleVolume.read(try folder.read("o.nii"))
    #expect(made.size == [36, 30, 24, 1])
    #expect(abs(made.spacing[2] - 2.0 / 3) < 1e-6)
    for wish in ["--scale 2", "--isotropic", "--spacing 0.5", "--size 24,20,16"] {
      let other = try upsample("-q \(wish)", folder)
      let option = wish.prefix { $0 != " " }
      #expect(other.status == 64 && other.error.contains("use --scale 3"), "\(other)")
      #expect(other.errorLines.first?.contains("\(option): ") == true, "\(other)")
    }
    for option in ["--self-ensemble", "--uncertainty"] {
      let file = option == "--uncertainty" ? " sd.nii" : ""
      let mirrored = try upsample("-q \(option)\(file)", folder)
      #expect(mirrored.status == 64, "\(mirrored)")
      #expect(mirrored.errorLines.first?.contains("\(option): ") == true, "\(mirrored)")
    }
    // The field of view of the input, which is not that of the result.
    var grid = SampleVolume()
    (grid.size, grid.spacing) = ([36, 30, 24], [1.0 / 3, 1.0 / 3, 2.0 / 3])
    (0..<3).forEach { grid.origin[$0] -= (SampleVolume().spacing[$0] - grid.spacing[$0]) / 2 }
    try folder.write(grid.data, to: "grid.nii")
    let like = try upsample("-q --like grid.nii", folder)
    #expect(like.error.contains("whose first voxel is the input's"), "\(like)")
  }

  @Test func whatBecomesOfTheFieldOfViewIsSaid() throws {
    // Voxels of 1, 1, 2 mm; the first keeps its centre and loses two thirds of its width.
    let shuffled = try upsample("--dry-run", folder(.shuffle(factor: 3)))
    #expect(
      shuffled.output.contains("field of view moved by 0.333,0.333,0.667 mm"), "\(shuffled)")
    // 12 voxels become 24 of 11/23 mm between the same centres.
    let chained = try upsample("--scale 2,1,1 --dry-run", folder(.chain()))
    #expect(
      chained.output.contains("near edges moved by 0.261,0,0 mm, far ones by -0.261,0,0 mm"),
      "\(chained)")
  }

  @Test func theOnlyScaleIsThatOfTheCard() throws {
    let folder = try folder(.shuffle(factor: 3))
    let info = try Program.run("models info m.safetensors", in: folder)
    #expect(info.output.contains("\nscales") && !info.output.contains("any"), "\(info)")
    let json = try Program.run("models info --format json m.safetensors", in: folder)
    let scales = try JSONText.object(json.outputBytes)["scales"] as? [String: Any]
    #expect(scales?["min"] as? Double == 3 && scales?["max"] as? Double == 3, "\(json)")
    let list = try Program.run(
      ["models", "list", "--format", "json"], in: folder,
      environment: ["ARSSR_MODEL_PATH": folder.path(".")])
    let models = try JSONText.object(list.outputBytes)["models"] as? [[String: Any]] ?? []
    let model = try #require(models.first { $0["kind"] as? String == "espcn3d" }, "\(list)")
    #expect((model["scales"] as? [String: Any])?["max"] as? Double == 3, "\(list)")
  }

  @Test func tilesOfThePublishedProgramAreForComparison() throws {
    let folder = try folder(.shuffle(factor: 3))
    #expect(try upsample("-q", folder).status == 0)
    let whole = SampleVolume.read(try folder.read("o.nii"))
    let run = try upsample("--tile-compat 4 --threads 1", folder)
    #expect(run.status == 0 && run.error.contains("seams"), "\(run)")
    let options = try #require(try details(folder)["Options"] as? [String: Any])
    #expect(options["tile-compat"] as? String == "4", "\(options)")
    let tiles = SampleVolume.read(try folder.read("o.nii"))
    #expect(tiles.size == whole.size && tiles.spacing == whole.spacing)
    let differing = zip(tiles.voxels, whole.voxels).count { $0 != $1 }
    #expect(differing > whole.voxels.count / 4)
    let bytes = try folder.read("o.nii")
    #expect(try upsample("-q --tile-compat 4 --threads 2", folder).status == 0)
    #expect(try folder.read("o.nii") == bytes)
    for words in ["0", "4.5"] {
      #expect(try upsample("-q --tile-compat \(words)", folder).status == 64)
    }
  }

  @Test func whatHasNoMeaningForAModelIsRefused() throws {
    let folder = try folder(.chain())
    for options in [
      "--psf 1", "--tile 96", "--tile-compat 16", "--precision bfloat16", "--guide in.nii",
    ] {
      let run = try upsample("-q --scale 2 \(options)", folder)
      #expect(run.status == 64, "\(run)")
      #expect(run.errorLines.count == 2, "\(run)")
    }
    var dark = SampleVolume()
    dark.value = { _, _, _, _ in -1 }
    try folder.write(dark.data, to: "in.nii")
    let run = try upsample("-q --scale 2", folder)
    #expect(run.status == 65 && run.error.contains("largest intensity"), "\(run)")
    #expect(try upsample("-q --scale 2 --normalisation scale:10", folder).status == 0)
  }
}
