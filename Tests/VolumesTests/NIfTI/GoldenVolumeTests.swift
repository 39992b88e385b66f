import Files
import Foundation
import TestSupport
import Testing

@testable import Volumes

@Suite struct GoldenVolumeTests {
  @Test func manifestHoldsAllVolumes() {
    #expect(GoldenVolume.all.count == 219)
  }

  /// SHA-256 of all values as little-endian float64: Double(slope) * stored, then + intercept.
  @Test(arguments: GoldenVolume.all.filter { !$0.isRefusedByRank })
  func valuesAreExact(golden: GoldenVolume) throws {
    let opened = try OpenedVolume.open(path: golden.path, standardInputLimit: 0)
    let stored = try opened.stream.read(count: opened.header.voxelBytes)
    let decoder = VoxelDecoder(
      type: opened.header.voxelType, order: opened.header.byteOrder,
      scaling: opened.header.scaling)
    var values = [Double](
      repeating: 0, count: opened.header.voxelsPerFrame * opened.header.frames)
    stored.withUnsafeBytes { stored in
      values.withUnsafeMutableBufferPointer { decoder.decode(stored, into: $0) }
    }
    let digest = values.withUnsafeBytes { SHA256Digest(of: $0) }
    #expect(digest.hexadecimal == golden.valuesSHA256)
    #expect(opened.offset == golden.voxOffset)

    if golden.nonFiniteCount == 0 {
      let reader = try VolumeReader(path: golden.path)
      // Some hold a quarter of the largest float32, which is read exactly but not worked with.
      let areUsable = values.allSatisfy { isUsable(Float($0)) }
      var voxels: [Float] = []
      for frame in 0..<reader.header.frames {
        voxels += try reader.readFrame(frame, nonFinite: areUsable ? .refuse : .keep).voxels
      }
      try reader.finish()
      #expect(voxels == values.map(Float.init))
    }
  }

  @Test(arguments: GoldenVolume.all.filter { !$0.isRefusedByRank })
  func headerIsAsNibabelReadsIt(golden: GoldenVolume) throws {
    let header = try VolumeReader(path: golden.path).header
    let size = header.grid.size
    var shape = [size.x, size.y, size.z]
    if header.frames > 1 { shape.append(header.frames) }
    #expect(shape == Array(golden.shape.prefix(shape.count)))
    #expect(golden.shape.dropFirst(shape.count).allSatisfy { $0 == 1 })
    #expect(header.voxelType.name == golden.dtype)
    #expect(
      (header.byteOrder == .big) == (golden.byteorder == "big") || golden.dtype.hasSuffix("8"))
    #expect(header.version.rawValue == golden.version)
    #expect(header.scaling?.slope ?? 1 == golden.slope)
    #expect(header.scaling?.intercept ?? 0 == golden.inter)
    #expect(header.grid.sform?.code ?? 0 == golden.sformCode)
    #expect(header.grid.qform?.code ?? 0 == golden.qformCode)
    if let sform = golden.sform { #expect(header.grid.sform.map { rows($0.affine) } == sform) }
    if let qform = golden.qform, let own = header.grid.qform {
      #expect(distance(rows(own.affine), qform) <= 1e-12 * 1e3)
    }
    // Without a form nibabel flips x and centres; the rule here is diag(pixdim).
    if golden.file != "aff-none.nii", golden.sformCode > 0 || golden.qformCode > 0 {
      #expect(distance(rows(header.grid.affine), golden.affine) <= 1e-12 * 1e6)
      #expect(header.grid.orientation == golden.axcodes)
    } else {
      #expect(header.grid.affine == Affine(diagonal: header.grid.spacing))
    }
    if header.frames > 1 { #expect(header.frameSpacing == golden.zooms[3]) }
    #expect(header.units == golden.xyztUnits)
    #expect(header.intent.code == golden.intentCode)
    #expect(header.displayRange.minimum == golden.calMin)
    #expect(header.displayRange.maximum == golden.calMax)
    #expect(Hexadecimal.text(header.descriptionText) == golden.descripHex)
    let extensions = header.extensions.map { block in
      // nibabel gives the length without the padding.
      [Int(block.code), (block.content.lastIndex { $0 != 0 } ?? -1) + 1]
    }
    #expect(extensions == golden.extensions)
  }

  @Test(arguments: GoldenVolume.all.filter(\.isRefusedByRank))
  func otherThanThreeSpatialDimensionsAreRefused(golden: GoldenVolume) {
    #expect { try VolumeReader(path: golden.path) } throws: {
      ($0 as? VolumeError)?.code == "volume.rank"
    }
  }

  @Test(arguments: GoldenVolume.all.filter { $0.nonFiniteCount > 0 && !$0.isRefusedByRank })
  func nonFiniteVoxelsAreRefusedOrZero(golden: GoldenVolume) throws {
    let unusable = try VolumeReader(path: golden.path).readFrame(0, nonFinite: .keep).voxels
      .count { !isUsable($0) }
    #expect(unusable >= golden.nonFiniteCount)
    #expect { try VolumeReader(path: golden.path).readFrame(0, nonFinite: .refuse) } throws: {
      guard case .nonFinite(let voxels) = ($0 as? VolumeError)?.cause else { return false }
      return voxels.count == unusable && voxels.first == .zero && voxels.value.isNaN
    }
    let reader = try VolumeReader(path: golden.path)
    let voxels = try reader.readFrame(0, nonFinite: .zero).voxels
    try reader.finish()
    #expect(voxels.allSatisfy(isUsable))
    #expect(voxels[0] == 0)
    #expect(reader.notices.contains { $0.code == "volume.nonfinite" })
  }

  /// Metres and micrometres; no other unit, in whatever bits those of time are.
  @Test(arguments: GoldenVolume.all.filter { $0.file.hasPrefix("meta-xyzt-") })
  func unitsOtherThanMillimetresAreWarnedAbout(golden: GoldenVolume) throws {
    let names = ["meta-xyzt-m.nii": " metres,", "meta-xyzt-um.nii": " micrometres,"]
    let notices = try VolumeReader(path: golden.path).notices.filter { $0.code == "volume.units" }
    guard let name = names[golden.file] else {
      #expect(notices.isEmpty)
      return
    }
    #expect(notices.count == 1)
    #expect(notices.first?.message.contains(name) == true)
    #expect(notices.first?.subject == golden.path)
  }

  /// A mask is what is not 0, whatever the type; read a piece at a time.
  @Test(arguments: GoldenVolume.all.filter { !$0.isRefusedByRank })
  func masksAreWhatIsNotZero(golden: GoldenVolume) throws {
    let volume = try VolumeReader(path: golden.path).readFrame(0, nonFinite: .keep)
    guard volume.voxels.allSatisfy(isUsable) else {
      #expect(throws: VolumeError.self) { try VolumeReader(path: golden.path).readMask(0) }
      return
    }
    let mask = try VolumeReader(path: golden.path).readMask(0)
    let size = volume.grid.size
    try #require(mask.size == size)
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x { #expect(mask.contains(i, j, k) == (volume[i, j, k] != 0)) }
      }
    }
  }

  private func isUsable(_ value: Float) -> Bool { value.magnitude <= 1e36 }

  private func rows(_ affine: Affine) -> [[Double]] {
    (0..<3).map { row in (0..<4).map { affine[row, $0] } } + [[0, 0, 0, 1]]
  }

  private func distance(_ a: [[Double]], _ b: [[Double]]) -> Double {
    zip(a.joined(), b.joined()).map { abs($0 - $1) }.max() ?? .infinity
  }
}
