import Volumes
import Workers

/// A measurement with what is needed to compare results with it: which voxels count, and its noise.
public struct MeasuredVolume: Sendable {
  /// The values, `[k][j][i]`.
  public let voxels: [Float]
  /// How results are measured.
  public let measurement: MeasurementModel
  /// Voxels that are compared: in the result's field of view and not background; nil: all.
  public let isCounted: [Bool]?
  /// The estimated standard deviation of the noise.
  public let noise: Double?

  /// A value that this share of the voxels or more have, and none lies below, is a background.
  private static let backgroundShare = 0.01

  /// Looks at a measurement.
  ///
  /// - Parameters:
  ///   - voxels: In the order of the measured grid, finite.
  ///   - measurement: How results are measured.
  public init(_ voxels: [Float], by measurement: MeasurementModel) {
    self.voxels = voxels
    self.measurement = measurement
    var isCounted = measurement.insideVolume()
    let lowest = voxels.min() ?? 0
    let atLowest = voxels.reduce(0) { $0 + ($1 == lowest ? 1 : 0) }
    if atLowest < voxels.count,
      Double(atLowest) >= Self.backgroundShare * Double(voxels.count)
    {
      var object = isCounted ?? [Bool](repeating: true, count: voxels.count)
      for index in object.indices where voxels[index] == lowest { object[index] = false }
      isCounted = object
    }
    self.isCounted = isCounted
    noise = NoiseEstimate.standardDeviation(
      voxels, size: measurement.measuredSize, isCounted: isCounted)
  }

  /// The measurement less a result measured again; 0 where nothing is compared.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  public func differences(
    from result: UnsafePointer<Float>, pool: WorkerPool
  ) throws(WorkersError) -> [Float] {
    var values = try measurement.values(of: result, pool: pool)
    for index in values.indices {
      values[index] = isCounted?[index] ?? true ? voxels[index] - values[index] : 0
    }
    return values
  }

  /// Sums up ``differences(from:pool:)``.
  public func agreement(_ differences: [Float]) -> Agreement {
    Agreement(differences, isCounted: isCounted, noise: noise)
  }
}
