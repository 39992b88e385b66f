import Foundation
import Testing

/// The peak that a dry run predicts, against that of the whole process: never below it, and at most a
/// tenth above.
@Suite struct MemoryTests {
  @Test(arguments: [
    ("in.nii", "o.nii --threads 1"), ("in.nii", "o.nii.gz --threads 1"),
    ("in.nii", "o.nii.gz"), ("in.nii", "o.nii.gz --method cubic"), ("in.nii", "o.nii --exact"),
    ("large.nii", "o.nii --threads 1"), ("large.nii", "o.nii.gz"),
    ("large.nii", "o.nii.gz --exact"), ("large.nii", "o.nii.gz --precision bfloat16"),
    ("large.nii", "o.nii.gz --datatype int16"),
    ("large.nii", "o.nii.gz --method linear"), ("large.nii", "o.nii.gz --scale 1.5"),
    ("large.nii", "o.nii.gz --max-memory 88%"), ("masked.nii", "o.nii.gz"),
  ])
  func predictedPeakIsThatOfTheProcess(input: String, rest: String) throws {
    let folder = try Scratch.withVolume()
    var volume = SampleVolume()
    // Noise, which no gzip makes smaller.
    volume.value = { i, j, k, _ in
      var bits = UInt32(truncatingIfNeeded: (k * 256 + j) * 256 + i) &* 0x9E37_79B9
      bits = (bits ^ (bits >> 15)) &* 0x846C_A68B
      return Float((bits ^ (bits >> 16)) >> 8) * 0x1p-24
    }
    let noise = volume.value
    volume.size = [64, 64, 64]
    try folder.write(volume.data, to: "large.nii")
    volume.size = [72, 72, 72]
    volume.value = { i, j, k, _ in
      let distance = [i, j, k].reduce(0) { $0 + ($1 - 36) * ($1 - 36) }
      return distance < 30 * 30 ? 1 + noise(i, j, k, 0) : 0
    }
    try folder.write(volume.data, to: "masked.nii")
    let command = "upsample --format json \(input) \(rest)"
    var limited = command
    if rest.contains("%") {
      let whole = try peak(command.replacing(" --max-memory 88%", with: "") + " -n", in: folder)
      limited = command.replacing("88%", with: "\(whole * 88 / 100)")
    }
    let planned = try peak(limited + " -n", in: folder)
    let measured = try peak(limited, in: folder)
    #expect(measured <= planned, "\(limited): \(measured >> 10) KiB of \(planned >> 10)")
    #expect(planned <= measured * 11 / 10, "\(limited): \(measured >> 10) KiB of \(planned >> 10)")
  }

  private func peak(_ line: String, in folder: Scratch) throws -> Int {
    let run = try Program.run(line, in: folder)
    #expect(run.status == 0, "\(run)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let item = (object?["items"] as? [[String: Any]])?.first
    let memory = item?["memory"] as? [String: Any] ?? item
    return try #require(memory?["peakBytes"] as? Int, "\(run)")
  }
}
