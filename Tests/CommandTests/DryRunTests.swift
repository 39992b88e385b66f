import Foundation
import Testing

/// `--dry-run` says what would happen, writes nothing, and refuses what the run would refuse.
@Suite struct DryRunTests {
  @Test func aPlanNamesGridMemoryWorkAndFiles() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run(
      "upsample --dry-run --scale 2.5 --max-memory 4G in.nii out.nii.gz", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.error.isEmpty)
    for part in [
      "input     in.nii   12 x 10 x 8   1 x 1 x 2 mm   RAS   float32",
      "output    out.nii.gz   30 x 25 x 20   0.4 x 0.4 x 0.8 mm   RAS   float32",
      "scale asked 2.5;", "i to right, j to anterior, k to superior",
      "field of view kept",
      "model     brain-t1w   arssr/SRResnet, ",
      "of 4.0 GiB", "halo 27", "multiply-adds   estimated", "0.2 s measurement",
      "would     write out.nii.gz, out.json",
    ] {
      #expect(run.output.contains(part), "\(part)\n\(run)")
    }
    #expect(folder.names == ["in.nii"])
  }

  @Test func axesThatAreCutToWholeVoxelsAreShown() throws {
    var volume = SampleVolume()
    volume.size = [12, 10, 7]
    let folder = try Scratch.withVolume(volume)
    let run = try Program.run("upsample -n --method linear --scale 1.5 in.nii o.nii", in: folder)
    // 7 x 1.5 is 10.5: ten voxels cover the 14 mm, 1.4 mm each.
    #expect(run.output.contains("18 x 15 x 10"))
    #expect(run.output.contains("0.666667 x 0.666667 x 1.4 mm"), "\(run)")
    #expect(run.output.contains("scale used 1.5,1.5,1.42857"), "\(run)")
  }

  /// 12, 10 and 16 mm are 17, 14 and 23 voxels of 0.7 mm, which make 11.9, 9.8 and 16.1 mm.
  @Test func aSpacingThatDoesNotDivideTheFieldOfViewSaysWhatMoves() throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run("upsample -n --method linear --spacing 0.7 in.nii o.nii", in: folder)
    #expect(run.output.contains("12 x 10 x 8 -> 17 x 14 x 23"), "\(run)")
    #expect(run.output.contains("far edges moved by -0.1,-0.2,0.1 mm"), "\(run)")
    let kept = try Program.run("upsample -n --method linear --isotropic in.nii o.nii", in: folder)
    #expect(kept.output.contains("field of view kept"), "\(kept)")
  }

  @Test func anOutputThatExistsIsToldAndNotTouched() throws {
    let folder = try Scratch.withVolume()
    try folder.write("old", to: "old.nii")
    let run = try Program.run("upsample -n --method linear in.nii old.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(
      run.output.contains("warning   old.nii: exists; the run will need --force to replace it"),
      "\(run)")
    #expect(try folder.read("old.nii") == Data("old".utf8))
    let forced = try Program.run("upsample -n -f --method linear in.nii old.nii", in: folder)
    #expect(!forced.output.contains("warning"), "\(forced)")
  }

  /// A block of 6 voxels in 24 x 24 x 24: cells within 2 voxels of it are kept, 6 + 1 + 2 * 2 of 24
  /// along each axis, and at scale 2 as large a share of the voxels of the result, about.
  @Test func estimatesKnowTheBackground() throws {
    var volume = SampleVolume()
    volume.size = [24, 24, 24]
    volume.value = { i, j, k, _ in
      [i, j, k].allSatisfy { (9..<15).contains($0) } ? Float(1 + i + j * k) : 0
    }
    let folder = try Scratch.withVolume(volume)
    func operations(_ options: String) throws -> (encode: Int, decode: Int) {
      let run = try Program.run("upsample -n --format json in.nii o.nii \(options)", in: folder)
      let plan = try JSONText.object(run.outputBytes)
      #expect(try JSONSchema("arssr.plan/1").violations(plan) == [])
      let item = try #require((plan["items"] as? [[String: Any]])?.first)
      let counts = try #require(item["operations"] as? [String: Int])
      #expect((item["background"] is NSNull) == options.contains("compute"))
      return (try #require(counts["encode"]), try #require(counts["decode"]))
    }
    let all = try operations("--background compute")
    let kept = try operations("")
    #expect(kept.encode < all.encode)
    let share = Double(kept.decode) / Double(all.decode)
    let cells = 11.0 / 24
    #expect(abs(share - cells * cells * cells) < 0.02, "\(share)")
    let text = try Program.run("upsample -n in.nii o.nii", in: folder)
    // 13,608 of 13,824 voxels are 0.
    #expect(text.output.contains("background 0 is 98 % of the voxels and kept"), "\(text)")
  }

  @Test func aDryRunFailsAsTheRunWould() throws {
    let folder = try Scratch.withVolume()
    var volume = SampleVolume()
    volume.size = [40, 40, 40]
    try folder.write(volume.data, to: "big.nii")
    try folder.write("text", to: "text.nii")
    let names = folder.names
    for (line, status) in [
      ("upsample -n --method linear in.nii none/o.nii", 73),
      ("upsample -n --method linear text.nii o.nii", 65),
      ("upsample -n --method linear missing.nii o.nii", 66),
      ("upsample -n --max-memory 8M in.nii o.nii", 69),
      ("upsample -n --method linear --max-memory 8M in.nii o.nii", 69),
      ("upsample -n --model no in.nii o.nii", 66),
      // 233 TiB.
      ("upsample -n --method linear --scale 1000 big.nii o.nii", 74),
      ("upsample --method linear --scale 1000 big.nii o.nii", 74),
      ("upsample -n --model srrecnn3d-10l --scale 1000 big.nii o.nii", 69),
    ] {
      let run = try Program.run(line, in: folder)
      #expect(run.status == status, "\(run)")
      #expect(run.errorLines.count == 1, "\(run)")
    }
    #expect(folder.names == names)
  }
}
