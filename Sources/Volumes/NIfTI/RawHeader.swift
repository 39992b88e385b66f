/// The fields of a NIfTI header as they stand there, in the widest type of both versions.
///
/// Nothing is checked beyond size and magic: this is what the rules are applied to.
struct RawHeader: Equatable {
  var version: NIfTIVersion
  var order: ByteOrder
  var isPair: Bool
  var dim: [Int64]
  var intentParameters: [Double]
  var intentCode: Int
  var datatype: Int
  var bitpix: Int
  var sliceStart: Int64
  var sliceEnd: Int64
  var sliceCode: Int
  var sliceDuration: Double
  var pixdim: [Double]
  var voxOffset: VoxelOffset
  var slope: Double
  var inter: Double
  var xyztUnits: Int
  var calMax: Double
  var calMin: Double
  var toffset: Double
  var descrip: [UInt8]
  var auxFile: [UInt8]
  var qformCode: Int
  var sformCode: Int
  var quaternion: [Double]
  var qoffset: [Double]
  var srow: [Double]
  var intentName: [UInt8]
  var dimInfo: UInt8

  /// `vox_offset` is a real number in NIfTI-1 and a whole one in NIfTI-2.
  enum VoxelOffset: Equatable {
    case real(Double)
    case whole(Int64)
  }

  /// Takes the fields from the first bytes of a header file.
  ///
  /// - Parameter bytes: The beginning of the file, inflated; 540 bytes are enough.
  /// - Throws: ``VolumeError/Cause`` if size or magic are not NIfTI's, or bytes are missing.
  init(bytes: [UInt8]) throws(VolumeError.Cause) {
    let (version, order) = try Self.sizeAndOrder(bytes)
    let layout = version.layout
    guard bytes.count >= layout.bytes else {
      throw .headerTruncated(needed: layout.bytes, has: bytes.count)
    }
    let header = HeaderBytes(bytes: Array(bytes.prefix(layout.bytes)), order: order)
    isPair = try Self.isPair(magic: header.text(layout.magic), version: version)
    self.version = version
    self.order = order
    dim = (0..<8).map { header.whole(layout.dim, at: $0) }
    intentParameters = header.reals(layout.intentParameters)
    intentCode = Int(header.whole(layout.intentCode))
    datatype = Int(header.whole(layout.datatype))
    bitpix = Int(header.whole(layout.bitpix))
    sliceStart = header.whole(layout.sliceStart)
    sliceEnd = header.whole(layout.sliceEnd)
    sliceCode = Int(header.whole(layout.sliceCode))
    sliceDuration = header.real(layout.sliceDuration)
    pixdim = header.reals(layout.pixdim)
    voxOffset =
      version == .one
      ? .real(header.real(layout.voxOffset)) : .whole(header.whole(layout.voxOffset))
    slope = header.real(layout.slope)
    inter = header.real(layout.inter)
    xyztUnits = Int(header.whole(layout.xyztUnits))
    calMax = header.real(layout.calMax)
    calMin = header.real(layout.calMin)
    toffset = header.real(layout.toffset)
    descrip = header.text(layout.descrip)
    auxFile = header.text(layout.auxFile)
    qformCode = Int(header.whole(layout.qformCode))
    sformCode = Int(header.whole(layout.sformCode))
    quaternion = header.reals(layout.quaternion)
    qoffset = header.reals(layout.qoffset)
    srow = header.reals(layout.srow)
    intentName = header.text(layout.intentName)
    dimInfo = UInt8(truncatingIfNeeded: header.whole(layout.dimInfo))
  }

  /// The bytes of the header, without extension flag.
  var bytes: [UInt8] {
    let layout = version.layout
    var header = HeaderBytes(bytes: [UInt8](repeating: 0, count: layout.bytes), order: order)
    header.set(Field(0, .int32), Int64(layout.bytes))
    header.set(layout.magic, text: version.magic(isPair: isPair))
    for (index, size) in dim.enumerated() { header.set(layout.dim, at: index, size) }
    header.set(layout.intentParameters, intentParameters)
    header.set(layout.intentCode, Int64(intentCode))
    header.set(layout.datatype, Int64(datatype))
    header.set(layout.bitpix, Int64(bitpix))
    header.set(layout.sliceStart, sliceStart)
    header.set(layout.sliceEnd, sliceEnd)
    header.set(layout.sliceCode, Int64(sliceCode))
    header.set(layout.sliceDuration, sliceDuration)
    header.set(layout.pixdim, pixdim)
    switch voxOffset {
    case .real(let offset): header.set(layout.voxOffset, offset)
    case .whole(let offset): header.set(layout.voxOffset, offset)
    }
    header.set(layout.slope, slope)
    header.set(layout.inter, inter)
    header.set(layout.xyztUnits, Int64(xyztUnits))
    header.set(layout.calMax, calMax)
    header.set(layout.calMin, calMin)
    header.set(layout.toffset, toffset)
    header.set(layout.descrip, text: descrip)
    header.set(layout.auxFile, text: auxFile)
    header.set(layout.qformCode, Int64(qformCode))
    header.set(layout.sformCode, Int64(sformCode))
    header.set(layout.quaternion, quaternion)
    header.set(layout.qoffset, qoffset)
    header.set(layout.srow, srow)
    header.set(layout.intentName, text: intentName)
    header.set(layout.dimInfo, Int64(dimInfo))
    return header.bytes
  }

  /// The first number of the file decides version and byte order, and nothing else does.
  static func sizeAndOrder(
    _ bytes: [UInt8]
  ) throws(VolumeError.Cause)
    -> (NIfTIVersion, ByteOrder)
  {
    guard bytes.count >= 4 else {
      throw .headerTruncated(needed: HeaderLayout.one.bytes, has: bytes.count)
    }
    let size = Field(0, .int32)
    for order in [ByteOrder.little, .big] {
      switch HeaderBytes(bytes: Array(bytes.prefix(4)), order: order).whole(size) {
      case Int64(HeaderLayout.one.bytes): return (.one, order)
      case Int64(HeaderLayout.two.bytes): return (.two, order)
      default: continue
      }
    }
    let found = HeaderBytes(bytes: Array(bytes.prefix(4)), order: .little).whole(size)
    throw .headerSize(Int32(truncatingIfNeeded: found))
  }

  private static func isPair(
    magic: [UInt8], version: NIfTIVersion
  ) throws(VolumeError.Cause)
    -> Bool
  {
    if magic == version.magic(isPair: false) { return false }
    if magic == version.magic(isPair: true) { return true }
    if version == .one, magic.allSatisfy({ $0 == 0 }) { throw .analyze }
    let starts = [false, true].map { Array(version.magic(isPair: $0).prefix(4)) }
    if version == .two, starts.contains(Array(magic.prefix(4))) { throw .lineEndConversion }
    throw .magic(magic)
  }
}

/// The two versions of the format, each as a single file or as a pair.
public enum NIfTIVersion: Int, Sendable {
  /// 348 bytes of header; sizes to 32,767, geometry in float32.
  case one = 1
  /// 540 bytes of header; sizes to 2^63, geometry in float64.
  case two = 2

  var layout: HeaderLayout { self == .one ? .one : .two }

  func magic(isPair: Bool) -> [UInt8] {
    let start: [UInt8] = [0x6E, isPair ? 0x69 : 0x2B, UInt8(0x30 + rawValue), 0]
    return self == .one ? start : start + [0x0D, 0x0A, 0x1A, 0x0A]
  }
}
