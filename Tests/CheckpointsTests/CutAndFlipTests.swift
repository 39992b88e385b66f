import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// Every prefix and every flipped bit of sound files: a checkpoint or a typed error, never a trap.
@Suite("Cut and flipped checkpoints")
struct CutAndFlipTests {
  static let files = [
    "plain.safetensors", "meta.safetensors", "types.safetensors", "unaligned.safetensors",
    "zip-tensor-only.pt", "zip-views.pt", "zip-inert.pt", "zip-proto4.pt", "zip-parameters.pt",
    "legacy-statedict.pth", "legacy-views.pth", "pickle-numpy.pkl",
  ]

  private static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: Golden.folder("checkpoint-formats").appendingPathComponent(name)))
  }

  /// The tensors by name, or nil where the bytes are refused; anything else than a
  /// ``CheckpointError`` ends the test run.
  private static func tensors(_ bytes: UnsafeRawBufferPointer, _ name: String) -> [Tensor]? {
    do throws(CheckpointError) {
      return try Checkpoint.load(bytes, path: name).tensors
    } catch {
      #expect(!error.message.isEmpty)
      return nil
    }
  }

  @Test(arguments: files)
  func everyPrefixIsRefused(file: String) throws {
    let bytes = try Self.bytes(file)
    bytes.withUnsafeBytes { raw in
      for length in 0..<raw.count {
        let prefix = UnsafeRawBufferPointer(rebasing: raw[..<length])
        if Self.tensors(prefix, file) != nil { Issue.record("\(file) cut to \(length)") }
      }
    }
  }

  @Test(arguments: files)
  func everyFlippedBitIsSurvived(file: String) throws {
    var bytes = try Self.bytes(file)
    let sound = bytes.withUnsafeBytes { Self.tensors($0, file) }
    // The CRC-32 of every entry used is compared, so a zip gives the same weights or none.
    let isProtected = file.hasPrefix("zip-")
    for position in bytes.indices {
      for bit in 0..<8 {
        bytes[position] ^= 1 << bit
        if let tensors = bytes.withUnsafeBytes({ Self.tensors($0, file) }), isProtected,
          tensors != sound
        {
          Issue.record("\(file): bit \(bit) of byte \(position) changes the weights unnoticed")
        }
        bytes[position] ^= 1 << bit
      }
    }
  }

  @Test func checksumIsThatOfZip() {
    let bytes = Array("123456789".utf8)
    #expect(bytes.withUnsafeBytes { CRC32.checksum(of: $0) } == 0xCBF4_3926)
  }
}
