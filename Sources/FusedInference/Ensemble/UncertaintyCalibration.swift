import Glibc
import Networks
import Volumes
import Workers

/// What makes expected errors of the spread of an ensemble: the model's own calibration at the scale of
/// a run, or the one for models that state none.
public struct UncertaintyCalibration: Sendable, Equatable {
  /// The two numbers.
  public let line: SpreadCalibration.Line
  /// Whether the model states them.
  public let isOfModel: Bool

  /// Takes the numbers for a scale: the cube root of how many voxels of the result fill one of the input.
  public init(_ card: ModelCard, from input: Grid, to target: Grid) {
    func volume(_ grid: Grid) -> Double {
      let spacing = grid.affine.columnNorms
      return spacing.x * spacing.y * spacing.z
    }
    line = (card.uncertainty ?? .standard).line(at: cbrt(volume(input) / volume(target)))
    isOfModel = card.uncertainty != nil
  }

  /// Turns the spread of an ensemble into expected errors, in place.
  ///
  /// - Parameters:
  ///   - sum: All results of the ensemble.
  ///   - voxels: The input; its range is the unit of the floor.
  /// - Returns: Standard deviations in the result's units; nil where no spread was wanted.
  public func expectedErrors(_ sum: EnsembleSum, of voxels: [Float]) -> AlignedBuffer<Float>? {
    let range = IntensityRange(ofFinite: voxels).map { $0.high - $0.low } ?? 0
    return sum.expectedErrors(floor: Float(line.floor) * range, factor: Float(line.factor))
  }
}
