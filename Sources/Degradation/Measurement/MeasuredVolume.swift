import Volumes
import Workers

/// A measurement with what is needed to compare results with it: which voxels count, and its noise.
public struct MeasuredVolume: Sendable {
  /// The values, `[k][j][i]`.
  public let voxels: [Float]
  /// How results are measured.
  public let measurement: MeasurementModel
  /// Voxels that count: in the result's field of view and not background; nil: all.
  public let isCounted: [Bool]?
  /// Voxels in the result's field of view; nil: all.
  private let isInside: [Bool]?
  /// The estimated standard deviation of the noise.
  public let noise: Double?

  /// Looks at a measurement.
  ///
  /// - Parameters:
  ///   - voxels: In the order of the measured grid, finite.
  ///   - measurement: How results are measured.
  public init(_ voxels: [Float], by measurement: MeasurementModel) {
    self.voxels = voxels
    self.measurement = measurement
    let map = IntensityMap.measured(.percentile(0.1, 99.9), voxels: voxels)
    let object = ObjectMask.voxels(
      voxels, size: measurement.measuredSize, range: map.high - map.low)
    let inside = measurement.insideVolume()
    isInside = inside
    if let object, let inside {
      isCounted = zip(object, inside).map { $0 && $1 }
    } else {
      isCounted = object ?? inside
    }
    noise = NoiseEstimate.standardDeviation(
      voxels, size: measurement.measuredSize, isCounted: isCounted)
  }

  /// The measurement less a result measured again; 0 outside the result's field of view.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  public func differences(
    from result: UnsafePointer<Float>, pool: WorkerPool
  ) throws(WorkersError) -> [Float] {
    var values = try measurement.values(of: result, pool: pool)
    for index in values.indices {
      values[index] = isInside?[index] ?? true ? voxels[index] - values[index] : 0
    }
    return values
  }

  /// Sums up ``differences(from:pool:)``.
  public func agreement(_ differences: [Float]) -> Agreement {
    Agreement(differences, isCounted: isCounted, noise: noise)
  }
}
