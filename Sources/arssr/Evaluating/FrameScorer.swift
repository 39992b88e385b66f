import Files
import Metrics
import Volumes
import Workers

/// Scores results against one frame of the truth.
struct FrameScorer {
  private let request: EvaluateRequest
  private let truth: Volume
  private let machine: Machine
  private let perception: PerceptualDistance?
  private let slices: SliceScorer
  private let regions: [(name: ScoreItem.Region, mask: [UInt8]?)]
  /// Of the truth, and the mask in which it was made.
  private let segmentation: (labels: [Float], mask: [UInt8])?

  /// Measures the truth as far as that does not depend on a result.
  ///
  /// - Throws: If the system refuses memory.
  init(
    _ request: EvaluateRequest, truth: Volume, mask: [UInt8]?, perception: PerceptualDistance?,
    machine: Machine
  ) throws(Failure) {
    self.request = request
    self.truth = truth
    self.machine = machine
    self.perception = perception
    let size = truth.grid.size
    let inside = request.mask == .foreground ? Self.foreground(truth) : mask
    slices = try SliceScorer(request, truth: truth, mask: inside, machine: machine)
    segmentation =
      request.segments
      ? Self.segmented(truth, mask: inside ?? Self.foreground(truth), machine.pool) : nil
    var regions: [(name: ScoreItem.Region, mask: [UInt8]?)] = [
      (.whole, request.border > 0 ? Self.inner(nil, size, border: request.border) : nil)
    ]
    if let inside {
      regions.append((.mask, Self.inner(inside, size, border: request.border)))
    }
    self.regions = regions
  }

  /// Bytes per voxel beside result and truth.
  static func bytesPerVoxel(_ request: EvaluateRequest) -> Int {
    // Mask, mask less the border, and what is neither.
    var bytes = 3
    if request.masksBackground { bytes += 2 * MemoryLayout<Float>.size }
    // The mask's voxels, labels with a border and without, labels of both as numbers.
    if request.segments { bytes += 3 * MemoryLayout<Float>.size + 2 }
    return bytes
  }

  /// Scores results, in their order.
  ///
  /// - Parameters:
  ///   - results: On the truth's grid, with their names.
  ///   - labels: The segmentations of each, if there are files of them.
  ///   - scored: Which truth and frame it is.
  /// - Returns: An item per result and region.
  /// - Throws: If an axis is too short for a window, or the system refuses memory.
  func scores(
    of results: [(name: String, volume: Volume)], labels: [ImagePair?], scored: ScoreItem.Case
  ) throws(Failure) -> [ScoreItem] {
    let distances = try perception.map { perception throws(Failure) in
      try Failure.of(.model) { () throws(ComparisonError) in
        try perception.scores(
          of: results.map(\.volume.voxels), against: truth.voxels, size: truth.grid.size,
          pool: machine.pool)
      }
    }
    var items: [ScoreItem] = []
    for (index, result) in results.enumerated() {
      do throws(ComparisonError) {
        let measured = try slices.items(result.volume, distance: distances?[index])
        items += try scores(
          try ImagePair(result.volume, against: truth), named: result.name,
          overlap: try overlap(of: result.volume, labels: labels[index]), slices: measured,
          scored: scored)
      } catch {
        var failure = Failure(error)
        // What is made here has no file; the truth that it is made from has.
        failure.subject = request.contenders == nil ? result.name : scored.truth
        throw failure
      }
    }
    return items
  }

  private func scores(
    _ pair: ImagePair, named name: String, overlap: LabelOverlap?, slices: [SliceItem],
    scored: ScoreItem.Case
  ) throws(ComparisonError) -> [ScoreItem] {
    let pool = machine.pool
    let limits =
      switch request.range {
      case .truth: pair.referenceLimits(pool: pool)
      case .fixed(let low, let high): (low, high)
      }
    let range = limits.1 - limits.0
    let masks = regions.map(\.mask)
    let similarity =
      request.metrics.contains(.ssim)
      ? try StructuralSimilarity(
        pair, masks: masks, window: request.window, range: range, kernels: machine.kernels,
        pool: pool)
      : nil
    let frequencies =
      request.metrics.contains(.hfen)
      ? try HighFrequencyError(pair, masks: masks, pool: pool) : nil
    var items: [ScoreItem] = []
    for (index, region) in regions.enumerated() {
      let isWhole = region.name == .whole
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
          case .dice: isWhole ? overlap?.meanDice ?? .nan : nil
          case .psi, .lpcsi, .lpips: isWhole ? self.slices.mean(of: metric, in: slices) : nil
          }
        return value.map { (metric, $0) }
      }
      items.append(
        ScoreItem(
          result: name, scored: scored, region: region.name, voxels: errors.count,
          nonFiniteCount: max(errors.nonFiniteCount, windowed), range: limits, scores: scores,
          labels: isWhole
            ? overlap.map { overlap in overlap.labels.map { ($0, overlap.dice($0)) } } ?? [] : [],
          slices: isWhole ? slices : []))
    }
    return items
  }

  /// Of the files' labels, or of the built-in segmentations; nil where a voxel is not finite.
  private func overlap(
    of volume: Volume, labels: ImagePair?
  ) throws(ComparisonError) -> LabelOverlap? {
    if let labels { return LabelOverlap(labels, pool: machine.pool) }
    guard let segmentation,
      let result = Self.segmented(volume, mask: segmentation.mask, machine.pool)
    else { return nil }
    return LabelOverlap(
      try ImagePair(result.labels, against: segmentation.labels, size: volume.grid.size),
      pool: machine.pool)
  }

  private static func segmented(
    _ volume: Volume, mask: [UInt8], _ pool: WorkerPool
  ) -> (labels: [Float], mask: [UInt8])? {
    guard volume.voxels.allSatisfy(\.isFinite) else { return nil }
    let segmentation = TissueSegmentation(
      volume.voxels, size: volume.grid.size, mask: mask, pool: pool)
    return (segmentation.labels.map { Float($0) }, mask)
  }

  private static func foreground(_ volume: Volume) -> [UInt8] {
    volume.voxels.map { $0 > 0 ? 1 : 0 }
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
