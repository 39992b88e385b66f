import KernelInterface
import Networks
import Volumes
import Workers

/// One job: encodes block after block, decodes its output rows into a window of planes, hands full
/// planes on.
struct UpsampleRun {
  private let upsampler: Upsampler
  private let plan: UpsamplePlan
  private let voxels: [Float]
  private let condition: Double
  private let options: Upsampler.Options
  private let monitor: UpsampleMonitor
  private let scratch: [WorkerScratch]
  private var stage: OutputStage
  private var timings = Upsampler.Timings()

  init(
    upsampler: Upsampler, plan: UpsamplePlan, voxels: [Float], condition: Double,
    options: Upsampler.Options, monitor: UpsampleMonitor
  ) throws(InferenceError) {
    precondition(
      voxels.count == plan.inputSize.x * plan.inputSize.y * plan.inputSize.z,
      "\(voxels.count) voxels for \(plan.inputSize)")
    self.upsampler = upsampler
    self.plan = plan
    self.voxels = voxels
    self.condition = condition
    self.options = options
    self.monitor = monitor
    let finisher = RowFinisher(
      base: Self.interpolation(upsampler.network.variants.residual), sampling: plan.sampling,
      inputSize: plan.inputSize, voxels: voxels, intensity: options.intensity,
      settings: options.output, pool: upsampler.pool)
    do {
      scratch = try upsampler.scratch(plan)
      stage = try OutputStage(
        sampling: plan.sampling, windowPlanes: plan.windowPlanes, finisher: finisher,
        scratch: scratch)
    } catch {
      throw .allocation(error)
    }
  }

  /// Runs the job; see ``Upsampler/run(_:voxels:options:monitor:sink:)``.
  mutating func execute(sink: OutputStage.Sink) throws -> Upsampler.Timings {
    if let axes = plan.axes {
      try executeFused(axes, sink)
    } else {
      try executePoints(sink)
    }
    timings.sink = stage.sinkSeconds
    return timings
  }

  // MARK: - Grids parallel to the input

  private mutating func executeFused(_ axes: [AxisTable], _ sink: OutputStage.Sink) throws {
    let streams = OutputWindow.streams(plan.sampling)
    // A single block of a layer hands planes on while it decodes; several fill the window together.
    // Planes outside the field of view have no block and stay zero.
    let handsOnWhileDecoding = streams && plan.blockCounts.x == 1 && plan.blockCounts.y == 1
    for layer in plan.layers {
      let planes = layer.outputs
      let part = handsOnWhileDecoding ? plan.windowPlanes : planes.count
      if streams { try stage.handOn(through: planes.lowerBound, sink) }
      for block in layer.blocks {
        let job = try encode(block, axes: axes, planes: planes)
        for first in stride(from: planes.lowerBound, to: planes.upperBound, by: part) {
          let end = min(first + part, planes.upperBound)
          try decode(job, first..<end)
          if handsOnWhileDecoding { try stage.handOn(through: end, sink) }
        }
      }
      if streams { try stage.handOn(through: planes.upperBound, sink) }
    }
    try stage.handOn(through: plan.outputSize.z, sink)
  }

  private mutating func encode(
    _ block: Block, axes: [AxisTable], planes: Range<Int>
  ) throws(InferenceError) -> RowDecoder.Job {
    let features = try encodeFeatures(block)
    let outputs = [
      axes[0].outputs(cells: block.cells[0]), axes[1].outputs(cells: block.cells[1]), planes,
    ]
    let decoder = upsampler.decoder
    do {
      return RowDecoder.Job(
        block: block, features: features, channels: upsampler.network.featureChannels,
        axes: axes, outputs: outputs,
        taps: try axes[0].taps(outputs[0], from: block.needed[0].lowerBound),
        constants: try decoder.weights.constants(condition: condition), tile: plan.tile,
        scratch: scratch,
        planes: try PreactivationPlanes(
          planeFloats: decoder.planeFloats(needed: block.neededSize)),
        monitor: monitor)
    } catch {
      throw .allocation(error)
    }
  }

  private mutating func encodeFeatures(_ block: Block) throws(InferenceError) -> FeatureMap {
    monitor.enter(.encode)
    let clock = ContinuousClock()
    let start = clock.now
    let features: FeatureMap
    do {
      let image = try FeatureMap(size: block.boxSize, voxelStride: 1)
      fill(image, from: block)
      features = try upsampler.encoder.encode(
        image, needed: block.neededRegion, scratch: scratch, monitor: monitor)
    } catch {
      throw .allocation(error)
    }
    try monitor.checkCancellation()
    timings.encode += seconds(clock.now - start)
    return features
  }

  /// Copies a block of the input, normalised, into the image that the encoder reads.
  private func fill(_ image: FeatureMap, from block: Block) {
    let size = plan.inputSize
    let width = image.size.x
    let rows = image.size.y
    let intensity = options.intensity
    let origin = image.origin
    let (rowStride, planeStride) = (image.rowStride, image.planeStride)
    voxels.withUnsafeBufferPointer { voxels in
      upsampler.pool.run(image.size.z) { plane, _ in
        for row in 0..<rows {
          let start =
            ((block.box[2].lowerBound + plane) * size.y + block.box[1].lowerBound + row) * size.x
            + block.box[0].lowerBound
          let target = UnsafeMutableBufferPointer(
            start: origin + plane * planeStride + row * rowStride, count: width)
          _ = target.update(fromContentsOf: voxels[start..<start + width])
          intensity.normalise(target)
        }
      }
    }
  }

  private mutating func decode(
    _ job: RowDecoder.Job, _ planes: Range<Int>
  ) throws(InferenceError) {
    monitor.enter(.decode)
    let clock = ContinuousClock()
    let start = clock.now
    let stage = stage
    let range = job.outputs[0]
    upsampler.decoder.decode(
      job, planes: planes, isWanted: { stage.isWanted(range, j: $0, k: $1) }
    ) { values, j, k, worker in
      stage.finish(values, range, j: j, k: k, worker: worker)
    }
    timings.decode += seconds(clock.now - start)
    try monitor.checkCancellation()
  }

  // MARK: - Other grids

  private mutating func executePoints(_ sink: OutputStage.Sink) throws {
    guard case .general(let sampling) = plan.sampling, let block = plan.blocks.first else { return }
    let features = try encodeFeatures(block)
    monitor.enter(.decode)
    let clock = ContinuousClock()
    let start = clock.now
    let (points, condition, tile) = (upsampler.points, condition, plan.tile)
    let (scratch, monitor, stage) = (scratch, monitor, stage)
    try self.stage.makeRows(pool: upsampler.pool, monitor: monitor, sink: sink) {
      range, j, k, worker, row in
      if stage.isWanted(range, j: j, k: k) {
        points.decodeRow(
          range, position: { sampling.position(i: $0, j: j, k: k) }, features: features,
          condition: condition, tile: tile, scratch: scratch[worker].kernel.pointer,
          worker: worker, into: row)
      }
      monitor.add(points.operationsPerPoint * range.count)
    }
    timings.decode += seconds(clock.now - start) - self.stage.sinkSeconds
  }

  private static func interpolation(
    _ residual: ArSSRVariants.Residual
  ) -> InterpolationMethod? {
    switch residual {
    case .none: nil
    case .trilinear: .linear
    case .bspline3: .cubic
    }
  }

  private func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}
