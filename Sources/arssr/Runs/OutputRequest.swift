import Files
import Volumes

/// Where a run's result goes and how it is stored, checked as far as words go.
struct OutputRequest: Sendable {
  private(set) var path: String
  private(set) var storedType: StoredType
  let compression: Int
  private(set) var force: Bool
  private var hasSidecar: Bool
  private let sidecarIsOn: Bool
  private let wantsSidecar: Bool
  /// Who asked for no sidecar, in the user's words; nil: nobody did.
  let sidecarRefusal: String?

  /// The sidecar's path, where there is one.
  var sidecar: String? { hasSidecar ? Self.sidecarPath(of: path) : nil }

  init(
    path: String, storedType: StoredType, options: FileOptions, reader: OptionReader
  ) throws(Failure) {
    self.path = path
    self.storedType = storedType
    compression = try reader.value(OptionCatalogue.compression, options.compression)?.count ?? 1
    let sidecar = try reader.setting(
      OptionCatalogue.sidecar, options.sidecar.map { $0 ? "true" : "false" })
    force = options.force
    wantsSidecar = options.sidecar == true
    sidecarIsOn = sidecar?.value.isOn ?? true
    hasSidecar = Self.isFile(path) && sidecarIsOn
    if let sidecar, !sidecar.value.isOn {
      let isTyped = sidecar.origin == .commandLine
      sidecarRefusal = isTyped ? "--no-sidecar" : sidecar.asGiven(option: "sidecar")
    } else {
      sidecarRefusal = nil
    }
  }

  /// The request for one of many results.
  func named(_ path: String) -> OutputRequest {
    var request = self
    (request.path, request.hasSidecar) = (path, Self.isFile(path) && sidecarIsOn)
    return request
  }

  /// The request with whatever stands there replaced.
  func replacing() -> OutputRequest {
    var request = self
    request.force = true
    return request
  }

  /// The request for another volume of the same run: float32, without a sidecar of its own.
  func companion(path: String) -> OutputRequest {
    var request = self
    (request.path, request.storedType, request.hasSidecar) = (path, .float32, false)
    return request
  }

  static func sidecarPath(of output: String) -> String {
    for suffix in [".nii.gz", ".nii"] where output.lowercased().hasSuffix(suffix) {
      return output.dropLast(suffix.count) + ".json"
    }
    return output + ".json"
  }

  /// Whether an output is a file that appears under its name, not a stream or device.
  private static func isFile(_ path: String) -> Bool {
    path != StandardInput.name && !AtomicOutputFile.isStream(path: path)
  }

  // MARK: - Checks

  /// - Throws: If options of the output contradict each other.
  func checkCombinations(_ session: Session) throws(Failure) {
    try Self.checkStreams([path], session)
    if wantsSidecar, !Self.isFile(path) {
      throw Failure(
        .conflict(options: ["--sidecar", path], reason: "there is no place beside this output"))
    }
  }

  /// - Throws: If one of some outputs goes where the results of the run are printed as JSON.
  static func checkStreams(_ paths: [String], _ session: Session) throws(Failure) {
    guard session.format == .json,
      let path = paths.first(where: { OutputPlace($0).isStandardOutput })
    else { return }
    throw Failure(
      .conflict(
        options: ["--format json", path],
        reason: "standard output takes the volume or the report, not both"))
  }

  /// - Throws: If a path is empty, the output's suffix is unknown, or it or its sidecar is one of the
  ///   inputs or the sidecar of one.
  func checkPaths(input: String, others: [String]) throws(Failure) {
    for (name, path) in [("<input>", input), ("<output>", path)] where path.isEmpty {
      throw Failure(.emptyPath(argument: name))
    }
    let lowered = path.lowercased()
    if Self.isFile(path), !lowered.hasSuffix(".nii"), !lowered.hasSuffix(".nii.gz") {
      throw Failure(.outputSuffix(path: path))
    }
    let inputs = [input] + others
    if let place = FileIdentity(path: path),
      inputs.contains(where: { FileIdentity(path: $0) == place })
    {
      throw Failure(.outputIsInput(path: path))
    }
    guard let sidecar, let place = FileIdentity(path: sidecar) else { return }
    let taken = inputs + inputs.map(Self.sidecarPath)
    if taken.contains(where: { FileIdentity(path: $0) == place }) {
      throw Failure(.sidecarIsInputs(path: sidecar))
    }
  }

  /// Looks at the output files without creating anything, for a dry run.
  ///
  /// A file that is there already hinders no dry run: it is told what the real one will need.
  func checkFiles(_ header: NIfTIHeader, _ console: Console) throws(Failure) {
    for path in [path, sidecar].compactMap({ $0 }) {
      do throws(FileError) {
        try AtomicOutputFile.check(path: path, force: force)
      } catch {
        guard case .exists = error else { throw Failure(error) }
        console.warn(
          Notice(
            code: error.code, subject: path,
            message: "exists; the run will need --force to replace it"))
      }
    }
    try checkSpace(header)
  }

  /// An uncompressed file whose size is known must fit before the work, not after it.
  func checkSpace(_ header: NIfTIHeader) throws(Failure) {
    guard path.lowercased().hasSuffix(".nii"),
      let free = AtomicOutputFile.availableBytes(at: path)
    else { return }
    let needed = header.writtenBytes
    if needed > free { throw Failure(.noSpace(path: path, needed: needed, free: free)) }
  }

  // MARK: - Storage

  /// How voxels are stored, for an input of this type.
  func voxelType(for input: VoxelType) -> VoxelType {
    switch storedType {
    case .input: input
    case .float32: .float32
    case .int16: .int16
    case .uint16: .uint16
    case .uint8: .uint8
    }
  }

  /// Bytes of results that are held whole until all are known.
  ///
  /// An integer result is, because its slope depends on all values.
  static func heldBytes(_ header: NIfTIHeader) -> Int {
    header.voxelType.isInteger
      ? header.grid.voxelCount * header.frames * MemoryLayout<Float>.size : 0
  }
}
