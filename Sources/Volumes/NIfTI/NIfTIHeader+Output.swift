extension NIfTIHeader {
  /// The most bytes of text in `descrip`, so that a NUL follows.
  public static let longestDescription = 79

  /// The header of a result on another grid.
  ///
  /// Intent, units, times, display range, `dim_info`, `aux_file` and the extensions are carried on.
  /// The voxel type becomes float32 without scaling. What the header says of the acquisition of
  /// slices is cleared where the slices do not exist any more.
  ///
  /// - Parameters:
  ///   - grid: Size and place of the result.
  ///   - frames: Number of frames of the result.
  ///   - description: The new `descrip`, cut at 79 bytes.
  ///   - keepsAxes: Whether axis i of the result runs along axis i of the input, and so on; if not,
  ///     `dim_info` is cleared too.
  /// - Returns: The header for ``VolumeWriter``, which may still be given another voxel type.
  public func output(
    grid: Grid, frames: Int, description: [UInt8], keepsAxes: Bool = true
  ) -> NIfTIHeader {
    var header = self
    header.byteOrder = .little
    header.grid = grid
    header.frames = frames
    header.voxelType = .float32
    header.scaling = nil
    header.descriptionText = Array(description.prefix(Self.longestDescription))
    let sliceAxis = Int(dimInfo >> 4 & 3) - 1
    let keepsSlices =
      sliceAxis < 0
      ? grid.size == self.grid.size : grid.size[sliceAxis] == self.grid.size[sliceAxis]
    if !keepsSlices || !keepsAxes { header.slices = SliceTiming() }
    if !keepsAxes { header.dimInfo = 0 }
    if !header.fitsNIfTI1 { header.version = .two }
    return header
  }

  /// Whether NIfTI-1 can hold the sizes, which have 16 bits there.
  var fitsNIfTI1: Bool { max(frames, grid.size.max()) <= Int(Int16.max) }

  /// The place of the first voxel in a single file: header, extension flag and extensions before
  /// it, a multiple of 16.
  public var writtenOffset: Int {
    let end = version.layout.smallestOffset + extensions.reduce(0) { $0 + $1.writtenBytes }
    return (end + 15) / 16 * 16
  }

  /// Bytes of the whole file without compression.
  public var writtenBytes: Int { writtenOffset + voxelBytes }

  /// Everything before the voxels of a single file.
  func headBytes() -> [UInt8] {
    var bytes = RawHeader(self).bytes + [extensions.isEmpty ? 0 : 1, 0, 0, 0]
    for block in extensions { bytes += block.bytes }
    return bytes + [UInt8](repeating: 0, count: writtenOffset - bytes.count)
  }
}

extension RawHeader {
  /// The fields of a single file, in the byte order of the header.
  init(_ header: NIfTIHeader) {
    let size = header.grid.size
    precondition(header.version == .two || header.fitsNIfTI1, "size: \(size), \(header.frames)")
    version = header.version
    order = header.byteOrder
    isPair = false
    dim = [header.frames > 1 ? 4 : 3, size.x, size.y, size.z, header.frames, 1, 1, 1]
      .map(Int64.init)
    intentParameters = header.intent.parameters
    intentCode = header.intent.code
    datatype = header.voxelType.rawValue
    bitpix = 8 * header.voxelType.bytes
    sliceStart = header.slices.start
    sliceEnd = header.slices.end
    sliceCode = header.slices.code
    sliceDuration = header.slices.duration
    let offset = header.writtenOffset
    voxOffset = header.version == .one ? .real(Double(offset)) : .whole(Int64(offset))
    slope = header.scaling?.slope ?? 1
    inter = header.scaling?.intercept ?? 0
    xyztUnits = header.units
    calMax = header.displayRange.maximum
    calMin = header.displayRange.minimum
    toffset = header.frameOrigin
    descrip = header.descriptionText
    auxFile = header.auxiliaryFile
    intentName = header.intent.name
    dimInfo = header.dimInfo
    let form = header.grid.qform.map { QuaternionForm($0.affine) }
    qformCode = header.grid.qform?.code ?? 0
    quaternion = form.map { [$0.b, $0.c, $0.d] } ?? [0, 0, 0]
    qoffset = form.map { [$0.offset.x, $0.offset.y, $0.offset.z] } ?? [0, 0, 0]
    let spacing = form?.spacing ?? header.grid.spacing
    pixdim = [form?.qfac ?? 1, spacing.x, spacing.y, spacing.z, header.frameSpacing, 1, 1, 1]
    sformCode = header.grid.sform?.code ?? 0
    let rows = header.grid.sform?.affine.rows
    srow =
      rows.map { rows in [rows.x, rows.y, rows.z].flatMap { row in (0..<4).map { row[$0] } } }
      ?? [Double](repeating: 0, count: 12)
  }
}
