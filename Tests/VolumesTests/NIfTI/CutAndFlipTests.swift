import Files
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Damage in every place: the outcome is a volume or a typed error, never a trap, and a volume that
/// is accepted survives writing and reading.
@Suite struct CutAndFlipTests {
  static let singles = GoldenVolume.all.filter { !$0.file.contains(".hdr") && !$0.isRefusedByRank }
  static let pairs = GoldenVolume.all.filter { $0.file.contains(".hdr") }

  @Test(arguments: singles)
  func everyPrefixThatLacksVoxelsIsRefused(golden: GoldenVolume) throws {
    let bytes = try golden.bytes
    let header = try InMemoryVolume.read(bytes).header
    let isCompressed = golden.file.hasSuffix(".gz")
    let needed = isCompressed ? bytes.count : golden.voxOffset + header.voxelBytes
    for length in 0..<min(bytes.count, 4000) {
      let accepted = (try? InMemoryVolume.read(Array(bytes.prefix(length)))) != nil
      // Zeros behind the last member, and members behind the voxels, may go.
      if !isCompressed { #expect(accepted == (length >= needed), "\(length) bytes") }
    }
  }

  @Test(arguments: singles.filter { $0.file.hasSuffix(".gz") })
  func anyFlippedBitOfACompressedFileIsRefusedOrChangesNothing(golden: GoldenVolume) throws {
    var bytes = try golden.bytes
    let whole = try InMemoryVolume.read(bytes)
    for place in 0..<min(bytes.count, 1500) {
      for bit in 0..<8 {
        bytes[place] ^= 1 << UInt8(bit)
        if let damaged = try? InMemoryVolume.read(bytes) {
          #expect(damaged.voxels == whole.voxels, "byte \(place), bit \(bit)")
        }
        bytes[place] ^= 1 << UInt8(bit)
      }
    }
  }

  @Test(arguments: singles.filter { !$0.file.hasSuffix(".gz") })
  func anyFlippedBitOfAHeaderIsReadOrRefused(golden: GoldenVolume) throws {
    var bytes = try golden.bytes
    for place in 0..<min(bytes.count, golden.voxOffset) {
      for bit in 0..<8 {
        bytes[place] ^= 1 << UInt8(bit)
        if let read = try? InMemoryVolume.read(bytes) { expectSurvival(of: read) }
        bytes[place] ^= 1 << UInt8(bit)
      }
    }
  }

  @Test(arguments: pairs)
  func anyDamageToAPairIsReadOrRefused(golden: GoldenVolume) throws {
    var header = try golden.bytes
    let imagePath = golden.path.replacingOccurrences(of: ".hdr", with: ".img")
    let image = try [UInt8](Data(contentsOf: URL(fileURLWithPath: imagePath)))
    for length in 0..<header.count {
      _ = try? InMemoryVolume.read(Array(header.prefix(length)), image: image)
    }
    for length in 0..<image.count {
      // Every byte of these images is needed.
      #expect(throws: VolumeError.self) {
        try InMemoryVolume.read(header, image: Array(image.prefix(length)))
      }
    }
    for place in header.indices {
      for bit in 0..<8 {
        header[place] ^= 1 << UInt8(bit)
        if let read = try? InMemoryVolume.read(header, image: image) { expectSurvival(of: read) }
        header[place] ^= 1 << UInt8(bit)
      }
    }
  }

  private func expectSurvival(of read: InMemoryVolume.Content) {
    let output = InMemoryVolume.Content(
      header: read.header.output(
        grid: read.header.grid, frames: read.header.frames, description: []),
      voxels: read.voxels)
    let again = try? InMemoryVolume.read(InMemoryVolume.bytes(output))
    #expect(again?.voxels == read.voxels)
    #expect(again?.header.extensions.count == read.header.extensions.count)
  }
}
