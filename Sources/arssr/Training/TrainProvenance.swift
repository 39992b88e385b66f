import Training

/// What the card of a trained model says of where it came from.
enum TrainProvenance {
  /// JSON of the program.
  static var text: String {
    JSON.object([("program", .string("arssr \(Arssr.version) train"))]).line
  }

  /// Volumes, steps, options and score of a training.
  static func training(
    _ step: Int, _ volumes: TrainVolumes, _ options: [(key: AnyOptionKey, value: JSON)],
    _ score: ValidationScore?
  ) -> JSON {
    .object(
      [
        ("volumes", .integer(volumes.training.all.count)),
        ("validationVolumes", .integer(volumes.validation.count)),
        ("trainedSpacing", .numbers(volumes.spacing)), ("step", .integer(step)),
      ] + options.map { ($0.key.settingsKey, $0.value) }
        + (score.map { [("validation", TrainLog.json($0))] } ?? []))
  }
}
