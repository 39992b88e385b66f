import Files
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// The k-th operation of the system goes wrong, for k = 1, 2 and so on until none is left.
@Suite struct FailureInjectionTests {
  /// Bytes whose k-th read fails, or gives nothing, as at the end of a file that was shortened.
  private final class FailingSource: ByteSource {
    let path = "a.nii"
    private let bytes: MemorySource
    private let isShortened: Bool
    private(set) var remaining: Int

    init(_ bytes: [UInt8], failingRead: Int, isShortened: Bool) {
      self.bytes = MemorySource(path: path, bytes: bytes)
      self.isShortened = isShortened
      remaining = failingRead
    }

    var size: Int { bytes.size }

    func read(
      at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(FileError) -> Int {
      remaining -= 1
      if remaining <= 0 {
        if isShortened { return 0 }
        if remaining == 0 { throw .readFailed(path: path, errorNumber: EIO) }
      }
      return try bytes.read(at: offset, into: buffer)
    }
  }

  @Test(arguments: ["dim-4d.nii", "dim-4d-be.nii.gz", "ext-three.nii.gz", "n2-float64-be.nii"])
  func everyReadMayFail(file: String) throws {
    let golden = try #require(GoldenVolume.all.first { $0.file == file })
    for isShortened in [false, true] {
      for failing in 1...1000 {
        let source = FailingSource(
          try golden.bytes, failingRead: failing, isShortened: isShortened)
        do throws(VolumeError) {
          let reader = try VolumeReader(source: source)
          for frame in 0..<reader.header.frames {
            _ = try reader.readFrame(frame, nonFinite: .refuse)
          }
          try reader.finish()
          #expect(source.remaining >= (isShortened ? 0 : 1), "read \(failing) was not noticed")
          break
        } catch {
          let codes =
            isShortened ? ["volume.truncated", "gzip.truncated", "volume.format"] : ["input.io"]
          #expect(codes.contains(error.code), "\(error.code) at read \(failing)")
        }
      }
    }
  }

  // The limit concerns the whole process, so this runs in one of its own.
  @Test func everyWriteMayFail() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let folder = try TemporaryFolder()
      let grid = Grid(size: SIMD3(40, 30, 20), affine: .identity)
      let voxels = (0..<grid.voxelCount).map { Float($0 % 977) }
      for name in ["a.nii", "a.nii.gz"] {
        var written = 0
        for limit in [0, 100, 352, 353, 5000, 20000, 95999, 1 << 20] {
          var size = rlimit(rlim_cur: rlim_t(limit), rlim_max: .max)
          setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &size)
          do throws(VolumeError) {
            let writer = try VolumeWriter(
              path: folder.file(name), header: NIfTIHeader(grid: grid), pool: nil, force: true)
            for start in stride(from: 0, to: voxels.count, by: 1000) {
              try writer.append(Array(voxels[start..<(start + 1000)]))
            }
            try writer.commit()
            written += 1
            #expect(folder.entries == [name])
            unlink(folder.file(name))
          } catch {
            #expect(error.code == "output.space")
            #expect(folder.entries == [])
          }
        }
        #expect(written >= 1)
      }
    }
  }
}
