import Checkpoints
import Training

/// What a training remembers between runs besides the trainer's own state.
struct TrainState {
  private static let prefix = "train."
  private static let volumesKey = prefix + "volumes"
  private static let volumeSizesKey = prefix + "volumes.sizes"
  private static let validatedKey = prefix + "validated"
  private static let bestKey = prefix + "best.psnr"
  private static let bestStepKey = prefix + "best.step"
  private static let instructionSetKey = prefix + "isa"
  private static let optionPrefix = prefix + "option."

  /// Steps after which was last validated.
  var validated = 0
  /// The highest validation PSNR, and the steps that made it.
  var best: (psnr: Double, step: Int)?

  /// Whether the newest state in the folder can be read.
  var isLastReadable = true

  private let prepared: any PreparedRun
  /// Gigabytes are hashed for it, so once.
  private let volumesDigest: String

  /// The memory of a training that begins.
  init(_ prepared: any PreparedRun) {
    self.prepared = prepared
    volumesDigest = prepared.volumes.digest
  }

  private var instructionSet: String { "\(prepared.machine.instructionSet)" }

  /// The metadata that stand for it.
  var metadata: [String: String] {
    var metadata = [
      Self.volumesKey: volumesDigest,
      Self.volumeSizesKey: prepared.volumes.sizesDigest,
      Self.validatedKey: "\(validated)", Self.instructionSetKey: instructionSet,
    ]
    if let best {
      metadata[Self.bestKey] = "\(best.psnr)"
      metadata[Self.bestStepKey] = "\(best.step)"
    }
    for (key, value) in prepared.members where key.name != OptionCatalogue.initialModel.name {
      metadata[Self.optionPrefix + key.name] = value.line
    }
    return metadata
  }

  /// What held for an option in trainings that are older than the option.
  private func optionBefore(_ key: String) -> String? {
    prepared.membersBefore[String(key.dropFirst(Self.optionPrefix.count))]?.line
  }

  /// Takes up what a checkpoint remembers.
  ///
  /// - Throws: If it belongs to a training with other options or volumes, or on an instruction set
  ///   that rounds otherwise.
  mutating func restore(_ checkpoint: Checkpoint) throws(Failure) {
    let stored = checkpoint.metadata
    let own = metadata
    let keys = own.merging(stored) { own, _ in own }.keys
    for key in keys.sorted() where key.hasPrefix(Self.optionPrefix) {
      let (found, now) = (stored[key] ?? optionBefore(key), own[key])
      // Where all options are members, one that is missing is younger than the state or the program.
      if found == now || prepared.membersAreComplete && (found == nil || now == nil) { continue }
      throw Failure(
        .otherTraining(
          path: checkpoint.path, option: "--\(key.dropFirst(Self.optionPrefix.count))",
          found: found ?? "none"))
    }
    // States of before its time have no sizes.
    for key in [Self.volumesKey, Self.volumeSizesKey] {
      guard let found = stored[key], found != own[key] else { continue }
      throw Failure(
        .otherTraining(
          path: checkpoint.path, option: "set of volumes",
          found: "SHA-256 \(found.prefix(16))..."))
    }
    if let found = stored[Self.instructionSetKey], found != instructionSet {
      throw Failure(.otherInstructionSet(path: checkpoint.path, found: found, here: instructionSet))
    }
    validated = stored[Self.validatedKey].flatMap { Int($0) } ?? 0
    if let psnr = stored[Self.bestKey].flatMap({ Double($0) }),
      let step = stored[Self.bestStepKey].flatMap({ Int($0) })
    {
      best = (psnr, step)
    }
  }
}
