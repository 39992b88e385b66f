import KernelInterface
import Networks
import Volumes
import Workers

/// One job of a related network: works block after block through the layers, brings the last one's
/// rows into a window of output planes, hands full planes on.
struct RelatedRun {
  private let upsampler: RelatedUpsampler
  private let plan: RelatedPlan
  private let image: any ImageRows
  private let monitor: UpsampleMonitor
  private let scratch: [WorkerScratch]
  private let kept: KeptOutputs?
  private var stage: OutputStage
  private var timings = Upsampler.Timings()

  init(
    upsampler: RelatedUpsampler, plan: RelatedPlan, voxels: [Float], options: Upsampler.Options,
    monitor: UpsampleMonitor
  ) throws(InferenceError) {
    precondition(
      voxels.count == plan.inputSize.x * plan.inputSize.y * plan.inputSize.z,
      "\(voxels.count) voxels for \(plan.inputSize)")
    self.upsampler = upsampler
    self.plan = plan
    self.monitor = monitor
    let clock = ContinuousClock()
    let start = clock.now
    image = Self.image(upsampler, plan, voxels: voxels, options: options)
    kept = upsampler.keptOutputs(plan, voxels: voxels, settings: options.output)
    let network = upsampler.network
    let finisher = RowFinisher(
      base: nil, sampling: plan.sampling, inputSize: plan.inputSize, voxels: voxels,
      intensity: options.intensity, settings: options.output, kept: kept,
      floor: network.clampsBelow ? IntensityRange(ofFinite: voxels)?.low : nil,
      pool: upsampler.pool)
    let work = upsampler.work(plan, kept: kept)
    timings.encoderOperations = work.encoder.defined
    monitor.expect(work.encoder.work)
    monitor.recorder?.add(
      .prepare, "spline", seconds: (clock.now - start) / .seconds(1), cost: StepCost())
    do {
      scratch = try upsampler.scratch(plan)
      stage = try OutputStage(
        sampling: plan.sampling, windowPlanes: plan.windowPlanes, finisher: finisher,
        scratch: scratch)
    } catch {
      throw .allocation(error)
    }
  }

  /// What the first layers read.
  private static func image(
    _ upsampler: RelatedUpsampler, _ plan: RelatedPlan, voxels: [Float], options: Upsampler.Options
  ) -> any ImageRows {
    if upsampler.network.fixedFactor != nil {
      return ImageSource(voxels: voxels, size: plan.inputSize, intensity: options.intensity)
    }
    let size = plan.outputSize
    let wanted = upsampler.network.images == 2 ? size.x * size.y * size.z : nil
    precondition(options.guide?.voxels.count == wanted, "guide for \(size)")
    return InterpolatedImage(
      Interpolator(
        voxels: options.intensity.normalise(voxels),
        sampling: PreparedSampling(plan.sampling, inputSize: plan.inputSize, method: .cubic),
        pool: upsampler.pool),
      guide: options.guide, padding: plan.cells.padding)
  }

  /// Runs the job; see ``RelatedUpsampler/run(_:voxels:options:monitor:sink:)``.
  mutating func execute(sink: OutputStage.Sink) throws -> Upsampler.Timings {
    // A single block of a layer hands planes on while it computes; several fill the window together.
    let handsOnWhileComputing = plan.blockCounts.x == 1 && plan.blockCounts.y == 1
    for layer in plan.layers {
      for block in layer.blocks {
        let wavefront = try wavefront(block)
        for slab in block.shape.slabs {
          try work(block, wavefront, slab: slab)
          let made = planes(block, slab: slab)
          if handsOnWhileComputing, !made.isEmpty {
            try stage.handOn(through: made.upperBound, sink)
          }
        }
      }
      try stage.handOn(through: layer.outputs.upperBound, sink)
    }
    try stage.handOn(through: plan.outputSize.z, sink)
    timings.sink = stage.sinkSeconds
    timings.background = kept?.background
    return timings
  }

  /// What works on a block; nil where all of it is background, which takes no memory.
  private func wavefront(_ block: Block) throws(InferenceError) -> Wavefront? {
    guard let ranges = upsampler.computedRanges(block, plan, kept: kept) else { return nil }
    var image = image
    if let side = plan.separateTile {
      image = TileImage(image, origin: block.origin, size: SIMD3(repeating: side))
    }
    do {
      return try Wavefront(
        upsampler.runner, shape: block.shape, ranges: ranges, image: image, scratch: scratch,
        monitor: monitor)
    } catch {
      throw .allocation(error)
    }
  }

  /// The output planes that a slab of a block makes.
  private func planes(_ block: Block, slab: Int) -> Range<Int> {
    plan.outputs(
      block.shape.planes(slab: slab, depth: block.shape.finalDepth).clamped(to: block.cells[2]),
      of: block, axis: 2)
  }

  /// Computes one slab of a block and finishes the rows that it makes.
  private mutating func work(
    _ block: Block, _ wavefront: Wavefront?, slab: Int
  ) throws(InferenceError) {
    let shape = block.shape
    let planes = planes(block, slab: slab)
    for step in 0..<shape.stepsPerSlab {
      if let wavefront {
        monitor.enter(.encode)
        timings.encode += seconds { wavefront.advance(slab: slab, step: step) }
        try monitor.checkCancellation()
      }
      let rows = plan.outputs(
        shape.rows(step: step, depth: shape.finalDepth).clamped(to: block.cells[1]), of: block,
        axis: 1)
      guard !planes.isEmpty, !rows.isEmpty else { continue }
      monitor.enter(.decode)
      timings.decode += seconds {
        monitor.step(.decode, "rows", StepCost()) {
          finish(block, wavefront?.maps, planes: planes, rows: rows)
        }
      }
      try monitor.checkCancellation()
    }
  }

  /// Brings rows of the last value to the output.
  private func finish(
    _ block: Block, _ maps: ValueMaps?, planes: Range<Int>, rows: Range<Int>
  ) {
    let columns = plan.outputs(block.cells[0], of: block, axis: 0)
    let (stage, scratch, kept) = (stage, scratch, kept)
    let reader = maps.map {
      ResultRows(
        maps: $0, target: block.shape.target, cells: plan.cells, origin: block.origin)
    }
    upsampler.pool.run(planes.count * rows.count) { item, worker in
      let (j, k) = (rows.lowerBound + item % rows.count, planes.lowerBound + item / rows.count)
      let row = scratch[worker].rows.pointer
      if let reader, kept?.runs(j: j, k: k, within: columns).isEmpty != true {
        reader.copy(columns, j: j, k: k, to: row)
      }
      stage.finish(row, columns, j: j, k: k, worker: worker)
    }
  }

  private func seconds(_ body: () -> Void) -> Double {
    ContinuousClock().measure(body) / .seconds(1)
  }
}

/// Rows of the result among the rows of the last value.
private struct ResultRows: Sendable {
  let maps: ValueMaps
  let target: Int
  let cells: CellMap
  /// The voxel of the volume that is voxel 0 of the maps.
  let origin: SIMD3<Int>

  /// Writes the part `columns` of row (j, k); of several channels the first r^3 become voxels, those
  /// along i neighbours, those along k farthest apart.
  func copy(_ columns: Range<Int>, j: Int, k: Int, to row: UnsafeMutablePointer<Float>) {
    let factor = cells.factor
    let source =
      maps.voxel(
        target, plane: cells.cell(k) - origin.z, row: cells.cell(j) - origin.y,
        column: cells.cell(columns.lowerBound) - origin.x)
      + ((k % factor) * factor + j % factor) * factor
    let stride = maps.store(ofValue: target).shape.voxelStride
    for cell in 0..<columns.count / factor {
      for part in 0..<factor { row[cell * factor + part] = source[cell * stride + part] }
    }
  }
}
