import Files
import Networks
import Training
import Volumes

/// A learning whose checks have passed as far as headers and words go.
struct PreparedFilterLearning {
  let request: LearnFiltersRequest
  let machine: Machine
  let paths: [String]
  /// SHA-256 of everything that decides about the result.
  let key: String
  /// What the user says of the model.
  private let given: [String: String]
  /// Voxels of the largest volume.
  private let largest: Int
  /// The spacing of the first volume, in millimetres.
  private let spacing: SIMD3<Double>

  /// Checks existence, then headers, then what a stopped run left.
  init(_ request: LearnFiltersRequest, _ console: Console) throws(Failure) {
    self.request = request
    paths = try Failure.of { () throws(TrainingDataError) in
      try TrainingFiles.find(request.source, suffixes: request.suffixes)
    }
    do {
      given = try request.card.map(CardFile.read) ?? [:]
    } catch {
      throw Failure(caught: error, about: .model)
    }
    let machine = try Machine(request.computing, console: console)
    self.machine = machine
    var largest = 0
    var first: Grid?
    var digest = SHA256Digest()
    func add(_ text: String) { Array(text.utf8).withUnsafeBytes { digest.update($0) } }
    add("\(request.settings.description); \(machine.instructionSet)")
    for path in paths {
      let header = try Failure.of { () throws(VolumeError) in
        try VolumeReader(path: path).header
      }
      guard header.frames == 1 else {
        throw Failure(TrainingDataError.series(path: path, frames: header.frames))
      }
      largest = max(largest, header.grid.voxelCount)
      first = first ?? header.grid
      add(
        try Failure.of { () throws(FileError) in
          try SHA256Digest(of: InputFile(path: path)).hexadecimal
        })
    }
    self.largest = largest
    spacing = first?.affine.columnNorms ?? .zero
    key = digest.hexadecimal
    try checkFiles()
  }

  /// A run that was stopped is neither lost nor gone on with by mistake.
  private func checkFiles() throws(Failure) {
    let isBegun = FileIdentity(path: request.state) != nil
    if request.resumes, !isBegun {
      throw Failure(FileError.missing(path: request.state), about: .model)
    }
    if isBegun, !request.resumes, !request.force {
      var failure = Failure(FileError.exists(path: request.state))
      failure.message =
        "holds a learning that was stopped; go on with it by --resume, or begin anew by --force"
      throw failure
    }
  }

  /// What learns, from the beginning or from a state.
  func learner() throws(Failure) -> FilterLearner {
    try Failure.of(.model) { () throws(FilterLearningError) in
      let state =
        request.resumes
        ? try FilterLearningState(
          path: request.state, key: key, settings: request.settings,
          kernels: machine.kernels.filters) : nil
      return try FilterLearner(
        request.settings, volumeCount: paths.count, largestVolume: largest, state: state,
        kernels: machine.kernels, pool: machine.pool,
        memoryLimit: machine.memoryLimit - machine.residentBytes)
    }
  }

  /// A volume by number.
  func volume(_ number: Int) throws -> (volume: Volume, path: String) {
    let path = paths[number]
    let volume = try Failure.of { () throws(VolumeError) in
      let reader = try VolumeReader(path: path)
      let volume = try reader.readFrame(0, nonFinite: .refuse)
      try reader.finish()
      return volume
    }
    return (volume, path)
  }

  /// `9 volumes, factor 2, 576 filters of 11 x 11 x 11, 2 passes, 2 threads, avx512`.
  func summary(passes: Int) -> String {
    let settings = request.settings
    let patch = settings.patch
    return "\(counted(paths.count, "volume")), factor \(settings.factor), \(settings.bins.count) "
      + "filters of \(patch) x \(patch) x \(patch), "
      + (passes > 1 ? "\(passes) passes, " : "")
      + "\(counted(machine.pool.workerCount, "thread")), \(machine.instructionSet)"
  }

  var summaryMembers: [(key: String, value: JSON)] {
    [
      ("volumes", .integer(paths.count)), ("factor", .integer(request.settings.factor)),
      ("threads", .integer(machine.pool.workerCount)),
    ]
  }

  /// What the model says of itself.
  func card(of filters: GradientFilters) -> [String: String] {
    var metadata = given
    func add(_ key: MetadataKey, _ value: String) {
      if metadata[key.rawValue] == nil { metadata[key.rawValue] = value }
    }
    add(.scales, "\(filters.factor)")
    add(.degradation, degradation)
    add(
      .citation,
      "Park et al., J. Korea Multimedia Society 24(2), 2021, doi:10.9717/kmms.2020.24.2.178")
    metadata[MetadataKey.training.rawValue] =
      JSON.object([
        ("volumes", .integer(paths.count)),
        ("trainedSpacing", .numbers(spacing.rounded(significant: 6))),
        ("settings", .string(request.settings.description)),
      ]).line
    return metadata
  }

  /// How LR volumes came about, in words.
  private var degradation: String {
    let settings = request.settings
    let made = GradientFilters.degradation(
      settings.source, factor: settings.factor,
      share: settings.band == .published ? 3 : settings.factor)
    return (made ?? "") + (settings.masksInput ? ", 0 where the HR volume is 0" : "")
  }
}
