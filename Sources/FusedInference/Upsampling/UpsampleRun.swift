import KernelInterface
import Networks
import Volumes
import Workers

/// One job: encodes block after block, decodes its output rows into a window of planes, hands full
/// planes on.
struct UpsampleRun {
  private let upsampler: Upsampler
  private let plan: UpsamplePlan
  private let image: ImageSource
  private let options: Upsampler.Options
  private let monitor: UpsampleMonitor
  private let scratch: [WorkerScratch]
  private let kept: KeptOutputs?
  private var stage: OutputStage
  private var timings = Upsampler.Timings()

  init(
    upsampler: Upsampler, plan: UpsamplePlan, voxels: [Float], options: Upsampler.Options,
    monitor: UpsampleMonitor
  ) throws(InferenceError) {
    precondition(
      voxels.count == plan.inputSize.x * plan.inputSize.y * plan.inputSize.z,
      "\(voxels.count) voxels for \(plan.inputSize)")
    self.upsampler = upsampler
    self.plan = plan
    self.options = options
    self.monitor = monitor
    let clock = ContinuousClock()
    let start = clock.now
    let continued = plan.continuation.continued(voxels)
    kept = upsampler.keptOutputs(
      plan, voxels: voxels, continued: continued, settings: options.output)
    let size = plan.continuation.size
    let sharpened = plan.blur.dividedOut(of: continued, size: size, pool: upsampler.pool)
    image = ImageSource(voxels: sharpened, size: size, intensity: options.intensity)
    let base = Self.interpolation(upsampler.network.variants.residual).map {
      RowFinisher.Base(
        method: $0, sampling: plan.continuation.sampling, size: size, voxels: sharpened)
    }
    let finisher = RowFinisher(
      base: base, sampling: plan.sampling, inputSize: plan.inputSize, voxels: voxels,
      intensity: options.intensity, settings: options.output, kept: kept, pool: upsampler.pool)
    let work = upsampler.work(plan, kept: kept)
    timings.encoderOperations = work.encoder.defined
    timings.decoderOperations = work.decoderOperations
    monitor.expect(work.encoder.work + work.decoderOperations)
    monitor.recorder?.add(
      .prepare, "base", seconds: (clock.now - start) / .seconds(1), cost: StepCost())
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
    timings.decoderUnits = unitCounts()
    timings.background = kept?.background
    return timings
  }

  /// The counts of all workers.
  private func unitCounts() -> [UnitCount] {
    let layers = plan.axes == nil ? upsampler.points.layerCount : upsampler.points.layerCount - 1
    return (0..<layers).map { layer in
      var sum = UnitCount()
      for worker in scratch { sum += worker.unitCounts.pointer[layer] }
      return sum
    }
  }

  // MARK: - Grids parallel to the input

  private mutating func executeFused(_ axes: [AxisTable], _ sink: OutputStage.Sink) throws {
    let streams = OutputWindow.streams(plan.sampling)
    // A single block of a layer hands planes on while it decodes; several fill the window together.
    // Planes outside the field of view have no block and stay zero.
    let handsOnWhileDecoding = streams && plan.blockCounts.x == 1 && plan.blockCounts.y == 1
    for layer in plan.layers {
      if streams { try stage.handOn(through: layer.outputs.lowerBound, sink) }
      for block in layer.blocks {
        let worked = try workedBlock(block, axes)
        for slab in block.shape.slabs {
          if let (wavefront, job) = worked {
            try work(block, wavefront, job, slab: slab)
          } else {
            fill(block, axes, slab: slab)
          }
          if handsOnWhileDecoding {
            let cells = planes(block, slab: slab)
            try stage.handOn(through: axes[2].outputs(cells: cells).upperBound, sink)
          }
        }
      }
      if streams { try stage.handOn(through: layer.outputs.upperBound, sink) }
    }
    try stage.handOn(through: plan.outputSize.z, sink)
  }

  /// What works on a block; nil where all of it is background, which takes no memory.
  private func workedBlock(
    _ block: Block, _ axes: [AxisTable]
  ) throws(InferenceError) -> (Wavefront, RowDecoder.Job)? {
    guard let ranges = upsampler.computedRanges(block, plan, kept: kept) else { return nil }
    let wavefront = try wavefront(block, ranges)
    return (wavefront, try job(block, wavefront, axes))
  }

  /// Makes the outputs of one slab of a block that is all background.
  private mutating func fill(_ block: Block, _ axes: [AxisTable], slab: Int) {
    let outputs = axes[0].outputs(cells: block.cells[0])
    let rows = axes[1].outputs(cells: block.cells[1])
    let planes = axes[2].outputs(cells: planes(block, slab: slab))
    let (scratch, stage) = (scratch, stage)
    monitor.enter(.decode)
    timings.decode += seconds {
      upsampler.pool.run(rows.count * planes.count) { item, worker in
        stage.finish(
          scratch[worker].rows.pointer, outputs, j: rows.lowerBound + item % rows.count,
          k: planes.lowerBound + item / rows.count, worker: worker)
      }
    }
  }

  private func wavefront(
    _ block: Block, _ ranges: [ValueRanges]?
  ) throws(InferenceError) -> Wavefront {
    do {
      return try Wavefront(
        upsampler.encoder, shape: block.shape, ranges: ranges, image: image, scratch: scratch,
        monitor: monitor)
    } catch {
      throw .allocation(error)
    }
  }

  private func job(
    _ block: Block, _ wavefront: Wavefront, _ axes: [AxisTable]
  ) throws(InferenceError) -> RowDecoder.Job {
    let outputs = axes[0].outputs(cells: block.cells[0])
    do {
      return RowDecoder.Job(
        maps: wavefront.maps, preactivations: block.shape.target, columns: block.columns,
        axes: axes, outputs: outputs,
        taps: try axes[0].taps(outputs, from: block.columns.lowerBound),
        constants: try upsampler.decoder.weights.constants(condition: plan.blur.told),
        tile: plan.tile, kept: kept, scratch: scratch, monitor: monitor)
    } catch {
      throw .allocation(error)
    }
  }

  /// The LR cells along k that are decoded in a slab.
  private func planes(_ block: Block, slab: Int) -> Range<Int> {
    block.shape.planes(slab: slab, depth: block.shape.finalDepth).clamped(to: block.cells[2])
  }

  /// Encodes and decodes one slab of a block.
  private mutating func work(
    _ block: Block, _ wavefront: Wavefront, _ job: RowDecoder.Job, slab: Int
  ) throws(InferenceError) {
    let shape = block.shape
    let planes = job.axes[2].outputs(cells: planes(block, slab: slab))
    for step in 0..<shape.stepsPerSlab {
      monitor.enter(.encode)
      timings.encode += seconds { wavefront.advance(slab: slab, step: step) }
      try monitor.checkCancellation()
      let cells = shape.rows(step: step, depth: shape.finalDepth).clamped(to: block.cells[1])
      let rows = job.axes[1].outputs(cells: cells)
      guard !planes.isEmpty, !rows.isEmpty else { continue }
      monitor.enter(.decode)
      let stage = stage
      timings.decode += seconds {
        upsampler.decoder.decode(
          job, planes: planes, rows: rows,
          isWanted: { stage.isWanted(job.outputs, j: $0, k: $1) }
        ) { values, j, k, worker in
          monitor.finishingRow {
            stage.finish(values, job.outputs, j: j, k: k, worker: worker)
          }
        }
      }
      monitor.recorder?.separateFinishing(workers: upsampler.pool.workerCount)
      try monitor.checkCancellation()
    }
  }

  // MARK: - Other grids

  private mutating func executePoints(_ sink: OutputStage.Sink) throws {
    guard case .general(let sampling) = plan.continuation.sampling,
      let block = plan.layers.first?.blocks.first
    else { return }
    let features = try encodeFeatures(block)
    monitor.enter(.decode)
    let clock = ContinuousClock()
    let start = clock.now
    let (points, condition, tile) = (upsampler.points, plan.blur.told, plan.tile)
    let (scratch, monitor, stage) = (scratch, monitor, stage)
    try self.stage.makeRows(pool: upsampler.pool, monitor: monitor, sink: sink) {
      range, j, k, worker, row in
      if stage.isWanted(range, j: j, k: k) {
        points.decodeRow(
          range, position: { sampling.position(i: $0, j: j, k: k) }, features: features,
          condition: condition, tile: tile, scratch: scratch[worker], worker: worker, into: row)
      }
      monitor.add(points.operationsPerPoint * range.count)
    }
    timings.decode += seconds(clock.now - start) - self.stage.sinkSeconds
  }

  private mutating func encodeFeatures(_ block: Block) throws(InferenceError) -> FeatureVolume {
    monitor.enter(.encode)
    let wavefront = try wavefront(block, nil)
    for slab in block.shape.slabs {
      for step in 0..<block.shape.stepsPerSlab {
        timings.encode += seconds { wavefront.advance(slab: slab, step: step) }
        try monitor.checkCancellation()
      }
    }
    return FeatureVolume(
      store: wavefront.maps.store(ofValue: block.shape.target), size: plan.continuation.size)
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

  private func seconds(_ body: () -> Void) -> Double { seconds(ContinuousClock().measure(body)) }
}
