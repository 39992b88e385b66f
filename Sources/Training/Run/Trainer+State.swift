import Checkpoints
import Files
import Workers

extension Trainer {
  /// What a checkpoint calls each array; the names of the tensors follow.
  private enum Part: String, CaseIterable {
    case parameters = "parameters."
    case first = "adam.first."
    case second = "adam.second."
    case average = "average."
  }

  private static let stepsKey = "train.steps"
  private static let adamStepsKey = "train.adam.steps"

  /// All that the next step depends on, as a file.
  ///
  /// - Parameter metadata: What else shall be found again, such as where the data are.
  /// - Returns: Parameters, moments and average, and the counts of steps in the metadata.
  public func state(metadata: [String: String] = [:]) -> SafetensorsFile {
    let tensors = Part.allCases.flatMap { part in
      buffer(part).map { layout.tensors($0.pointer, prefix: part.rawValue) } ?? []
    }
    let own = [Self.stepsKey: "\(steps)", Self.adamStepsKey: "\(adam.steps)"]
    return SafetensorsFile(
      tensors: tensors, metadata: metadata.merging(own) { _, own in own })
  }

  /// Takes up a training where ``state(metadata:)`` left it; the next step has the same bytes.
  ///
  /// - Throws: ``TrainingError`` if something is missing; then nothing was changed.
  public func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    let steps = try checkpoint.count(Self.stepsKey)
    let adamSteps = try checkpoint.count(Self.adamStepsKey)
    var restored: [(AlignedBuffer<Float>, AlignedBuffer<Float>)] = []
    for part in Part.allCases {
      guard let target = buffer(part) else { continue }
      let source = try memory()
      try layout.load(checkpoint.tensors, prefix: part.rawValue, into: source.pointer)
      restored.append((target, source))
    }
    for (target, source) in restored {
      target.pointer.update(from: source.pointer, count: layout.count)
    }
    self.steps = steps
    adam.steps = adamSteps
  }

  private func memory() throws(TrainingError) -> AlignedBuffer<Float> {
    do { return try AlignedBuffer(count: layout.count) } catch { throw .memory(error) }
  }

  private func buffer(_ part: Part) -> AlignedBuffer<Float>? {
    switch part {
    case .parameters: parameters
    case .first: adam.first
    case .second: adam.second
    case .average: average?.values
    }
  }
}
