import Files
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// The corpus of malformed volumes: every file has one outcome, which its manifest states.
@Suite struct FaultyVolumeTests {
  static let cases = FaultCase.group("nifti") + FaultCase.group("gzip")

  @Test func corpusIsComplete() {
    #expect(Self.cases.count == 145)
  }

  @Test(arguments: cases)
  func outcomeIsTheStatedOne(fault: FaultCase) {
    do throws(VolumeError) {
      let reader = try VolumeReader(path: path(of: fault))
      for frame in 0..<reader.header.frames {
        _ = try reader.readFrame(frame, nonFinite: .refuse)
      }
      try reader.finish()
      #expect(fault.exit == 0, "accepted")
      #expect(reader.notices.contains { $0.code == fault.code })
      let warnings = reader.notices.map(\.message).joined(separator: "; ")
      #expect(fault.unmet(by: warnings) == [])
      #expect(reader.notices.allSatisfy { $0.subject != nil })
    } catch {
      #expect(error.code == code(of: fault), "\(error.message)")
      #expect(status(of: error.code) == fault.exit)
      #expect(fault.unmet(by: error.message) == [])
    }
  }

  @Test func nonFiniteMessageNamesCountAndFirstVoxel() throws {
    let fault = try #require(Self.cases.first { $0.file == "nifti/val-nan-one.nii" })
    #expect { try VolumeReader(path: path(of: fault)).readFrame(0, nonFinite: .refuse) } throws: {
      ($0 as? VolumeError)?.message
        == "1 of 120 voxels are NaN, infinite or beyond 1e36, the first at (3, 4, 1) is NaN"
    }
  }

  private func path(of fault: FaultCase) -> String {
    Faults.folder.appendingPathComponent(fault.file).path
  }

  // The file that should hold a match before the start of the data holds a valid one, and only its
  // checksum is wrong; the stated words allow that. ``GzipTests`` has the real fault.
  private func code(of fault: FaultCase) -> String {
    fault.file == "gzip/far-back.nii.gz" ? "gzip.checksum" : fault.code
  }

  private func status(of code: String) -> Int { code == "input.missing" ? 66 : 65 }
}
