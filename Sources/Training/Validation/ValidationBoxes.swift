import FusedInference
import KernelInterface
import Networks
import Volumes
import Workers

/// The boxes that a training is validated with: every scale and degradation of every volume.
///
/// A network is scored by the engine that `upsample` runs, so what is measured is what is shipped.
public struct ValidationBoxes: Sendable {
  private struct Box: Sendable {
    let size: SIMD3<Int>
    let voxels: [Float]
    let sampling: Sampling
    let traits: InputTraits
    let truth: [Float]
    let range: Double
    let cubic: Double
    let group: Int

    func options(_ network: ArSSRNetwork) -> Upsampler.Options {
      Upsampler.Options(
        blur: network.variants.condition == .none ? nil : .removed(traits.blur),
        spacing: traits.spacing)
    }
  }

  private let boxes: [Box]
  private let kinds: [(scale: SIMD3<Double>, source: DataSettings.Source)]
  private let sample: ValidationPicture.Sample?
  /// Files with a box whose truth has no two values, so no PSNR: it is left out.
  public let unscored: [String]

  /// Whether nothing can be scored.
  public var isEmpty: Bool { boxes.isEmpty }

  /// Cuts the boxes.
  ///
  /// - Parameters:
  ///   - volumes: To validate with.
  ///   - settings: Those of the training: its degradations, and of ``scales(_:)`` those in its range.
  ///   - pool: Shares the work.
  /// - Throws: If a volume is too small for a scale, or the system refuses memory.
  public init(
    _ volumes: [TrainingVolume], settings: DataSettings, pool: WorkerPool
  ) throws(TrainingDataError) {
    var kinds: [(scale: SIMD3<Double>, source: DataSettings.Source)] = []
    for source in settings.sources.filter(\.isValidated).map(\.source) {
      kinds += Self.scales(settings).map { ($0, source) }
    }
    var boxes: [Box] = []
    var unscored: [String] = []
    var sample: ValidationPicture.Sample?
    let shown = ValidationPicture.kind(of: kinds.map(\.scale))
    for (number, volume) in volumes.enumerated() {
      for (group, kind) in kinds.enumerated() {
        let item = try ValidationCase(
          volume, scale: kind.scale, source: kind.source,
          deconvolution: settings.deconvolution, workers: pool)
        let box = Self.box(item, group: group)
        guard box.range > 0 else {
          if unscored.last != volume.path { unscored.append(volume.path) }
          continue
        }
        if number == 0, group == shown {
          sample = ValidationPicture.Sample(item, affine: volume.affine, box: boxes.count)
        }
        boxes.append(box)
      }
    }
    self.boxes = boxes
    self.unscored = unscored
    self.sample = sample
    self.kinds = kinds
  }

  /// 2, 3 and 4 on all axes and 4 on the last alone, as far as the training draws them.
  static func scales(_ settings: DataSettings) -> [SIMD3<Double>] {
    let known = [2.0, 3, 4].filter(settings.scales.contains)
    let isotropic = known.isEmpty ? [settings.scales.upperBound] : known
    let all = isotropic.map { SIMD3(repeating: $0) }
    let oneAxis = settings.oneAxisShare > 0 ? isotropic.last : nil
    return all + (oneAxis.map { [SIMD3(1, 1, $0)] } ?? [])
  }

  private static func box(_ item: ValidationCase, group: Int) -> Box {
    guard case .grid(let i, let j, let k) = item.sample.points else {
      preconditionFailure("validation points are a grid")
    }
    let axes = [i, j, k].enumerated().map { axis, positions in
      SeparableSampling.Axis(
        positions: positions, outputAxis: axis, inputSize: item.size[axis])
    }
    let truth = item.sample.targets
    let range = Double((truth.max() ?? 0) - (truth.min() ?? 0))
    return Box(
      size: item.size, voxels: item.sample.patch,
      sampling: .separable(SeparableSampling(axes: axes)), traits: item.traits,
      truth: truth, range: range,
      cubic: ValidationScore.psnr(
        item.cubic.withUnsafeBufferPointer { squaredError($0, truth[...]) }
          / Double(max(1, truth.count)),
        range: range),
      group: group)
  }

  /// Scores a network.
  ///
  /// - Parameters:
  ///   - network: As it would be shipped.
  ///   - kernels: The instruction set's functions.
  ///   - pool: Shares the work.
  ///   - isStopped: Asked before each box.
  /// - Returns: The score; nil if it was stopped.
  /// - Throws: ``InferenceError`` if the system refuses memory.
  public func score(
    _ network: ArSSRNetwork, kernels: KernelTable, pool: WorkerPool,
    isStopped: () -> Bool = { false }
  ) throws -> ValidationScore? {
    let upsampler = try Upsampler(network: network, kernels: kernels, pool: pool)
    var sums = ValidationScore.Sums(kinds)
    for box in boxes {
      if isStopped() { return nil }
      var error = 0.0
      var first = 0
      try Self.run(upsampler, on: box, options: box.options(network)) { planes in
        error += Self.squaredError(planes, box.truth[first..<(first + planes.count)])
        first += planes.count
      }
      let psnr = ValidationScore.psnr(error / Double(max(1, first)), range: box.range)
      sums.add(psnr: psnr, cubic: box.cubic, to: box.group)
    }
    return sums.score
  }

  /// What a network makes of the first volume's box at the scale next to 3, as it comes about first.
  ///
  /// - Parameters: As of ``score(_:kernels:pool:isStopped:)``.
  /// - Returns: The box in all its forms; nil where nothing is validated.
  /// - Throws: ``InferenceError`` if the system refuses memory.
  public func picture(
    _ network: ArSSRNetwork, kernels: KernelTable, pool: WorkerPool
  ) throws -> ValidationPicture? {
    guard let sample else { return nil }
    let upsampler = try Upsampler(network: network, kernels: kernels, pool: pool)
    var voxels: [Float] = []
    let box = boxes[sample.box]
    try Self.run(upsampler, on: box, options: box.options(network)) {
      voxels.append(contentsOf: $0)
    }
    return ValidationPicture(sample, result: voxels)
  }

  private static func run(
    _ upsampler: Upsampler, on box: Box, options: Upsampler.Options,
    sink: (UnsafeBufferPointer<Float>) -> Void
  ) throws {
    let upsampler = try upsampler.blended(sampling: box.sampling, options: options)
    let plan = try upsampler.plan(inputSize: box.size, sampling: box.sampling, options: options)
    _ = try upsampler.run(plan, voxels: box.voxels, options: options) { sink($0) }
  }

  private static func squaredError(
    _ values: UnsafeBufferPointer<Float>, _ truth: ArraySlice<Float>
  ) -> Double {
    var total = 0.0
    for (value, wanted) in zip(values, truth) {
      let difference = Double(value - wanted)
      total += difference * difference
    }
    return total
  }
}
