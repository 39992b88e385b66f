import Metrics
import Volumes
import Workers

/// The volumes of a run of `evaluate`, checked as far as their headers go and read frame by frame.
struct EvaluatedVolumes {
  private let results: [VolumeInput]
  private let truth: VolumeInput
  private let labels: [VolumeInput]
  private let truthLabels: VolumeInput?
  /// Nonzero where voxels count, on the truth's grid.
  let mask: [UInt8]?

  /// Of the truth.
  var grid: Grid { truth.header.grid }
  /// Of every volume but the mask.
  var frames: Int { truth.header.frames }

  /// - Throws: If a volume lies on another grid than the truth, or the limit on memory is too small.
  init(_ request: EvaluateRequest, machine: Machine, console: Console) throws(Failure) {
    let limit = machine.memoryLimit
    let truth = try VolumeInput(path: request.truth, limit: limit)
    func comparable(_ path: String) throws(Failure) -> VolumeInput {
      let input = try VolumeInput(path: path, limit: limit)
      try Self.check(input, against: truth)
      guard input.header.frames == truth.header.frames else {
        throw Failure(
          .unlikeFrames(path: path, count: input.header.frames, wanted: truth.header.frames))
      }
      return input
    }
    self.truth = truth
    results = try request.results.map(comparable)
    labels = try request.labels.map(comparable)
    truthLabels = try request.truthLabels.map(comparable)
    let needed =
      machine.residentBytes
      + truth.header.grid.voxelCount * Self.bytesPerVoxel(hasLabels: truthLabels != nil)
    guard needed <= limit else { throw Failure(.evaluationMemory(needed: needed, limit: limit)) }
    if case .file(let path) = request.mask {
      let input = try VolumeInput(path: path, limit: limit)
      try Self.check(input, against: truth)
      mask = try input.frame(0, .refuse).voxels.map { $0 != 0 ? 1 : 0 }
      input.reader.notices.forEach(console.warn)
    } else {
      mask = nil
    }
    for input in results + [truth] + labels { input.reader.notices.forEach(console.warn) }
  }

  /// Voxels that are not finite stay: they make scores NaN and are counted.
  func truth(frame: Int) throws(Failure) -> Volume { try truth.frame(frame, .keep) }

  func result(_ index: Int, frame: Int) throws(Failure) -> Volume {
    try results[index].frame(frame, .keep)
  }

  /// The segmentation of the truth, if there are segmentations.
  func truthLabels(frame: Int) throws(Failure) -> Volume? {
    try truthLabels.map { input throws(Failure) in try input.frame(frame, .refuse) }
  }

  /// The segmentations of a result and of the truth.
  func labels(result: Int, frame: Int, truth: Volume?) throws(Failure) -> ImagePair? {
    guard let truth else { return nil }
    let image = try labels[result].frame(frame, .refuse)
    return try Failure.of { () throws(ComparisonError) in try ImagePair(image, against: truth) }
  }

  /// Verifies what stands behind the last frames.
  func finish() throws(Failure) {
    for input in results + labels + [truth] {
      try Failure.of { () throws(VolumeError) in try input.reader.finish() }
    }
  }

  private static func check(_ input: VolumeInput, against truth: VolumeInput) throws(Failure) {
    do throws(ComparisonError) {
      try input.header.grid.checkComparable(with: truth.header.grid)
    } catch {
      var failure = Failure(error)
      failure.subject = input.path
      throw failure
    }
  }

  /// Result and truth, mask and border; segmentations.
  private static func bytesPerVoxel(hasLabels: Bool) -> Int {
    let volumes = hasLabels ? 4 : 2
    return volumes * MemoryLayout<Float>.size + 3 * MemoryLayout<UInt8>.size
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
