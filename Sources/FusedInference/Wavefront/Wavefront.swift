import Volumes
import Workers

/// Works a block of the volume through all layers, step by step; see ``WavefrontShape``.
struct Wavefront {
  let shape: WavefrontShape
  let maps: ValueMaps
  private let runner: EncoderRunner
  private let image: any ImageRows
  private let scratch: [WorkerScratch]
  private let monitor: UpsampleMonitor
  /// What is computed of every value along i, j, k.
  private let ranges: [ValueRanges]

  /// Makes room for a block.
  ///
  /// - Parameters:
  ///   - runner: The layers.
  ///   - shape: The block and what is held of it.
  ///   - ranges: What to compute of every value along i, j, k, where that is less than the shape has
  ///     room for.
  ///   - image: What the first layers read.
  ///   - scratch: One buffer per worker.
  ///   - monitor: Counts the work and may cancel it.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    _ runner: EncoderRunner, shape: WavefrontShape, ranges: [ValueRanges]? = nil,
    image: any ImageRows, scratch: [WorkerScratch], monitor: UpsampleMonitor
  ) throws(WorkersError) {
    self.runner = runner
    self.shape = shape
    self.ranges = ranges ?? shape.ranges
    self.image = image
    self.scratch = scratch
    self.monitor = monitor
    maps = try ValueMaps(runner.program, shape: shape, volume: image.size)
  }

  /// Computes what every layer makes in one step.
  ///
  /// - Parameters:
  ///   - slab: One of the shape's, in order.
  ///   - step: From 0 to the shape's ``WavefrontShape/stepsPerSlab``, in order for each slab.
  ///   - observe: Sees every layer's new region.
  func advance(
    slab: Int, step: Int, observe: ((EncoderProgram.Step, EncoderRunner.Region) -> Void)? = nil
  ) {
    let loaded = region(ofValue: 0, slab: slab, step: step)
    monitor.step(.encode, "image", imageCost(loaded)) { loadImage(loaded) }
    runner.forEachPass({ region(ofValue: $0, slab: slab, step: step) }) { steps, region in
      runner.run(steps, region: region, maps: maps, scratch: scratch, monitor: monitor)
      for index in steps { observe?(runner.program.steps[index], region) }
    }
  }

  /// What is made of a value in one step.
  private func region(ofValue value: Int, slab: Int, step: Int) -> EncoderRunner.Region {
    shape.region(ofValue: value, slab: slab, step: step, within: ranges)
  }

  private func imageCost(_ region: EncoderRunner.Region) -> StepCost {
    StepCost(bytes: 2 * region.voxelCount * MemoryLayout<Float>.size)
  }

  /// Brings rows of the image to where the first layers read them.
  private func loadImage(_ region: EncoderRunner.Region) {
    guard !region.isEmpty else { return }
    runner.pool.run(EncoderRunner.rowItems(region)) { item, _ in
      let (plane, rows) = EncoderRunner.rows(ofItem: item, of: region)
      for row in rows {
        image.copy(
          region.columns, row: row, plane: plane,
          to: maps.voxel(0, plane: plane, row: row, column: region.columns.lowerBound))
      }
    }
  }
}
