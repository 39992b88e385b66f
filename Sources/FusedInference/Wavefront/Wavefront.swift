import Volumes
import Workers

/// Works a block of the volume through all layers, step by step; see ``WavefrontShape``.
struct Wavefront {
  let shape: WavefrontShape
  let maps: ValueMaps
  private let runner: EncoderRunner
  private let image: ImageSource
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
  ///   - image: The LR volume.
  ///   - scratch: One buffer per worker.
  ///   - monitor: Counts the work and may cancel it.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    _ runner: EncoderRunner, shape: WavefrontShape, ranges: [ValueRanges]? = nil,
    image: ImageSource, scratch: [WorkerScratch], monitor: UpsampleMonitor
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

  /// Copies rows of the LR volume, normalised, to where the first layers read them.
  private func loadImage(_ region: EncoderRunner.Region) {
    guard !region.isEmpty else { return }
    runner.pool.run(region.planes.count) { item, _ in
      let plane = region.planes.lowerBound + item
      for row in region.rows {
        image.copy(
          region.columns, row: row, plane: plane,
          to: maps.voxel(0, plane: plane, row: row, column: region.columns.lowerBound))
      }
    }
  }
}

/// The LR volume as the encoder sees it.
struct ImageSource: Sendable {
  /// In input units, i fastest.
  let voxels: [Float]
  /// Voxels along i, j, k.
  let size: SIMD3<Int>
  /// To normalised units.
  let intensity: IntensityMap

  /// Writes the normalised intensities of a part of a row.
  func copy(
    _ columns: Range<Int>, row: Int, plane: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let first = (plane * size.y + row) * size.x
    let values = UnsafeMutableBufferPointer(start: target, count: columns.count)
    _ = values.update(
      fromContentsOf: voxels[first + columns.lowerBound..<first + columns.upperBound])
    intensity.normalise(values)
  }
}
