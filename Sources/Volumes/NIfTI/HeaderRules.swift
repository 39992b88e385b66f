import Files

/// Turns the fields of a header into a checked header, or says which rule they break.
///
/// The rules are those of the engine's specification for volumes: a header is refused rather than
/// repaired, and every repair that is allowed leaves a warning. All arithmetic on values of the
/// file reports overflow.
struct HeaderRules {
  let raw: RawHeader
  var notices: [Notice] = []

  /// What the fields say about number and kind of the voxels.
  struct Shape {
    var size: SIMD3<Int>
    var frames: Int
    var type: VoxelType
    var bytes: Int
  }

  init(_ raw: RawHeader) { self.raw = raw }

  /// Sizes, voxel type and number of bytes.
  mutating func shape() throws(VolumeError.Cause) -> Shape {
    let dimensions = try dimensions()
    guard let type = VoxelType(rawValue: raw.datatype) else { throw .datatype(raw.datatype) }
    var bytes = type.bytes
    for size in dimensions {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      if overflow { throw .dimensionOverflow }
      bytes = product
    }
    if raw.bitpix != 8 * type.bytes {
      warn(
        "volume.bitpix",
        "bitpix is \(raw.bitpix), but datatype \(type.name) has "
          + "\(8 * type.bytes) bits (datatype counts)")
    }
    var spatial = dimensions
    while spatial.count > 3, spatial.last == 1 { spatial.removeLast() }
    guard spatial.count == 3 || spatial.count == 4 else { throw .rank(spatial) }
    let size = SIMD3(spatial[0], spatial[1], spatial[2])
    if size.min() == 1 {
      warn("volume.rank", "has only one voxel along an axis (\(size.x) x \(size.y) x \(size.z))")
    }
    return Shape(
      size: size, frames: spatial.count == 4 ? spatial[3] : 1, type: type, bytes: bytes)
  }

  /// `dim[1...dim[0]]`; what stands behind is ignored, whatever it is.
  private func dimensions() throws(VolumeError.Cause) -> [Int] {
    let count = raw.dim[0]
    guard (1...7).contains(count) else {
      let swapped =
        raw.version == .one
        ? Int64(Int16(truncatingIfNeeded: count).byteSwapped) : count.byteSwapped
      if (1...7).contains(swapped) { throw .byteOrder(dimensionCount: Int(count)) }
      throw .dimensionCount(count)
    }
    var sizes: [Int] = []
    for index in 1...Int(count) {
      guard raw.dim[index] >= 1 else { throw .dimension(index: index, value: raw.dim[index]) }
      sizes.append(Int(raw.dim[index]))
    }
    return sizes
  }

  /// The place of the first voxel in the file that holds the voxels.
  ///
  /// - Parameters:
  ///   - bytes: Bytes of all voxels.
  ///   - length: Length of that file, inflated; asked for only where the field is 0.
  /// - Returns: An offset to which `bytes` can be added without overflow.
  /// - Throws: ``VolumeError/Cause/offset(value:rule:)``, or what `length` throws.
  mutating func voxelOffset(
    bytes: Int, length: () throws(VolumeError.Cause) -> Int
  ) throws(VolumeError.Cause) -> Int {
    let offset = try statedOffset()
    if raw.isPair {
      guard offset >= 0 else { throw .offset(value: "\(offset)", rule: "must be 0 or more") }
      return try checkedEnd(offset, bytes)
    }
    let smallest = raw.version.layout.smallestOffset
    if offset == 0 {
      // Readers disagree here; the length of the file tells where the voxels are.
      let found = try length() - bytes
      guard found == smallest || found == smallest - 4 else {
        throw .offset(
          value: "0",
          rule: "and the length of the file does not say where the voxels begin "
            + "(\(found) bytes before them, must be \(smallest - 4) or \(smallest))")
      }
      warn("volume.offset", "vox_offset is 0; by the length of the file it is \(found)")
      return found
    }
    guard offset >= smallest else {
      throw .offset(value: "\(offset)", rule: "must be \(smallest) or more in a single file")
    }
    return try checkedEnd(offset, bytes)
  }

  private func statedOffset() throws(VolumeError.Cause) -> Int {
    switch raw.voxOffset {
    case .whole(let value): return Int(value)
    case .real(let value):
      guard value.isFinite, value == value.rounded() else {
        throw .offset(value: "\(value)", rule: "must be a whole number of bytes")
      }
      guard let offset = Int(exactly: value) else {
        throw .offset(value: "\(value)", rule: "must be within the file")
      }
      return offset
    }
  }

  private func checkedEnd(_ offset: Int, _ bytes: Int) throws(VolumeError.Cause) -> Int {
    if offset.addingReportingOverflow(bytes).overflow {
      throw .offset(value: "\(offset)", rule: "must be within the file")
    }
    return offset
  }

  /// Slope and intercept, or nil where the stored values count.
  func scaling() throws(VolumeError.Cause) -> NIfTIHeader.Scaling? {
    guard raw.slope.isFinite, raw.slope != 0 else { return nil }
    guard raw.inter.isFinite else { throw .intercept(slope: raw.slope) }
    return raw.slope == 1 && raw.inter == 0
      ? nil : NIfTIHeader.Scaling(slope: raw.slope, intercept: raw.inter)
  }

  /// The header, without extensions.
  mutating func header(_ shape: Shape) throws(VolumeError.Cause) -> NIfTIHeader {
    var header = NIfTIHeader(grid: try grid(size: shape.size), frames: shape.frames)
    header.version = raw.version
    header.byteOrder = raw.order
    header.voxelType = shape.type
    header.scaling = try scaling()
    header.frameSpacing = raw.pixdim[4]
    header.frameOrigin = raw.toffset
    header.units = raw.xyztUnits
    warnOfUnits()
    header.intent.code = raw.intentCode
    header.intent.parameters = raw.intentParameters
    header.intent.name = Self.text(raw.intentName)
    header.displayRange.minimum = raw.calMin
    header.displayRange.maximum = raw.calMax
    header.descriptionText = Self.text(raw.descrip)
    header.auxiliaryFile = Self.text(raw.auxFile)
    header.dimInfo = raw.dimInfo
    header.slices.start = raw.sliceStart
    header.slices.end = raw.sliceEnd
    header.slices.code = raw.sliceCode
    header.slices.duration = raw.sliceDuration
    return header
  }

  /// Says so where the bits 0-2 of `xyzt_units` name another length than the millimetre.
  ///
  /// Not converted: programs that know nothing of the field write anything there, and the result
  /// has to lie where its input lies in other programs.
  private mutating func warnOfUnits() {
    let names = [1: "metres", 3: "micrometres"]
    guard let name = names[raw.xyztUnits & 7] else { return }
    warn(
      "volume.units",
      "xyzt_units says \(name), but lengths are taken as millimetres all the same, so --spacing "
        + "and --fwhm would be wrong by a factor of 1000; store lengths in mm, with xyzt_units 2")
  }

  /// A text field without the NUL that fill it up; it need not end with one.
  private static func text(_ bytes: [UInt8]) -> [UInt8] {
    Array(bytes.prefix((bytes.lastIndex { $0 != 0 } ?? -1) + 1))
  }

  mutating func warn(_ code: String, _ message: String) {
    notices.append(Notice(code: code, message: message))
  }
}
