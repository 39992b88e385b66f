import Volumes
import Workers

/// Changes a result until it agrees with the measurement (iterated back-projection, Irani and
/// Peleg, 1991).
///
/// x(t+1) = x(t) + U (R(t+1) - R(t)) with R(t+1) = clamp(R(t) + y - A x(t), ±L): A is the
/// ``MeasurementModel``, U the cubic B-spline through measured voxels, L twice the largest
/// disagreement at the beginning. So the whole change is the spline through a volume that is
/// nowhere above L. It ends after 8 rounds, or when a round gains less than 1 % of the root mean
/// square of y - A x. A round that makes the agreement worse is taken back. It follows the
/// measurement's noise too: an end at the estimated noise, which structure raises, would leave
/// disagreement that is none.
public struct BackProjection: Sendable {
  /// Most rounds.
  public static let mostRounds = 8
  /// The least gain of a round, as a share of the root mean square.
  private static let leastGain = 0.01
  /// The bound of the change over the largest disagreement at the beginning.
  private static let changeFactor: Float = 2

  /// What a run did.
  public struct Outcome: Sendable, Equatable {
    /// Rounds that stayed.
    public let rounds: Int
    /// Before the first.
    public let before: Agreement
    /// After the last.
    public let after: Agreement
  }

  /// The measurement and how results are measured.
  public let measured: MeasuredVolume
  /// Where the result's voxels lie in the measured grid.
  public let sampling: PreparedSampling
  /// Voxels of the result that hold this value stay as they are.
  public let background: Float?
  /// Limits of the result's values.
  public let clip: IntensityRange?

  /// Collects what a run needs.
  ///
  /// - Parameters:
  ///   - measured: The measurement.
  ///   - sampling: Where the result's voxels lie in the measured grid.
  ///   - background: A value that stays, where the result has it.
  ///   - clip: Limits of the result's values.
  public init(
    _ measured: MeasuredVolume, sampling: Sampling, background: Float? = nil,
    clip: IntensityRange? = nil
  ) {
    self.measured = measured
    self.sampling = PreparedSampling(
      sampling, inputSize: measured.measurement.measuredSize, method: .cubic)
    self.background = background
    self.clip = clip
  }

  /// Bytes that a run takes beside the result: the measurement of it, and four measured volumes.
  public var peakBytes: Int {
    measured.measurement.peakBytes + 4 * measured.voxels.count * MemoryLayout<Float>.size
  }

  /// Changes a result in place; the same bytes for any number of workers.
  ///
  /// - Parameters:
  ///   - result: All voxels of the result.
  ///   - pool: Shares the work.
  ///   - isCancelled: Asked between rounds; the result is unfinished then.
  /// - Returns: How well the result agreed before and agrees now.
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  public func run(
    _ result: UnsafeMutableBufferPointer<Float>, pool: WorkerPool,
    isCancelled: () -> Bool = { false }
  ) throws(WorkersError) -> Outcome {
    guard let base = result.baseAddress else { preconditionFailure("a result without voxels") }
    var differences = try measured.differences(from: base, pool: pool)
    let before = measured.agreement(differences)
    let limit = Self.changeFactor * Float(before.largest)
    var agreement = before
    var change = [Float](repeating: 0, count: differences.count)
    var rounds = 0
    while rounds < Self.mostRounds, agreement.rootMeanSquare > 0, !isCancelled() {
      var step = differences
      for index in step.indices {
        let next = min(max(change[index] + step[index], -limit), limit)
        step[index] = next - change[index]
        change[index] = next
      }
      add(step, to: result, pool: pool)
      differences = try measured.differences(from: base, pool: pool)
      let reached = measured.agreement(differences)
      if reached.rootMeanSquare >= agreement.rootMeanSquare {
        add(step.map { -$0 }, to: result, pool: pool)
        break
      }
      let gain = 1 - reached.rootMeanSquare / agreement.rootMeanSquare
      agreement = reached
      rounds += 1
      if gain < Self.leastGain { break }
    }
    return Outcome(rounds: rounds, before: before, after: agreement)
  }

  private func add(
    _ step: consuming [Float], to result: UnsafeMutableBufferPointer<Float>, pool: WorkerPool
  ) {
    let spline = Interpolator(voxels: step, sampling: sampling, pool: pool)
    let (box, strides) = (sampling.rowBox, sampling.outputStrides)
    let target = Rows(voxels: result)
    pool.run(box.y * box.z) { item, _ in
      let (k, j) = item.quotientAndRemainder(dividingBy: box.y)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: box.x) { row in
        row.initialize(repeating: 0)
        spline.row(j: j, k: k, into: row)
        let start = j * strides.y + k * strides.z
        for i in 0..<box.x {
          let old = target.voxels[start + i * strides.x]
          if old == background { continue }
          var new = old + row[i]
          if let clip { new = min(max(new, clip.low), clip.high) }
          target.voxels[start + i * strides.x] = new
        }
      }
    }
  }

  /// Rows share no voxel, so workers may change them at the same time.
  private struct Rows: @unchecked Sendable {
    let voxels: UnsafeMutableBufferPointer<Float>
  }
}
