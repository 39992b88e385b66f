import Degradation
import FusedInference
import Volumes

/// What a run holds and does because its result is needed as a whole.
struct RefinementPlan {
  /// How results are measured again; nil where they are not.
  let measurement: MeasurementModel?
  /// Bytes beside the job while it runs: the result, its spread, a turned input.
  let heldBytes: Int
  /// Bytes behind the job: the result, and what is done with it.
  let laterBytes: Int

  /// nil where results leave plane by plane.
  ///
  /// - Parameters:
  ///   - request: What was asked for.
  ///   - input: The input's grid.
  ///   - target: The result's.
  ///   - modelBlur: The blur that the model takes into account, if it does.
  /// - Throws: If the grids do not meet.
  init?(
    _ request: RefinementRequest, input: Grid, target: Grid, modelBlur: InputBlur?
  ) throws(Failure) {
    guard request.holdsResult else { return nil }
    measurement =
      try request.measures
      ? Failure.of { () throws(GridError) in
        try MeasurementModel(
          of: target, on: input, blur: request.blur ?? modelBlur?.measured ?? .uniform(0))
      } : nil
    let float = MemoryLayout<Float>.size
    let result = (request.uncertainty == nil ? 1 : 2) * float * target.voxelCount
    heldBytes = result + (request.isEnsemble ? float * input.voxelCount : 0)
    let work = (measurement?.peakBytes ?? 0) + 5 * float * input.voxelCount
    let report =
      request.report == nil
      ? 0 : ReportMemory.bytes(result: target, input: input, hasTruth: false)
    laterBytes = max(work, report)
  }
}

extension InputBlur {
  /// The measurement that makes this blur.
  fileprivate var measured: MeasurementModel.Blur {
    switch self {
    case .uniform(let width), .removed(let width): .uniform(width)
    case .perAxis(let widths): .perAxis(widths)
    }
  }
}
