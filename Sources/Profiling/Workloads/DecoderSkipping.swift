import FusedInference
import KernelInterface
import Networks

/// What the decoder left out, because units were zero at neighbouring points.
struct DecoderSkipping {
  /// Share of the inputs that each layer used, in the order in which the layers run.
  let usedShares: [Double]
  /// Multiply-accumulates per point that were left out.
  private let operationsPerPoint: Double

  /// Takes the counts of a run on a grid that is parallel to the input.
  ///
  /// There the first layers of both stages run at LR resolution, stage two's being the one that adds
  /// stage one's result, and the output layer never skips.
  init(_ counts: [UnitCount], network: ArSSRNetwork) {
    let layers = network.decoder.stageOne.dropFirst() + network.decoder.stageTwo.dropLast()
    usedShares = counts.map { $0.all > 0 ? Double($0.used) / Double($0.all) : 1 }
    operationsPerPoint = zip(layers, usedShares).reduce(0) { sum, layer in
      sum + (1 - layer.1) * Double(layer.0.operationsPerPoint)
    }
  }

  /// Multiply-accumulates that were left out at so many points.
  func operations(points: Int) -> Int { Int(operationsPerPoint * Double(points)) }
}

extension StepRecord {
  /// This step without so many multiply-accumulates, if it is the one that skips.
  func skipping(_ operations: Int) -> StepRecord {
    guard stage == .decode, name == "rows" else { return self }
    var step = self
    step.cost.operations -= operations
    return step
  }
}
