import Files
import Volumes
import Workers

/// The files that a run makes; both appear whole at the end, or not at all.
final class VolumeOutput {
  /// SHA-256 of the input, for the sidecar; empty where there is none.
  let sourceDigest: String

  private let request: OutputRequest
  private let writer: VolumeWriter
  private let sidecar: AtomicOutputFile?
  /// The whole result of an integer type, whose slope depends on all values; else nil.
  private let held: AlignedBuffer<Float>?
  private var heldCount = 0
  /// Whether what was held went to the writer.
  private var isAppended = false

  /// Values that the voxel type could not hold.
  var saturatedCount: Int { writer.saturatedCount }

  /// Opens the temporary files, so that everything that forbids the output shows before the work.
  ///
  /// - Parameters:
  ///   - request: Where and how.
  ///   - header: The result's.
  ///   - input: What it is made of.
  ///   - digest: SHA-256 of the input, where it is known already.
  ///   - pool: Compresses.
  ///   - burst: Voxels that come at once and are compressed while the next are computed.
  /// - Throws: If a file cannot be made or its place has too little room.
  init(
    _ request: OutputRequest, header: NIfTIHeader, input: VolumeInput, digest: String? = nil,
    pool: WorkerPool, burst: Int = 0
  ) throws(Failure) {
    self.request = request
    writer = try Failure.of { () throws(VolumeError) in
      try VolumeWriter(
        path: request.path, header: header, compressionLevel: request.compression, pool: pool,
        burst: header.voxelType.isInteger ? 0 : burst, force: request.force)
    }
    sidecar = try request.sidecar.map { path throws(Failure) in
      try Failure.of { () throws(FileError) in
        try AtomicOutputFile(path: path, force: request.force)
      }
    }
    let voxels = header.grid.voxelCount * header.frames
    held =
      try !header.voxelType.isInteger
      ? nil
      : Failure.ofWorkers { () throws(WorkersError) in try AlignedBuffer(count: voxels) }
    if let digest {
      sourceDigest = digest
    } else {
      sourceDigest = try sidecar == nil ? "" : input.digest()
    }
    try request.checkSpace(header)
  }

  /// Takes finished planes.
  func append(_ planes: UnsafeBufferPointer<Float>) throws {
    guard let held else { return try writer.append(planes) }
    let room = UnsafeMutableBufferPointer(
      rebasing: held.elements[heldCount..<(heldCount + planes.count)])
    _ = room.update(fromContentsOf: planes)
    heldCount += planes.count
  }

  /// Writes what is left and brings the volume to the disk, so that ``commit(_:sidecar:)`` hardly
  /// fails after that of another file.
  ///
  /// - Throws: If the disk is full or writing fails.
  func flush() throws(Failure) {
    try Failure.of { () throws(VolumeError) in
      try appendHeld()
      try writer.flush()
    }
  }

  /// Writes what is left and gives both files their names; `text` makes the sidecar's content.
  ///
  /// Values that are not finite are warned of before, so that the sidecar tells of them.
  ///
  /// A sidecar that shows another result goes first: a run that is killed between the two names would
  /// leave it beside a volume that it does not describe.
  ///
  /// - Throws: If the disk is full or writing fails; an old result still has its sidecar then.
  func commit(_ console: Console, sidecar text: () -> String) throws(Failure) {
    try Failure.of { () throws(VolumeError) in try appendHeld() }
    warnOfNonFinite(console)
    guard let sidecar else {
      return try Failure.of { () throws(VolumeError) in try writer.commit() }
    }
    let bytes = Array(text().utf8)
    try Failure.of { () throws(FileError) in try sidecar.write(bytes) }
    let old = try? InputFile(path: sidecar.path)
    let staysTrue = old.map { (try? $0.read(at: 0, count: bytes.count + 1)) == bytes } ?? true
    try Failure.of { () throws(VolumeError) in
      try writer.commit { if !staysTrue { OutputFolder.remove(sidecar.path) } }
    }
    try Failure.of { () throws(FileError) in try sidecar.commit() }
  }

  /// Says so where values did not fit the voxel type.
  func warnOfSaturation(_ console: Console) {
    guard saturatedCount > 0 else { return }
    console.warn(
      Notice(
        code: "volume.datatype", subject: request.path,
        message: "\(saturatedCount) values lie outside \(writer.header.voxelType.name) "
          + "(stored as the nearest that it holds)"))
  }

  /// Says so where values are none, which intensities or weights near the end of float32 make.
  private func warnOfNonFinite(_ console: Console) {
    guard writer.nonFiniteCount > 0 else { return }
    let header = writer.header
    console.warn(
      Notice(
        code: "volume.nonfinite", subject: request.path,
        message: "\(writer.nonFiniteCount) of \(header.grid.voxelCount * header.frames) voxels of "
          + "the result are NaN or infinite, because numbers became too large for float32"))
  }

  private func appendHeld() throws(VolumeError) {
    guard let held, !isAppended else { return }
    isAppended = true
    let values = UnsafeBufferPointer(held.elements)
    if let range = IntensityRange(ofFinite: values) {
      writer.scaling = .covering(
        minimum: range.low, maximum: range.high, type: writer.header.voxelType,
        version: writer.header.version)
    }
    try writer.append(values)
  }
}
