import Metrics
import Volumes
import Workers

/// Measures volumes slice by slice, on the gray scale of one truth.
struct SliceScorer {
  private let request: EvaluateRequest
  private let machine: Machine
  private let sharpness: VolumeSharpness
  private let limits: (low: Double, high: Double)
  private let nonEmpty: SliceSelection
  /// Nonzero where voxels stay as they are; nil: everywhere.
  private let kept: [UInt8]?
  /// Of the truth, per metric that judges a volume alone.
  private var truthScores: [ScoreMetric: SliceScores] = [:]

  /// - Throws: If the system refuses memory.
  init(
    _ request: EvaluateRequest, truth: Volume, mask: [UInt8]?, machine: Machine
  ) throws(Failure) {
    self.request = request
    self.machine = machine
    let size = truth.grid.size
    sharpness = VolumeSharpness(size: size)
    let range = IntensityRange(ofFinite: truth.voxels)
    limits = (Double(range?.low ?? .nan), Double(range?.high ?? .nan))
    nonEmpty =
      mask.map { SliceSelection(meeting: $0, size: size) }
      ?? SliceSelection(notEmptyIn: truth.voxels, size: size)
    kept = request.masksBackground ? mask : nil
    do throws(ComparisonError) {
      for metric in [ScoreMetric.psi, .lpcsi] where request.metrics.contains(metric) {
        truthScores[metric] = try scores(of: truth, by: metric)
      }
    } catch {
      throw Failure(error)
    }
  }

  /// What was asked for of a result.
  ///
  /// - Parameters:
  ///   - volume: On the truth's grid.
  ///   - distance: Its LPIPS, if that was asked for.
  /// - Returns: An item per metric of slices.
  /// - Throws: If the system refuses memory.
  func items(
    _ volume: Volume, distance: SliceScores?
  ) throws(ComparisonError) -> [SliceItem] {
    var items: [SliceItem] = []
    for metric in request.metrics where metric.isOfSlices {
      let scores = metric == .lpips ? distance : try scores(of: volume, by: metric)
      guard let scores else { continue }
      items.append(
        SliceItem(
          metric: metric, result: scores, truth: truthScores[metric], nonEmpty: nonEmpty))
    }
    return items
  }

  /// The mean over the slices that `--slices` chooses.
  func mean(of metric: ScoreMetric, in items: [SliceItem]) -> Double? {
    items.first { $0.metric == metric }.map { item in
      request.slices == .all ? item.result.mean : item.result.mean(nonEmpty)
    }
  }

  private func scores(
    of volume: Volume, by metric: ScoreMetric
  ) throws(ComparisonError) -> SliceScores {
    let voxels = kept.map { mask in
      zip(volume.voxels, mask).map { $1 != 0 ? $0 : Float(limits.low) }
    }
    let shown = voxels ?? volume.voxels
    do throws(WorkersError) {
      if metric == .psi {
        return try sharpness.perceptual(shown, limits: limits, pool: machine.pool)
      }
      return try sharpness.coherence(
        shown, limits: limits, kernels: machine.kernels, pool: machine.pool)
    } catch {
      throw .memory(error)
    }
  }
}
