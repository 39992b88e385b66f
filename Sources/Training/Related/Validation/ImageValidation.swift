import FusedInference
import KernelInterface
import Networks
import Volumes
import Workers

/// The boxes that a related network's training is validated with: the middle of every volume at every
/// scale, made coarser as for training.
///
/// A network is scored by the engine that `upsample` runs, beside cubic interpolation on the same grid.
/// Voxels around a box are there as context and not scored.
public struct ImageValidation: Sendable {
  private struct Box: Sendable {
    let size: SIMD3<Int>
    let voxels: [Float]
    let sampling: Sampling
    let guide: [Float]
    /// The scored part of what the network makes.
    let scored: VoxelBox
    let truth: [Float]
    let range: Double
    let cubic: Double
    let group: Int
  }

  /// HR voxels of a box along each axis, about.
  private static let edge = 56

  private let boxes: [Box]
  private let scales: [Int]
  private let source: DataSettings.Source
  /// Files with a box whose truth has no two values, so no PSNR: it is left out.
  public let unscored: [String]

  /// Whether nothing can be scored.
  public var isEmpty: Bool { boxes.isEmpty }

  /// Cuts the boxes.
  ///
  /// - Parameters:
  ///   - volumes: To validate with.
  ///   - settings: Those of the training.
  ///   - reach: Voxels of the network's grid to each side that can change a result.
  ///   - pool: Shares the work.
  /// - Throws: If a volume is too small, or the system refuses memory.
  public init(
    _ volumes: [TrainingVolume], settings: ImageDataSettings, reach: Int, pool: WorkerPool
  ) throws(TrainingDataError) {
    var boxes: [Box] = []
    var unscored: [String] = []
    for volume in volumes {
      for (group, scale) in settings.scales.enumerated() {
        let coarse = try CoarseVolume(volume, scale: scale, settings.pairs, pool: pool)
        // Of a network on the HR grid `reach` is counted in its voxels.
        let context = settings.pairs == .origin ? reach : (reach + scale - 1) / scale + 2
        let box = Self.box(
          volume, coarse, scale: scale, context: context, group: group,
          isShuffled: settings.pairs == .origin, pool)
        if box.range > 0 {
          boxes.append(box)
        } else if unscored.last != volume.path {
          unscored.append(volume.path)
        }
      }
    }
    self.boxes = boxes
    self.unscored = unscored
    scales = settings.scales
    source = .plain(settings.pairs == .origin ? .origin : .corner)
  }

  private static func box(
    _ volume: TrainingVolume, _ coarse: CoarseVolume, scale: Int, context: Int, group: Int,
    isShuffled: Bool, _ pool: WorkerPool
  ) -> Box {
    var low = SIMD3<Int>.zero
    var size = SIMD3<Int>.zero
    var made = VoxelBox(low: .zero, size: .zero)
    var scored = VoxelBox(low: .zero, size: .zero)
    var axes: [SeparableSampling.Axis] = []
    for axis in 0..<3 {
      let count = min(coarse.size[axis], max(2, edge / scale))
      let first = (coarse.size[axis] - count) / 2
      low[axis] = max(0, first - context)
      size[axis] = min(coarse.size[axis], first + count + context) - low[axis]
      let wanted = hr(first..<first + count, coarse, axis, isShuffled: isShuffled)
      let all = hr(
        low[axis]..<low[axis] + size[axis], coarse, axis, isShuffled: isShuffled)
      made.low[axis] = all.lowerBound
      made.size[axis] = all.count
      scored.low[axis] = wanted.lowerBound - all.lowerBound
      scored.size[axis] = wanted.count
      // The last voxels of a shuffle lie beyond the last LR centre.
      let places =
        isShuffled
        ? all.map { Double($0) / coarse.factor[axis] } : coarse.positions(all, axis: axis)
      var samples = SeparableSampling.Axis(
        positions: places.map { $0 - Double(low[axis]) }, outputAxis: axis,
        inputSize: size[axis])
      samples.inside = 0..<all.count
      axes.append(samples)
    }
    let inVolume = VoxelBox(low: made.low &+ scored.low, size: scored.size)
    let truth = inVolume.cut(volume.voxels, volume.size)
    let spline = SplineVolume(coarse.voxels, size: coarse.size, pool: pool)
    func positions(_ axis: Int) -> [Double] {
      coarse.positions(
        inVolume.low[axis]..<inVolume.low[axis] + inVolume.size[axis], axis: axis)
    }
    let cubic = spline.values(i: positions(0), j: positions(1), k: positions(2))
    let range = Double((truth.max() ?? 0) - (truth.min() ?? 0))
    return Box(
      size: size, voxels: VoxelBox(low: low, size: size).cut(coarse.voxels, coarse.size),
      sampling: .separable(SeparableSampling(axes: axes)),
      guide: volume.guide.isEmpty ? [] : made.cut(volume.guide, volume.size), scored: scored,
      truth: truth, range: range, cubic: psnr(cubic, truth, range: range), group: group)
  }

  /// The HR voxels of some LR voxels along an axis: all between their centres, or all that the pixel
  /// shuffle makes of them.
  private static func hr(
    _ voxels: Range<Int>, _ coarse: CoarseVolume, _ axis: Int, isShuffled: Bool
  ) -> Range<Int> {
    let factor = coarse.factor[axis]
    if isShuffled { return voxels.lowerBound * Int(factor)..<voxels.upperBound * Int(factor) }
    let first = Int((Double(voxels.lowerBound) * factor - 1e-9).rounded(.up))
    let last = Int((Double(voxels.upperBound - 1) * factor + 1e-9).rounded(.down))
    return first..<min(last + 1, coarse.usedSize[axis])
  }

  private static func psnr(_ values: [Float], _ truth: [Float], range: Double) -> Double {
    var total = 0.0
    for (value, wanted) in zip(values, truth) {
      let difference = Double(value - wanted)
      total += difference * difference
    }
    return ValidationScore.psnr(total / Double(max(1, truth.count)), range: range)
  }

  /// Scores a network.
  ///
  /// - Parameters:
  ///   - network: As it would be shipped; intensities are normalised already.
  ///   - kernels: The instruction set's functions.
  ///   - pool: Shares the work.
  ///   - isStopped: Asked before each box.
  /// - Returns: The score; nil if it was stopped.
  /// - Throws: ``InferenceError`` if the system refuses memory.
  public func score(
    _ network: RelatedNetwork, kernels: KernelTable, pool: WorkerPool,
    isStopped: () -> Bool = { false }
  ) throws -> ValidationScore? {
    let upsampler = try RelatedUpsampler(network: network, kernels: kernels, pool: pool)
    var sums = ValidationScore.Sums(
      scales.map { (scale: SIMD3(repeating: Double($0)), source: source) })
    for box in boxes {
      if isStopped() { return nil }
      let guide =
        box.guide.isEmpty ? nil : GuideImage(voxels: box.guide, intensity: .identity)
      let options = Upsampler.Options(guide: guide)
      let plan = try upsampler.plan(
        inputSize: box.size, sampling: box.sampling, options: options)
      var made: [Float] = []
      _ = try upsampler.run(plan, voxels: box.voxels, options: options) {
        made.append(contentsOf: $0)
      }
      let scored = box.scored.cut(made, box.sampling.outputSize)
      sums.add(
        psnr: Self.psnr(scored, box.truth, range: box.range), cubic: box.cubic, to: box.group)
    }
    return sums.score
  }
}
