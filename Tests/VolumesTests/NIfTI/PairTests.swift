import Files
import Foundation
import TestSupport
import Testing

@testable import Volumes

@Suite struct PairTests {
  private func pair() throws -> (header: [UInt8], image: [UInt8], voxels: [Float]) {
    let golden = try #require(GoldenVolume.all.first { $0.file == "pair-int16-le.hdr" })
    let image = golden.path.replacingOccurrences(of: ".hdr", with: ".img")
    return (
      try golden.bytes, try [UInt8](Data(contentsOf: URL(fileURLWithPath: image))),
      try VolumeReader(path: golden.path).readFrame(0, nonFinite: .refuse).voxels
    )
  }

  private func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let output = try AtomicOutputFile(path: folder.file("a"), force: false)
    let writer = try GzipWriter(output: output, level: 6, pool: nil)
    try bytes.withUnsafeBytes { try writer.write($0) }
    try writer.finish()
    try output.commit()
    return try #require(folder.bytes("a"))
  }

  @Test(arguments: [
    ("a.hdr", "a.img"), ("a.hdr.gz", "a.img"), ("a.hdr", "a.img.gz"), ("a.hdr.gz", "a.img.gz"),
    ("A.HDR", "A.IMG"), ("b.nii.hdr", "b.nii.img"),
  ])
  func eitherNameOpensThePair(header: String, image: String) throws {
    let pair = try pair()
    let folder = try TemporaryFolder()
    try folder.write(header, header.hasSuffix(".gz") ? try gzipped(pair.header) : pair.header)
    try folder.write(image, image.hasSuffix(".gz") ? try gzipped(pair.image) : pair.image)
    for name in [header, image] {
      let reader = try VolumeReader(path: folder.file(name))
      #expect(try reader.readFrame(0, nonFinite: .refuse).voxels == pair.voxels)
      try reader.finish()
      #expect(reader.notices == [])
      let bytes = [header, image].compactMap { folder.bytes($0)?.count }.reduce(0, +)
      #expect(reader.fileBytes == bytes)
    }
  }

  @Test func theMissingHalfIsNamed() throws {
    let pair = try pair()
    let folder = try TemporaryFolder()
    try folder.write("a.hdr", pair.header)
    try folder.write("b.img", pair.image)
    for (name, missing) in [("a.hdr", "a.img"), ("b.img", "b.hdr")] {
      let error = #expect(throws: VolumeError.self) { try VolumeReader(path: folder.file(name)) }
      #expect(error?.cause == .partnerMissing(expected: folder.file(missing)))
      #expect(error?.message.contains(missing) == true)
    }
    let error = #expect(throws: VolumeError.self) { try VolumeReader(path: folder.file("c.img")) }
    #expect(error?.cause == .file(.missing(path: folder.file("c.img"))))
  }

  @Test func aPairCannotComeFromAStream() throws {
    let bytes = try pair().header
    let error = #expect(throws: VolumeError.self) {
      try VolumeReader(source: MemorySource(path: "-", bytes: bytes))
    }
    #expect(error?.cause == .magicOfPair(inHeaderFile: false))
  }
}
