import Files
import Metrics
import Volumes
import Workers

/// The volumes of a run of `evaluate`, checked as far as their headers go and read frame by frame.
struct EvaluatedVolumes {
  private let results: [VolumeInput]
  private let truth: VolumeInput
  private let labels: [VolumeInput]
  private let truthLabels: VolumeInput?
  private let pool: WorkerPool
  /// Nonzero where voxels count, on the truth's grid.
  let mask: [UInt8]?

  /// Of the truth.
  var grid: Grid { truth.header.grid }
  /// Of every volume but the mask.
  var frames: Int { truth.header.frames }

  /// - Throws: If a volume lies on another grid than the truth, or the limit on memory is too small.
  init(
    _ request: EvaluateRequest, results: [String], truth path: String, machine: Machine,
    perception: PerceptualDistance?, console: Console
  ) throws(Failure) {
    let limit = machine.memoryLimit
    let truth = try VolumeInput(path: path, limit: limit)
    func comparable(_ path: String) throws(Failure) -> VolumeInput {
      let input = try VolumeInput(path: path, limit: limit)
      if request.resamples {
        Self.noteDistance(of: input, from: truth, console)
      } else {
        do throws(Failure) {
          try Self.check(input, against: truth)
        } catch {
          var failure = error
          failure.message += "; --resample brings results onto the truth's grid"
          throw failure
        }
      }
      guard input.header.frames == truth.header.frames else {
        throw Failure(
          .unlikeFrames(path: path, count: input.header.frames, wanted: truth.header.frames))
      }
      return input
    }
    self.truth = truth
    pool = machine.pool
    self.results = try results.map(comparable)
    labels = try request.labels.map(comparable)
    truthLabels = try request.truthLabels.map(comparable)
    try Self.checkMemory(request, truth.header.grid, machine, perception)
    try Self.checkWindow(request, truth.header.grid.size, path: path)
    if case .file(let path) = request.mask {
      let input = try VolumeInput(path: path, limit: limit)
      try Self.check(input, against: truth)
      mask = try input.frame(0, .refuse).voxels.map { $0 != 0 ? 1 : 0 }
      input.reader.notices.forEach(console.warn)
    } else {
      mask = nil
    }
    for input in self.results + [truth] + labels { input.reader.notices.forEach(console.warn) }
  }

  /// Voxels that are not finite stay: they make scores NaN and are counted.
  func truth(frame: Int) throws(Failure) -> Volume { try truth.frame(frame, .keep) }

  func result(_ index: Int, frame: Int) throws(Failure) -> Volume {
    try onGrid(try results[index].frame(frame, .keep), of: results[index].path, by: .cubic)
  }

  /// The segmentation of the truth, if there are segmentations.
  func truthLabels(frame: Int) throws(Failure) -> Volume? {
    try truthLabels.map { input throws(Failure) in try input.frame(frame, .refuse) }
  }

  /// The segmentations of a result and of the truth.
  func labels(result: Int, frame: Int, truth: Volume?) throws(Failure) -> ImagePair? {
    guard let truth else { return nil }
    let image = try onGrid(
      try labels[result].frame(frame, .refuse), of: labels[result].path, by: .nearest)
    return try Failure.of { () throws(ComparisonError) in try ImagePair(image, against: truth) }
  }

  /// Verifies what stands behind the last frames.
  func finish() throws(Failure) {
    for input in results + labels + [truth] {
      try Failure.of { () throws(VolumeError) in try input.reader.finish() }
    }
  }

  /// A volume on the truth's grid: itself, or resampled.
  private func onGrid(
    _ volume: Volume, of path: String, by method: InterpolationMethod
  ) throws(Failure) -> Volume {
    guard !Self.isComparable(volume.grid, with: grid) else { return volume }
    return try Failure.of(at: path) { () throws(GridError) in
      let plan = try volume.grid.target(.like(grid))
      let sampling = PreparedSampling(
        plan.sampling, inputSize: volume.grid.size, method: method)
      let voxels = Interpolator(voxels: volume.voxels, sampling: sampling, pool: pool)
        .interpolated(pool: pool)
      return Volume(grid: grid, voxels: voxels)
    }
  }

  private static func isComparable(_ grid: Grid, with other: Grid) -> Bool {
    do throws(ComparisonError) {
      try grid.checkComparable(with: other)
      return true
    } catch {
      return false
    }
  }

  /// Says how far a volume that will be resampled lies from the truth.
  private static func noteDistance(
    of input: VolumeInput, from truth: VolumeInput, _ console: Console
  ) {
    do throws(ComparisonError) {
      try input.header.grid.checkComparable(with: truth.header.grid)
    } catch {
      console.warn(
        Notice(
          code: error.code, subject: input.path,
          message: "\(error.message); it is resampled onto the truth's grid"))
    }
  }

  /// - Throws: If the limit on memory is too small for volumes on `grid`.
  static func checkMemory(
    _ request: EvaluateRequest, _ grid: Grid, _ machine: Machine,
    _ perception: PerceptualDistance?
  ) throws(Failure) {
    let atOnce = request.resultGroups.map(\.count).max() ?? 1
    let needed =
      machine.residentBytes + grid.voxelCount * bytesPerVoxel(request, results: atOnce)
      + (perception?.bytes(
        size: grid.size, results: atOnce, workers: machine.pool.workerCount) ?? 0)
    guard needed <= machine.memoryLimit else {
      throw Failure(.evaluationMemory(needed: needed, limit: machine.memoryLimit))
    }
  }

  /// - Throws: If SSIM was asked for and its window does not fit into what is scored of a truth.
  static func checkWindow(
    _ request: EvaluateRequest, _ size: SIMD3<Int>, path: String
  ) throws(Failure) {
    guard request.metrics.contains(.ssim) else { return }
    try Failure.of(at: path) { () throws(ComparisonError) in try request.window.check(size) }
  }

  private static func check(_ input: VolumeInput, against truth: VolumeInput) throws(Failure) {
    try Failure.of(at: input.path) { () throws(ComparisonError) in
      try input.header.grid.checkComparable(with: truth.header.grid)
    }
  }

  /// Results and truth, and the segmentations of each that were given; what scoring takes.
  private static func bytesPerVoxel(_ request: EvaluateRequest, results: Int) -> Int {
    let volumes = (results + 1) * (request.truthLabels == nil ? 1 : 2)
    return volumes * MemoryLayout<Float>.size + FrameScorer.bytesPerVoxel(request)
  }
}

extension VolumeInput {
  fileprivate func frame(
    _ index: Int, _ nonFinite: VolumeReader.NonFinitePolicy
  ) throws(Failure) -> Volume {
    try Failure.of { () throws(VolumeError) in
      try reader.readFrame(index, nonFinite: nonFinite)
    }
  }
}
