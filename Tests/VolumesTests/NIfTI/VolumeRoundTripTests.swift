import Files
import TestSupport
import Testing
import Workers

@testable import Volumes

@Suite struct VolumeRoundTripTests {
  static let size = SIMD3(7, 5, 3)
  /// A slope in every direction, and both signs.
  static let voxels: [Float] = (0..<105).map { (index: Int) -> Float in
    Float(index % 13) * 31.25 - 100
  }

  private func grid(_ size: SIMD3<Int> = size) -> Grid {
    let form = QuaternionForm(
      b: 0.1, c: -0.2, d: 0.3, qfac: -1, offset: SIMD3(-80.5, 12.25, 3),
      spacing: SIMD3(0.75, 1.5, 2.5))
    return Grid(
      size: size, spacing: form.spacing, sform: PlacedAffine(affine: form.affine, code: 2),
      qform: PlacedAffine(affine: form.affine, code: 1))
  }

  private func fullHeader(_ version: NIfTIVersion) -> NIfTIHeader {
    var header = NIfTIHeader(grid: grid())
    header.version = version
    header.units = 10
    header.frameSpacing = 2.5
    header.frameOrigin = -0.5
    header.intent.code = 3
    header.intent.parameters = [20, 0.5, -1]
    header.intent.name = Array("sixteen bytes ok".utf8)
    header.displayRange.minimum = -5
    header.displayRange.maximum = 200
    header.descriptionText = [0xE9, 0x20, 0x80]
    header.auxiliaryFile = Array("atlas.lut".utf8)
    header.dimInfo = 0b11_10_01
    header.slices.start = 0
    header.slices.end = 2
    header.slices.code = 3
    header.slices.duration = 0.125
    header.extensions = [
      HeaderExtension(code: 6, content: Array("a comment that is not padded".utf8)),
      HeaderExtension(code: 12345, content: [0, 255, 0x0D, 0x0A]),
    ]
    return header
  }

  @Test(arguments: VoxelType.allCases, [NIfTIVersion.one, .two])
  func everyTypeKeepsItsValues(type: VoxelType, version: NIfTIVersion) throws {
    for ending in ["nii", "nii.gz"] {
      let folder = try TemporaryFolder()
      var header = NIfTIHeader(grid: grid())
      header.version = version
      header.voxelType = type
      if type.isInteger {
        header.scaling = .covering(minimum: -100, maximum: 275, type: type, version: version)
      }
      let path = folder.file("a.\(ending)")
      let writer = try VolumeWriter(path: path, header: header, pool: nil, force: false)
      try writer.append(Array(Self.voxels.prefix(10)))
      try writer.append(Array(Self.voxels.dropFirst(10)))
      try writer.commit()
      #expect(writer.saturatedCount == 0)
      #expect(folder.entries == ["a.\(ending)"])

      let reader = try VolumeReader(path: path)
      let read = try reader.readFrame(0, nonFinite: .refuse)
      try reader.finish()
      #expect(reader.notices == [])
      #expect(reader.header.voxelType == type)
      #expect(reader.header.version == version)
      // Half a step, and the rounding of the result to float32.
      let limit = (header.scaling?.slope ?? 0) / 2 * (1 + 1e-9) + 275 * 0x1p-24
      let deviation = Deviation(expected: Self.voxels.map(Double.init), actual: read.voxels)
      #expect(deviation.maximum <= (type.isInteger ? limit : 0), "\(type) \(deviation)")
    }
  }

  @Test(arguments: [NIfTIVersion.one, .two])
  func everyFieldIsCarried(version: NIfTIVersion) throws {
    let header = fullHeader(version)
    let content = InMemoryVolume.Content(header: header, voxels: Self.voxels)
    let bytes = InMemoryVolume.bytes(content)
    let read = try InMemoryVolume.read(bytes)
    #expect(read.voxels == Self.voxels)
    #expect(header.writtenOffset % 16 == 0)
    #expect(bytes.count == header.writtenBytes)

    var found = read.header
    // The padding to a multiple of 16 belongs to the content from now on.
    #expect(found.extensions.map { $0.code } == [6, 12345])
    for (found, written) in zip(found.extensions, header.extensions) {
      #expect(Array(found.content.prefix(written.content.count)) == written.content)
      #expect(found.content.dropFirst(written.content.count).allSatisfy { $0 == 0 })
      #expect((found.content.count + 8) % 16 == 0)
    }
    found.extensions = header.extensions
    let rounding = version == .one ? 1e-5 : 1e-12
    let points = [SIMD3<Double>(0, 0, 0), SIMD3(6, 4, 2)]
    for (own, written) in [
      (found.grid.sform, header.grid.sform), (found.grid.qform, header.grid.qform),
    ] {
      #expect(own?.code == written?.code)
      for point in points {
        let own = try #require(own).affine.apply(point)
        let distance = own - (try #require(written).affine.apply(point))
        #expect((distance * distance).sum().squareRoot() <= rounding)
      }
    }
    found.grid = header.grid
    #expect(found == header)
  }

  @Test(arguments: [NIfTIVersion.one, .two])
  func bothByteOrdersHoldTheSameFields(version: NIfTIVersion) throws {
    var header = fullHeader(version)
    let little = RawHeader(header).bytes
    header.byteOrder = .big
    let big = RawHeader(header).bytes
    #expect(little[0..<4] == ArraySlice(big[0..<4].reversed()))
    var read = try RawHeader(bytes: big)
    #expect(read.order == .big)
    read.order = .little
    #expect(read == (try RawHeader(bytes: little)))
  }

  @Test func readingAndWritingFromAFileKeepsHeaderBytes() throws {
    // Fields that are carried keep their bytes; those below are the writer's.
    let golden = try #require(GoldenVolume.all.first { $0.file == "meta-full.nii" })
    let bytes = try golden.bytes
    let header = try InMemoryVolume.read(bytes).header
    let written = RawHeader(header).bytes
    let changed = Set((0..<348).filter { written[$0] != bytes[$0] })
    // data_type, db_name, extents, session_error, regular; unused dims; the unused qform.
    let ownFields = Set(Array(4..<39) + Array(48..<56) + Array(92..<108))
    #expect(changed.subtracting(ownFields).isEmpty, "\(changed.subtracting(ownFields).sorted())")
  }

  @Test func seriesAreWrittenAndReadFrameByFrame() throws {
    let folder = try TemporaryFolder()
    var header = NIfTIHeader(grid: grid(), frames: 3)
    header.frameSpacing = 1.5
    let writer = try VolumeWriter(
      path: folder.file("s.nii.gz"), header: header, pool: nil, force: false)
    for frame in 0..<3 { try writer.append(Self.voxels.map { $0 + Float(frame) }) }
    try writer.commit()
    for wanted in [[0, 1, 2], [1], [0, 2]] {
      let reader = try VolumeReader(path: folder.file("s.nii.gz"))
      #expect(reader.header.frames == 3)
      #expect(reader.header.frameSpacing == 1.5)
      for frame in wanted {
        let voxels = try reader.readFrame(frame, nonFinite: .refuse).voxels
        #expect(voxels == Self.voxels.map { $0 + Float(frame) })
      }
      try reader.finish()
    }
  }

  @Test func aLongAxisMakesNIfTI2() throws {
    let size = SIMD3(32768, 1, 1)
    let header = fullHeader(.one).output(grid: grid(size), frames: 1, description: [])
    #expect(header.version == .two)
    let bytes = InMemoryVolume.bytes(
      .init(header: header, voxels: [Float](repeating: 1, count: 32768)))
    #expect(try InMemoryVolume.read(bytes).header.grid.size == size)
    #expect(
      fullHeader(.one).output(grid: grid(SIMD3(32767, 1, 1)), frames: 1, description: []).version
        == .one)
  }

  @Test func resamplingTheSliceAxisClearsItsTimes() {
    let header = fullHeader(.one)  // dim_info: slices along k
    let finer = header.output(
      grid: grid(SIMD3(14, 10, 3)), frames: 1, description: Array("x".utf8))
    #expect(finer.slices == header.slices)
    #expect(finer.dimInfo == header.dimInfo)
    let finerSlices = header.output(grid: grid(SIMD3(7, 5, 6)), frames: 1, description: [])
    #expect(finerSlices.slices == NIfTIHeader.SliceTiming())
    #expect(finerSlices.dimInfo == header.dimInfo)
    let permuted = header.output(
      grid: grid(), frames: 1, description: [], keepsAxes: false)
    #expect(permuted.slices == NIfTIHeader.SliceTiming())
    #expect(permuted.dimInfo == 0)
  }

  @Test func descriptionIsCutAt79Bytes() throws {
    let text = [UInt8](repeating: 0x61, count: 200)
    let header = fullHeader(.one).output(grid: grid(), frames: 1, description: text)
    let bytes = RawHeader(header).bytes
    #expect(bytes[148 + 78] == 0x61)
    #expect(bytes[148 + 79] == 0)
  }
}
