import Files
import Training
import Volumes

/// The volumes of a run: to train on, and to validate with.
struct TrainVolumes {
  /// More volumes make a validation slower, not much better.
  static let mostForValidation = 8
  private static let knownContrasts = ["T1w", "T2w", "FLAIR", "PDw", "T2star"]

  let training: TrainingVolumes
  let validation: [TrainingVolume]
  /// Contrasts that the names of the files tell.
  let contrasts: [String]

  /// The spacing of the first volume, in millimetres.
  var spacing: SIMD3<Double> { training.all[0].spacing.rounded(significant: 6) }

  /// Finds, splits, reads and checks the volumes.
  init(_ request: TrainRequest, machine: Machine, console: Console) throws(Failure) {
    let (training, validation) = try Self.paths(request)
    let used =
      validation.count <= Self.mostForValidation
      ? validation
      : (0..<Self.mostForValidation).map {
        validation[$0 * validation.count / Self.mostForValidation]
      }
    console.info(
      "\(training.count) volumes to train on, \(used.count) of \(validation.count) to validate with"
    )
    let mixes = request.mixesSpacings
    let all = try Failure.of { () throws(TrainingDataError) in
      try TrainingVolumes(
        paths: training + used, normalisation: Self.normalisation, mixesSpacings: mixes,
        pool: machine.pool
      ).all
    }
    self.training = TrainingVolumes(Array(all.prefix(training.count)))
    self.validation = Array(all.dropFirst(training.count))
    contrasts = Self.knownContrasts.filter { name in
      training.contains { Self.contrast(of: $0) == name }
    }
  }

  private static func paths(
    _ request: TrainRequest
  ) throws(Failure) -> (training: [String], validation: [String]) {
    try Failure.of { () throws(TrainingDataError) in
      let found = try TrainingFiles.find(request.data, suffixes: request.suffixes)
      guard let source = request.validate else {
        return try TrainingFiles.split(
          found, validationShare: request.validationShare, seed: request.seed)
      }
      let validation = try TrainingFiles.find(source, suffixes: request.suffixes)
      let places = validation.compactMap { FileIdentity(path: $0) }
      let rest = found.filter { path in
        guard let place = FileIdentity(path: path) else { return true }
        return !places.contains(place)
      }
      guard !rest.isEmpty else { throw .nothingToTrainOn(count: found.count) }
      return (rest, validation)
    }
  }

  private static var normalisation: Normalisation {
    Normalisation(TrainingPreset.normalisation) ?? .none
  }

  private static func contrast(of path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    let stem = name.prefix { $0 != "." }
    return stem.split(separator: "_").last.map(String.init)
  }

  /// SHA-256 of all that is trained on, in order.
  var digest: String {
    var digest = SHA256Digest()
    for volume in training.all + validation {
      volume.voxels.withUnsafeBytes { digest.update($0) }
    }
    return digest.hexadecimal
  }

  /// Bytes that a training holds at most: the volumes, and the pool of coarser ones with splines.
  func peakBytes(_ data: DataSettings) -> Int {
    let held = (training.all + validation).map { $0.voxels.count * MemoryLayout<Float>.size }
    guard case .pool(let count, _) = data.drawing else { return held.reduce(0, +) }
    // Along one axis alone a volume becomes smaller by the smallest scale, no more.
    let drawn = 2 * Double(held.max() ?? 0) / data.scales.lowerBound
    return held.reduce(0, +) + (count + 1) * Int(drawn)
  }
}
