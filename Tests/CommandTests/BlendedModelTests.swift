import Foundation
import Testing

/// Models whose weights depend on voxel size and blur of the input.
@Suite struct BlendedModelTests {
  private static let words = SmallTraining.small.replacing(
    "--scales 1.5..2", with: "--scales 1.5..4")

  /// A folder with the model `m/best.safetensors`, trained for some steps at a rate at which they tell.
  private func folder(_ options: String = "", steps: Int = 40) throws -> Scratch {
    let folder = try SmallTraining.folder()
    try Program.run(
      "\(Self.words) --weights blended --learning-rate 0.005 --steps \(steps) --output m \(options)",
      in: folder, endsWith: 0)
    for edge in [1, 2, 4] {
      var volume = SmallTraining.volume(0, 16)
      volume.spacing = [Float](repeating: Float(edge), count: 3)
      try folder.write(volume.data, to: "in\(edge).nii")
    }
    return folder
  }

  private func voxels(_ options: String, _ input: String, _ folder: Scratch) throws -> [Float] {
    try Program.run(
      "upsample --force -m m/best.safetensors \(options) \(input) o.nii", in: folder,
      endsWith: 0)
    return SampleVolume.read(try folder.read("o.nii")).voxels
  }

  @Test func voxelSizeAndBlurDecideTheWeights() throws {
    let folder = try folder()
    let results = try ["in1.nii", "in2.nii", "in4.nii"].map { try voxels("", $0, folder) }
    // The smallest voxels that it was trained on are 2 mm; below them their weights hold.
    #expect(results[0] == results[1])
    #expect(results[1] != results[2])
    for options in ["--threads 1", "--tile 7", "--max-memory 64M"] {
      #expect(try voxels(options, "in4.nii", folder) == results[2], "\(options)")
    }
    let ensemble = try voxels("--self-ensemble", "in4.nii", folder)
    #expect(ensemble != results[2])
    #expect(try voxels("--self-ensemble --threads 1", "in4.nii", folder) == ensemble)
  }

  /// Volumes of a set get the weights of each.
  @Test func everyVolumeOfASetHasItsOwn() throws {
    let folder = try folder()
    for edge in [1, 2, 4] {
      try folder.write(try folder.read("in\(edge).nii"), to: "s/\(edge).nii")
    }
    try Program.run("upsample -m m/best.safetensors --jobs 2 s sr", in: folder, endsWith: 0)
    for edge in [1, 2, 4] {
      let together = SampleVolume.read(try folder.read("sr/\(edge)_sr.nii")).voxels
      #expect(try voxels("", "in\(edge).nii", folder) == together)
    }
  }

  @Test func modelsInfoNamesTheSets() throws {
    let folder = try folder()
    let text = try Program.run("models info m/best.safetensors", in: folder)
    #expect(
      text.output.contains("weights blended of 5 sets for voxels of 2, 4 mm and blurs of 0, 1"),
      "\(text)")
    let run = try Program.run("models info m/best.safetensors --format json", in: folder)
    let report = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.model/1").violations(report) == [])
    let blend = (report["variants"] as? [String: Any])?["blend"] as? [String: Any]
    #expect(blend?["spacings"] as? [Double] == [2, 4])
    #expect(blend?["sets"] as? Int == 5)
    #expect(try Program.run("models verify m/best.safetensors", in: folder).status == 0)
  }

  @Test func aBlendedTrainingResumesToTheSameBytes() throws {
    let folder = try folder(steps: 20)
    try Program.run(
      "\(Self.words) --weights blended --learning-rate 0.005 --steps 20 --time-limit 0.001 --output r",
      in: folder, endsWith: 0)
    try Program.run("train --resume --threads 1 --output r", in: folder, endsWith: 0)
    #expect(try folder.isSame("m/best.safetensors", "r/best.safetensors"))
    // A model of it goes on with its sets, or as one network without them.
    for (options, isBlended) in [("", true), ("--weights one", false)] {
      try Program.run(
        "train --data d --validation-share 0.4 --init m/best.safetensors --patch 8 --samples 216 "
          + "--steps 2 --force --output i \(options)", in: folder, endsWith: 0)
      let run = try Program.run("models info i/best.safetensors", in: folder)
      #expect(run.output.contains("weights blended") == isBlended, "\(options)\n\(run)")
    }
  }
}
