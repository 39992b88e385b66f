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
      buffer(part).map { prefixed(layout.tensors($0.pointer), part) } ?? []
    }
    let own = [Self.stepsKey: "\(steps)", Self.adamStepsKey: "\(adam.steps)"]
    return SafetensorsFile(
      tensors: tensors, metadata: metadata.merging(own) { _, own in own })
  }

  /// Takes up a training where ``state(metadata:)`` left it; the next step has the same bytes.
  ///
  /// - Throws: ``TrainingError`` if something is missing; then nothing was changed.
  public func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    let steps = try count(Self.stepsKey, checkpoint)
    let adamSteps = try count(Self.adamStepsKey, checkpoint)
    var restored: [(AlignedBuffer<Float>, AlignedBuffer<Float>)] = []
    for part in Part.allCases {
      guard let target = buffer(part) else { continue }
      let source = try memory()
      let tensors = checkpoint.tensors.compactMap { tensor -> Tensor? in
        guard tensor.name.hasPrefix(part.rawValue) else { return nil }
        var renamed = tensor
        renamed.name = String(tensor.name.dropFirst(part.rawValue.count))
        return renamed
      }
      try layout.load(tensors, into: source.pointer)
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

  private func prefixed(_ tensors: [Tensor], _ part: Part) -> [Tensor] {
    tensors.map { tensor in
      var renamed = tensor
      renamed.name = part.rawValue + tensor.name
      return renamed
    }
  }

  private func count(_ key: String, _ checkpoint: Checkpoint) throws(TrainingError) -> Int {
    guard let text = checkpoint.metadata[key], let count = Int(text), count >= 0 else {
      throw .stateValue(key: key, found: checkpoint.metadata[key])
    }
    return count
  }
}
