/// The network from a feature vector and a coordinate to one intensity.
///
/// With x = [features; three coordinates; condition, if the model has one]:
///
///     h = stageOne(x)                 every layer followed by a ReLU, the last one too
///     y = stageTwo(x + h)             every layer but the last followed by a ReLU
///
/// Whether the last layer of stage two has a ReLU is ``ArSSRVariants/finalReLU``.
/// Names: `decoder.stage_one.0`, `.2`, ..., `decoder.stage_two.0`, `.2`, ...
public struct Decoder: Sendable, Equatable {
  /// Layers of stage one, each followed by a ReLU.
  public var stageOne: [Linear]
  /// Layers of stage two, each but the last followed by a ReLU.
  public var stageTwo: [Linear]

  /// Numbers per query point: features, coordinates, condition.
  public var inputs: Int { stageOne[0].inputs }
  /// Width of the hidden layers.
  public var width: Int { stageOne[0].outputs }
  /// Layers per stage.
  public var depth: Int { stageOne.count }

  /// Both stages in the order of the file.
  public var layers: [Linear] { stageOne + stageTwo }

  /// Multiply-accumulates per output voxel, as published (no layer moved to the input grid).
  public var operationsPerVoxel: Int { layers.reduce(0) { $0 + $1.operationsPerPoint } }

  /// Weights and biases.
  public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }
}
