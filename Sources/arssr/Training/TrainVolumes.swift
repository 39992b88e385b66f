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
  ///
  /// - Parameters:
  ///   - request: Which.
  ///   - text: The normalisation of each volume.
  ///   - guideSuffix: Contrast of the guides, whose files lie beside the volumes; nil: none.
  ///   - machine: Its workers.
  ///   - console: Is told how many there are.
  /// - Throws: The first thing that is wrong with them.
  init(
    _ request: TrainRequest, normalisation text: String = TrainingPreset.normalisation,
    guideSuffix: String? = nil, machine: Machine, console: Console
  ) throws(Failure) {
    let normalisation = Normalisation(text) ?? .none
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
        paths: training + used, normalisation: normalisation,
        guides: guideSuffix.map { suffix in (training + used).map { Self.guide(of: $0, suffix) } },
        mixesSpacings: mixes, pool: machine.pool
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
        return TrainingFiles.split(
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

  /// The file of another contrast: `sub-01_T1w.nii.gz` becomes `sub-01_T2w.nii.gz`.
  private static func guide(of path: String, _ suffix: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.prefix { $0 != "." }
    let start = stem.lastIndex(of: "_").map { stem[..<stem.index(after: $0)] } ?? ""
    return "\(path.dropLast(name.count))\(start)\(suffix)\(name.dropFirst(stem.count))"
  }

  private static func contrast(of path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    let stem = name.prefix { $0 != "." }
    return stem.split(separator: "_").last.map(String.init)
  }

  /// Says what is unusual about them.
  ///
  /// - Parameters:
  ///   - request: What was asked for.
  ///   - unscored: Files with a box that cannot be scored.
  ///   - isScored: Whether any box can.
  ///   - console: Where it is said.
  func warn(
    _ request: TrainRequest, unscored: [String], isScored: Bool, _ console: Console
  ) {
    for path in unscored {
      console.warn(
        Notice(
          code: "usage.value", subject: path,
          message:
            "its middle, which models are validated with, has no two values at some scale, so "
            + "no PSNR, and is left out there"))
    }
    if !isScored { warnOfNoValidation(request, console) }
    // Several suffixes are a wish.
    guard contrasts.count > 1, request.suffixes.count < 2 else { return }
    console.warn(
      Notice(
        code: "usage.value", subject: "--data",
        message: "the names tell of several contrasts (\(contrasts.joined(separator: ", "))), and "
          + "the model will be one for all of them; give it those of one where that is not meant"))
  }

  /// Says what is lost where nothing can be validated with.
  private func warnOfNoValidation(_ request: TrainRequest, _ console: Console) {
    let patience = request.patience == nil ? "" : ", nor does --patience end the training"
    console.warn(
      Notice(
        code: "usage.value", subject: "--validate",
        message: "no volume is kept to validate with, so best.safetensors is the latest model "
          + "and nothing says whether it is better than interpolation\(patience)"))
  }

  /// SHA-256 of all that is trained on, in order.
  var digest: String {
    var digest = SHA256Digest()
    for volume in training.all + validation {
      volume.voxels.withUnsafeBytes { digest.update($0) }
      volume.guide.withUnsafeBytes { digest.update($0) }
    }
    return digest.hexadecimal
  }

  /// SHA-256 of how many volumes there are to train on and to validate with, and of their sizes.
  var sizesDigest: String {
    var digest = SHA256Digest()
    for part in [training.all, validation] {
      let text = part.map { "\($0.size.x) \($0.size.y) \($0.size.z)\n" }.joined() + "\n"
      Array(text.utf8).withUnsafeBytes { digest.update($0) }
    }
    return digest.hexadecimal
  }

  /// Bytes that a training holds at most: the volumes, and the pool of coarser ones with splines.
  func peakBytes(_ data: DataSettings) -> Int {
    let held = (training.all + validation).map(\.byteCount)
    guard case .pool(let count, _) = data.drawing else { return held.reduce(0, +) }
    // Along one axis alone a volume becomes smaller by the smallest scale, no more.
    let drawn = 2 * Double(held.max() ?? 0) / data.scales.lowerBound
    return held.reduce(0, +) + (count + 1) * Int(drawn)
  }
}
