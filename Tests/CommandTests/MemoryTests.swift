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

  /// A mask finer than the input is read in pieces, a byte per voxel.
  @Test func aFineMaskStaysWithinThePlan() throws {
    let folder = try Scratch()
    try folder.write(Self.volume(side: 40, spacing: 1, type: 16, bits: 32, byte: 0), to: "in.nii")
    try folder.write(
      Self.volume(side: 200, spacing: 0.2, type: 2, bits: 8, byte: 1), to: "mask.nii")
    let command =
      "upsample --format json --method linear --threads 1 --mask mask.nii in.nii o.nii"
    let planned = try peak(command + " -n", in: folder)
    let measured = try peak(command, in: folder)
    #expect(measured <= planned, "\(measured >> 10) KiB of \(planned >> 10)")
  }

  /// Standard input stays in memory.
  @Test func aStreamStaysWithinThePlan() throws {
    let folder = try Scratch()
    let data = Self.volume(side: 120, spacing: 1, type: 1024, bits: 64, byte: 0)
    let command = "upsample --format json --method linear --scale 1 --threads 1 - o.nii"
    let planned = try peak(command + " -n", in: folder, input: data)
    let measured = try peak(command, in: folder, input: data)
    #expect(measured <= planned, "\(measured >> 10) KiB of \(planned >> 10)")
  }

  /// A cube whose voxels are bytes of one value; its outer corner lies at -0.5 mm along each axis.
  private static func volume(
    side: Int, spacing: Float, type: Int16, bits: Int16, byte: UInt8
  ) -> Data {
    var voxel = SampleVolume()
    (voxel.size, voxel.spacing) = ([1, 1, 1], [spacing, spacing, spacing])
    voxel.origin = [Float](repeating: (spacing - 1) / 2, count: 3)
    var bytes = Array(voxel.data.prefix(352))
    let fields = [(42, Int16(side)), (44, Int16(side)), (46, Int16(side)), (70, type), (72, bits)]
    for (offset, value) in fields {
      withUnsafeBytes(of: value.littleEndian) {
        bytes.replaceSubrange(offset..<(offset + 2), with: $0)
      }
    }
    return Data(bytes) + Data(repeating: byte, count: side * side * side * Int(bits) / 8)
  }

  private func peak(_ line: String, in folder: Scratch, input: Data? = nil) throws -> Int {
    let run = try Program.run(line, in: folder, input: input)
    #expect(run.status == 0, "\(run)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let item = (object?["items"] as? [[String: Any]])?.first
    let memory = item?["memory"] as? [String: Any] ?? item
    return try #require(memory?["peakBytes"] as? Int, "\(run)")
  }
}
