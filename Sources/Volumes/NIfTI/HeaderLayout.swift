/// How a header field is stored.
enum FieldKind {
  case uint8
  case int16
  case int32
  case int64
  case float32
  case float64

  var bytes: Int {
    switch self {
    case .uint8: 1
    case .int16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }
}

/// One or several equal fields one after the other.
struct Field {
  let offset: Int
  let kind: FieldKind
  let count: Int

  init(_ offset: Int, _ kind: FieldKind, count: Int = 1) {
    self.offset = offset
    self.kind = kind
    self.count = count
  }
}

/// Where the fields of a header lie.
///
/// The two versions hold the same fields at different places and in different widths (nifti1.h,
/// nifti2.h). Reading and writing use the same table.
struct HeaderLayout {
  let bytes: Int
  let magic: Field
  let dim: Field
  let intentParameters: Field
  let intentCode: Field
  let datatype: Field
  let bitpix: Field
  let sliceStart: Field
  let sliceEnd: Field
  let sliceCode: Field
  let sliceDuration: Field
  let pixdim: Field
  let voxOffset: Field
  let slope: Field
  let inter: Field
  let xyztUnits: Field
  let calMax: Field
  let calMin: Field
  let toffset: Field
  let descrip: Field
  let auxFile: Field
  let qformCode: Field
  let sformCode: Field
  let quaternion: Field
  let qoffset: Field
  let srow: Field
  let intentName: Field
  let dimInfo: Field

  /// The first byte that voxels of a single file may have: header and extension flag come before.
  var smallestOffset: Int { bytes + 4 }

  static let one = HeaderLayout(
    bytes: 348,
    magic: Field(344, .uint8, count: 4),
    dim: Field(40, .int16, count: 8),
    intentParameters: Field(56, .float32, count: 3),
    intentCode: Field(68, .int16),
    datatype: Field(70, .int16),
    bitpix: Field(72, .int16),
    sliceStart: Field(74, .int16),
    sliceEnd: Field(120, .int16),
    sliceCode: Field(122, .uint8),
    sliceDuration: Field(132, .float32),
    pixdim: Field(76, .float32, count: 8),
    voxOffset: Field(108, .float32),
    slope: Field(112, .float32),
    inter: Field(116, .float32),
    xyztUnits: Field(123, .uint8),
    calMax: Field(124, .float32),
    calMin: Field(128, .float32),
    toffset: Field(136, .float32),
    descrip: Field(148, .uint8, count: 80),
    auxFile: Field(228, .uint8, count: 24),
    qformCode: Field(252, .int16),
    sformCode: Field(254, .int16),
    quaternion: Field(256, .float32, count: 3),
    qoffset: Field(268, .float32, count: 3),
    srow: Field(280, .float32, count: 12),
    intentName: Field(328, .uint8, count: 16),
    dimInfo: Field(39, .uint8))

  static let two = HeaderLayout(
    bytes: 540,
    magic: Field(4, .uint8, count: 8),
    dim: Field(16, .int64, count: 8),
    intentParameters: Field(80, .float64, count: 3),
    intentCode: Field(504, .int32),
    datatype: Field(12, .int16),
    bitpix: Field(14, .int16),
    sliceStart: Field(224, .int64),
    sliceEnd: Field(232, .int64),
    sliceCode: Field(496, .int32),
    sliceDuration: Field(208, .float64),
    pixdim: Field(104, .float64, count: 8),
    voxOffset: Field(168, .int64),
    slope: Field(176, .float64),
    inter: Field(184, .float64),
    xyztUnits: Field(500, .int32),
    calMax: Field(192, .float64),
    calMin: Field(200, .float64),
    toffset: Field(216, .float64),
    descrip: Field(240, .uint8, count: 80),
    auxFile: Field(320, .uint8, count: 24),
    qformCode: Field(344, .int32),
    sformCode: Field(348, .int32),
    quaternion: Field(352, .float64, count: 3),
    qoffset: Field(376, .float64, count: 3),
    srow: Field(400, .float64, count: 12),
    intentName: Field(508, .uint8, count: 16),
    dimInfo: Field(524, .uint8))
}
