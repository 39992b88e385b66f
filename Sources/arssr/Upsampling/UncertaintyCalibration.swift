import Glibc
import Networks
import Volumes

/// What makes expected errors of the spread of an ensemble: the model's own calibration, or the one for
/// models that state none.
struct UncertaintyCalibration {
  /// The two numbers at the scale of the run.
  let line: SpreadCalibration.Line
  /// Whether the model states them.
  let isOfModel: Bool

  /// - Parameters:
  ///   - card: The model's.
  ///   - scale: Factors along i, j, k.
  init(_ card: ModelCard, scale: SIMD3<Double>) {
    let mean = cbrt(scale.x * scale.y * scale.z)
    line = (card.uncertainty ?? .standard).line(at: mean)
    isOfModel = card.uncertainty != nil
  }

  /// The error where there is nearly no spread, in the units of an input.
  func floor(over voxels: [Float]) -> Float {
    guard let range = IntensityRange(ofFinite: voxels) else { return 0 }
    return Float(line.floor) * (range.high - range.low)
  }

  /// The form of the sidecar.
  var json: JSON {
    .object([
      ("Floor", .number(line.floor)), ("Factor", .number(line.factor)),
      ("Origin", .string(isOfModel ? "model" : "default")),
    ])
  }
}
