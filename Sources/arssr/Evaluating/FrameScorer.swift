import Metrics
import Volumes
import Workers

/// Scores results against one frame of the truth.
struct FrameScorer {
  private let request: EvaluateRequest
  private let truth: Volume
  private let pool: WorkerPool
  /// nil where PSI was not asked for.
  private let truthSharpness: VolumeSharpness?
  private let regions: [(name: ScoreItem.Region, mask: [UInt8]?)]

  init(_ request: EvaluateRequest, truth: Volume, mask: [UInt8]?, pool: WorkerPool) {
    self.request = request
    self.truth = truth
    self.pool = pool
    truthSharpness =
      request.metrics.contains(.psi) ? Self.sharpness(of: truth, against: truth, pool) : nil
    let size = truth.grid.size
    var regions: [(name: ScoreItem.Region, mask: [UInt8]?)] = [
      (.whole, request.border > 0 ? Self.inner(nil, size, border: request.border) : nil)
    ]
    let inside =
      request.mask == .foreground ? truth.voxels.map { $0 > 0 ? 1 : 0 } : mask
    if let inside {
      regions.append((.mask, Self.inner(inside, size, border: request.border)))
    }
    self.regions = regions
  }

  /// Scores a result.
  ///
  /// - Parameters:
  ///   - volume: The result, on the truth's grid.
  ///   - name: Its file.
  ///   - labels: The segmentations, if there are.
  ///   - frame: The number of the frame.
  /// - Returns: An item per region.
  /// - Throws: If an axis is too short for a window.
  func scores(
    of volume: Volume, named name: String, labels: ImagePair?, frame: Int
  ) throws(Failure) -> [ScoreItem] {
    do throws(ComparisonError) {
      let pair = try ImagePair(volume, against: truth)
      let sharpness = truthSharpness.map {
        (result: Self.sharpness(of: volume, against: truth, pool), truth: $0)
      }
      return try scores(pair, named: name, labels: labels, sharpness: sharpness, frame: frame)
    } catch {
      var failure = Failure(error)
      failure.subject = name
      throw failure
    }
  }

  private func scores(
    _ pair: ImagePair, named name: String, labels: ImagePair?,
    sharpness: (result: VolumeSharpness, truth: VolumeSharpness)?, frame: Int
  ) throws(ComparisonError) -> [ScoreItem] {
    let limits =
      switch request.range {
      case .truth: pair.referenceLimits(pool: pool)
      case .fixed(let low, let high): (low, high)
      }
    let range = limits.1 - limits.0
    let masks = regions.map(\.mask)
    let overlap = labels.map { LabelOverlap($0, pool: pool) }
    let similarity =
      request.metrics.contains(.ssim)
      ? try StructuralSimilarity(
        pair, masks: masks, window: request.window, range: range, pool: pool) : nil
    let frequencies =
      request.metrics.contains(.hfen)
      ? try HighFrequencyError(pair, masks: masks, pool: pool) : nil
    var items: [ScoreItem] = []
    for (index, region) in regions.enumerated() {
      let errors = try VoxelErrors(pair, mask: region.mask, range: range, pool: pool)
      let windowed = similarity?.nonFiniteCount ?? frequencies?.nonFiniteCount ?? 0
      let scores = request.metrics.compactMap { metric -> (ScoreMetric, Double)? in
        let value: Double? =
          switch metric {
          case .psnr: errors.peakSignalToNoise
          case .ssim: similarity?.means[index] ?? .nan
          case .mae: errors.meanAbsolute
          case .rmse: errors.rootMeanSquare
          case .nrmse: errors.normalisedRootMeanSquare()
          case .hfen: frequencies?.ratios[index] ?? .nan
          case .dice: region.name == .whole ? overlap?.meanDice : nil
          case .psi: region.name == .whole ? sharpness?.result.mean : nil
          }
        return value.map { (metric, $0) }
      }
      items.append(
        ScoreItem(
          result: name, frame: frame, region: region.name, voxels: errors.count,
          nonFiniteCount: max(errors.nonFiniteCount, windowed), range: limits, scores: scores,
          labels: region.name == .whole
            ? overlap.map { overlap in overlap.labels.map { ($0, overlap.dice($0)) } } ?? [] : [],
          sharpness: region.name == .whole ? sharpness : nil))
    }
    return items
  }

  /// On the gray scale of the truth.
  private static func sharpness(
    of volume: Volume, against truth: Volume, _ pool: WorkerPool
  ) -> VolumeSharpness {
    let range = IntensityRange(ofFinite: truth.voxels)
    return VolumeSharpness(
      volume.voxels, size: volume.grid.size,
      limits: (Double(range?.low ?? .nan), Double(range?.high ?? .nan)), pool: pool)
  }

  /// The voxels of a mask, or all, that lie at least `border` voxels from every face.
  private static func inner(_ mask: [UInt8]?, _ size: SIMD3<Int>, border: Int) -> [UInt8] {
    guard border > 0 else { return mask ?? [] }
    var result = [UInt8](repeating: 0, count: size.x * size.y * size.z)
    guard 2 * border < size.min() else { return result }
    for k in border..<(size.z - border) {
      for j in border..<(size.y - border) {
        let row = (k * size.y + j) * size.x
        for index in (row + border)..<(row + size.x - border) { result[index] = mask?[index] ?? 1 }
      }
    }
    return result
  }
}
