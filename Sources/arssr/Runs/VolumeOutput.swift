import Files
import FusedInference
import Volumes
import Workers

/// The files that a run makes; both appear whole at the end, or not at all.
final class UpsampleOutput {
  private let prepared: PreparedUpsampling
  private let writer: VolumeWriter
  private let sidecar: AtomicOutputFile?
  private let sourceDigest: String
  /// The whole result of an integer type, whose slope depends on all values; else nil.
  private let held: AlignedBuffer<Float>?
  private var heldCount = 0

  /// Values that the voxel type could not hold.
  var saturatedCount: Int { writer.saturatedCount }

  /// Opens the temporary files, so that everything that forbids the output shows before the work.
  init(_ prepared: PreparedUpsampling) throws(Failure) {
    self.prepared = prepared
    let request = prepared.request
    let grid = prepared.target.grid
    writer = try Failure.of { () throws(VolumeError) in
      try VolumeWriter(
        path: request.output, header: prepared.outputHeader(),
        compressionLevel: request.compression, pool: prepared.machine.pool,
        burst: prepared.storedType.isInteger
          ? 0 : prepared.engine.windowPlanes * grid.size.x * grid.size.y,
        force: request.force)
    }
    sidecar = try request.sidecar.map { path throws(Failure) in
      try Failure.of { () throws(FileError) in
        try AtomicOutputFile(path: path, force: request.force)
      }
    }
    let voxels = grid.voxelCount * prepared.frames.count
    held =
      try !prepared.storedType.isInteger
      ? nil
      : Failure.ofWorkers { () throws(WorkersError) in try AlignedBuffer(count: voxels) }
    sourceDigest = try sidecar == nil ? "" : prepared.input.digest()
    try prepared.checkSpace()
  }

  /// Takes finished planes.
  func append(_ planes: UnsafeBufferPointer<Float>) throws {
    guard let held else { return try writer.append(planes) }
    let room = UnsafeMutableBufferPointer(
      rebasing: held.elements[heldCount..<(heldCount + planes.count)])
    _ = room.update(fromContentsOf: planes)
    heldCount += planes.count
  }

  /// Writes what is left and gives both files their names.
  func commit(_ outcome: UpsampleOutcome) throws(Failure) {
    try Failure.of { () throws(VolumeError) in
      if let held { try appendHeld(UnsafeBufferPointer(held.elements)) }
      try writer.commit()
    }
    guard let sidecar else { return }
    let text = Sidecar(prepared, outcome, sourceDigest: sourceDigest).json.document
    try Failure.of { () throws(FileError) in
      try sidecar.write(Array(text.utf8))
      try sidecar.commit()
    }
  }

  private func appendHeld(_ values: UnsafeBufferPointer<Float>) throws(VolumeError) {
    if let range = IntensityRange(ofFinite: values) {
      writer.scaling = .covering(
        minimum: range.low, maximum: range.high, type: prepared.storedType,
        version: writer.header.version)
    }
    try writer.append(values)
  }
}
