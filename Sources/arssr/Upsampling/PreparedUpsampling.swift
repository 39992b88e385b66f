import Files
import FusedInference
import Volumes

/// A run whose checks have passed as far as headers and words go.
struct PreparedUpsampling {
  let request: UpsampleRequest
  let machine: Machine
  let input: VolumeInput
  /// Frames of the input to compute, in order.
  let frames: [Int]
  let target: SamplingPlan
  let mask: RegionMask?
  /// The image of another contrast, for models that take one.
  let guide: GuideImage?
  /// How the input is blurred; nil for the model's default.
  let blur: StatedBlur?
  let engine: UpsampleEngine
  /// nil: the input is computed once, as it is.
  let ensemble: UpsampleEnsemble?
  /// nil: the result leaves plane by plane.
  let refinement: RefinementPlan?
  let console: Console

  /// Factors that result, per axis of the result.
  var scale: SIMD3<Double> {
    let input = input.header.grid
    if request.headerCompat { return SIMD3<Double>(target.grid.size) / SIMD3(input.size) }
    let isLike = if case .like = request.target { true } else { false }
    return target.scale(from: input, by: engine.model?.network, isLike: isLike)
  }

  /// How voxels are stored.
  var storedType: VoxelType { request.file.voxelType(for: input.header.voxelType) }

  /// Voxels that are handed on at once; a result that is held goes to the writer in one piece,
  /// which has nothing to wait for.
  var burst: Int {
    refinement == nil ? engine.windowPlanes * target.grid.size.x * target.grid.size.y : 0
  }

  /// Bytes at the peak.
  var peakBytes: Int { max(engine.peakBytes, ensemble?.peakBytes ?? 0) }

  /// Runs of the engine per frame.
  var runsPerFrame: Int { ensemble?.count ?? 1 }

  /// What every run of an ensemble gets.
  func options(for volume: Volume, intensity: IntensityMap) -> Upsampler.Options {
    Upsampler.Options(
      memoryLimit: machine.memoryLimit, tile: request.tile, intensity: intensity,
      output: OutputSettings(
        clip: request.clip.range(of: volume.voxels), background: request.background.setting),
      guide: guide)
  }

  /// Says so where the model was made for other scales.
  func warnOfScale() {
    guard let model = engine.model, !model.card.scales.includes(scale) else { return }
    console.warn(
      Notice(
        code: "usage.target", subject: model.name,
        message: "this model was made for scale \(ScalesText.text(model.card.scales)), not "
          + TripleText.text(scale, significant: 6)))
  }

  /// What there is to compute of a frame: less than planned where its background is kept, for which
  /// the first frame is read.
  ///
  /// - Returns: Nil for an interpolation.
  func work() throws(Failure) -> UpsampleWork? {
    guard let network = engine.network else { return nil }
    var settings = OutputSettings(background: request.background.setting)
    var voxels: [Float] = []
    if settings.background == .keep, let first = frames.first {
      voxels = try Failure.of { () throws(VolumeError) in
        try input.reader.readFrame(first, nonFinite: request.nonFinite.setting)
      }.voxels
    } else {
      settings.background = .compute
    }
    return network.work(voxels: voxels, settings: settings)
  }

  /// The intensity map that holds for a volume.
  ///
  /// - Throws: If there is none.
  func intensity(of volume: Volume) throws(Failure) -> IntensityMap {
    try Failure.of(at: input.path) { () throws(InferenceError) in
      try GuideImage.checkIntensities(normalisation, voxels: volume.voxels, isGuide: false)
    }
    return IntensityMap.measured(normalisation, voxels: volume.voxels)
  }

  var normalisation: Normalisation {
    engine.model.map(request.normalisation(of:)) ?? .none
  }

  /// The header of the result.
  func outputHeader() -> NIfTIHeader {
    let scaleText = TripleText.text(scale, significant: 6)
    let description = "arssr \(Arssr.version) \(engine.name) \(scaleText)"
    var header = input.header.output(
      grid: target.grid, frames: frames.count, description: Array(description.utf8),
      keepsAxes: target.keepsAxes)
    header.voxelType = storedType
    return header
  }

  /// What the spread of the ensemble is made into; nil where nobody asked for that.
  var calibration: UncertaintyCalibration? {
    guard request.refinement.uncertainty != nil, request.refinement.isCalibrated,
      let model = engine.model
    else { return nil }
    return UncertaintyCalibration(model.card, from: input.header.grid, to: target.grid)
  }

  /// The header of the expected errors, or of the spread.
  func uncertaintyHeader() -> NIfTIHeader {
    let kind = calibration == nil ? "spread" : "expected error"
    let description = "arssr \(Arssr.version) \(engine.name) \(kind)"
    var header = input.header.output(
      grid: target.grid, frames: frames.count, description: Array(description.utf8),
      keepsAxes: target.keepsAxes)
    header.voxelType = .float32
    return header
  }

  // MARK: - Words

  /// `288 x 288 x 181 -> 576 x 576 x 362, interim, 8 threads, avx512`.
  var summary: String {
    "\(SizeText.text(input.header.grid.size)) -> \(SizeText.text(target.grid.size)), "
      + "\(engine.name), \(counted(machine.pool.workerCount, "thread")), \(machine.instructionSet)"
  }

  var summaryMembers: [(key: String, value: JSON)] {
    [
      ("size", .integers(input.header.grid.size)), ("targetSize", .integers(target.grid.size)),
      ("frames", .integer(frames.count)), ("model", .string(engine.name)),
      ("threads", .integer(machine.pool.workerCount)), ("isa", .string(machine.instructionSet)),
    ]
  }
}

/// Sizes for the eye.
enum SizeText {
  static func text(_ size: SIMD3<Int>) -> String { "\(size.x) x \(size.y) x \(size.z)" }

  static func text(_ values: SIMD3<Double>, significant: Int = 6) -> String {
    (0..<3).map { NumberText.short(values[$0], significant: significant) }.joined(separator: " x ")
  }
}
