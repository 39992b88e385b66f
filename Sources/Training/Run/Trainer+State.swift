import Checkpoints
import Files
import Networks
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

  /// The common parameters and the sets, with what their tensors' names and counts begin and end with.
  private var named: [(prefix: String, suffix: String, set: ParameterSet)] {
    [("", "", common)]
      + sets.enumerated().map { (BlendedWeights.prefix(set: $0), ".\($0)", $1) }
  }

  /// All that the next step depends on, as a file.
  ///
  /// - Parameter metadata: What else shall be found again, such as where the data are.
  /// - Returns: Parameters, moments and average, and the counts of steps in the metadata.
  public func state(metadata: [String: String] = [:]) -> SafetensorsFile {
    let tensors = named.flatMap { prefix, _, set in
      Part.allCases.flatMap { part in
        buffer(part, of: set).map {
          layout.tensors($0.pointer, prefix: prefix + part.rawValue)
        } ?? []
      }
    }
    var own = [Self.stepsKey: "\(steps)"]
    for (_, suffix, set) in named { own[Self.adamStepsKey + suffix] = "\(set.adam.steps)" }
    return SafetensorsFile(
      tensors: tensors, metadata: metadata.merging(own) { _, own in own })
  }

  /// Takes up a training where ``state(metadata:)`` left it; the next step has the same bytes.
  ///
  /// - Throws: ``TrainingError`` if something is missing; then nothing was changed.
  public func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    let steps = try checkpoint.count(Self.stepsKey)
    var restored: [(AlignedBuffer<Float>, AlignedBuffer<Float>)] = []
    var adamSteps: [Int] = []
    for (prefix, suffix, set) in named {
      adamSteps.append(try checkpoint.count(Self.adamStepsKey + suffix))
      for part in Part.allCases {
        guard let target = buffer(part, of: set) else { continue }
        let source = try memory()
        try layout.load(
          checkpoint.tensors, prefix: prefix + part.rawValue, into: source.pointer)
        restored.append((target, source))
      }
    }
    for (target, source) in restored {
      target.pointer.update(from: source.pointer, count: layout.count)
    }
    self.steps = steps
    for (count, item) in zip(adamSteps, named) { item.set.adam.steps = count }
  }

  private func memory() throws(TrainingError) -> AlignedBuffer<Float> {
    do { return try AlignedBuffer(count: layout.count) } catch { throw .memory(error) }
  }

  private func buffer(_ part: Part, of set: ParameterSet) -> AlignedBuffer<Float>? {
    switch part {
    case .parameters: set.values
    case .first: set.adam.first
    case .second: set.adam.second
    case .average: set.average?.values
    }
  }
}
