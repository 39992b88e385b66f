import Degradation
import KernelInterface
import Networks
import Volumes
import Workers

/// One volume through gradient filters.
struct FilterRun {
  private let upsampler: FilterUpsampler
  private let plan: FilterUpsampler.Plan
  private let monitor: UpsampleMonitor
  private let source: Source
  /// Results are limited to 0 and this: to what is 1, or the largest value of the input.
  private let highest: Float
  private let frame: FilterFrame
  private let blend: CensusBlend?
  private let scratch: [FilterScratch]
  private let rows: [WorkerScratch]
  private var image: FilterSlab
  private var result: FilterSlab
  private var stage: OutputStage

  /// What the interpolated volume comes from.
  private enum Source {
    case spline(Interpolator)
    /// The magnitudes of the whole volume, zeros having been put around its spectrum.
    case zeroFilled([Float])
  }

  private var bank: FilterBank { upsampler.bank }
  private var pool: WorkerPool { upsampler.pool }
  private var size: SIMD3<Int> { plan.sampling.outputSize }

  init(
    upsampler: FilterUpsampler, plan: FilterUpsampler.Plan, voxels: [Float],
    intensity: IntensityMap, output: OutputSettings, monitor: UpsampleMonitor
  ) throws(InferenceError) {
    self.upsampler = upsampler
    self.plan = plan
    self.monitor = monitor
    let filters = upsampler.bank.filters
    let size = plan.sampling.outputSize
    precondition(plan.sampling.rowBox == size, "axes of the target: \(plan.sampling.rowBox)")
    highest = max(1, IntensityRange(ofFinite: voxels).map { intensity.normalise($0.high) } ?? 1)
    source = try Self.source(
      intensity.normalise(voxels), plan: plan, filters: filters, pool: upsampler.pool)
    let frame = FilterFrame(filters, size: size)
    self.frame = frame
    blend = filters.blendThreshold.map {
      CensusBlend(threshold: $0, size: size, strides: frame.strides)
    }
    let finisher = RowFinisher(
      base: nil, sampling: plan.sampling, inputSize: plan.inputSize, voxels: voxels,
      intensity: intensity, settings: output, kept: nil, pool: upsampler.pool)
    do {
      var scratch: [FilterScratch] = []
      for _ in 0..<upsampler.pool.workerCount {
        scratch.append(try FilterScratch(filters, width: frame.framedSize.x))
      }
      self.scratch = scratch
      rows = try WorkerScratch.forAll(
        upsampler.pool, kernelFloats: 0, constants: 0, rowCount: 1, rowLength: size.x, layers: 0)
      let planeVoxels = frame.strides.plane
      image = try FilterSlab(
        planeCount: FilterSlab.planes(
          plan.windowPlanes, reach: filters.reach, depth: frame.framedSize.z),
        planeVoxels: planeVoxels)
      result = try FilterSlab(planeCount: plan.windowPlanes + 2, planeVoxels: planeVoxels)
      stage = try OutputStage(
        sampling: plan.sampling, windowPlanes: plan.windowPlanes, finisher: finisher,
        scratch: rows)
    } catch {
      throw .allocation(error)
    }
  }

  private static func source(
    _ voxels: [Float], plan: FilterUpsampler.Plan, filters: GradientFilters, pool: WorkerPool
  ) throws(InferenceError) -> Source {
    switch filters.source {
    case .interpolation:
      return .spline(
        Interpolator(
          voxels: voxels,
          sampling: PreparedSampling(plan.sampling, inputSize: plan.inputSize, method: .quadratic),
          pool: pool))
    case .kspace:
      let grid = Grid(size: plan.inputSize, affine: .identity)
      do throws(DegradationError) {
        return .zeroFilled(
          try DegradationPlan.zeroFilling(grid, factor: filters.factor)
            .run(voxels, pool: pool).values.map { abs($0) })
      } catch .allocation(let error) {
        throw .allocation(error)
      } catch {
        preconditionFailure("zero filling cannot fail otherwise: \(error)")
      }
    }
  }

  mutating func execute(sink: OutputStage.Sink) throws -> Upsampler.Timings {
    let clock = ContinuousClock()
    let start = clock.now
    monitor.expect(size.z)
    monitor.enter(.decode)
    // A plane is blended when the one behind it is there.
    let lag = blend == nil ? 0 : 1
    for first in stride(from: 0, to: size.z, by: plan.windowPlanes) {
      let planes = first..<min(size.z, first + plan.windowPlanes)
      interpolate(planes)
      filter(planes)
      try monitor.checkCancellation()
      try finish(max(0, first - lag)..<(planes.upperBound - lag), sink)
      if lag > 0, planes.upperBound == size.z { try finish((size.z - lag)..<size.z, sink) }
    }
    var timings = Upsampler.Timings()
    timings.decoderOperations = plan.operations
    timings.sink = stage.sinkSeconds
    timings.decode = (clock.now - start) / .seconds(1) - timings.sink
    return timings
  }

  /// Makes what filtering and blending these planes needs, frame included.
  private mutating func interpolate(_ planes: Range<Int>) {
    let (frame, size) = (frame, size)
    let halo = bank.filters.reach + 1
    let (first, end) = (planes.lowerBound + frame.width, planes.upperBound + frame.width)
    let new = image.move(
      to: max(0, first - halo - 1)..<min(frame.framedSize.z, end + halo))
    let (origin, source, rows) = (SlabPointer(image.origin), source, frame.framedSize.y)
    pool.run(new.count * rows) { item, _ in
      let (plane, line) = (new.lowerBound + item / rows, item % rows)
      let k = FilterFrame.mirrored(plane - frame.width, size.z)
      let j = FilterFrame.mirrored(line - frame.width, size.y)
      let start = origin.pointer + plane * frame.strides.plane + line * frame.strides.row
      let row = UnsafeMutableBufferPointer(start: start + frame.width, count: size.x)
      switch source {
      case .spline(let interpolator): interpolator.row(j: j, k: k, into: row)
      case .zeroFilled(let values):
        let voxels = (k * size.y + j) * size.x
        for index in row.indices { row[index] = values[voxels + index] }
      }
      for index in row.indices where !(row[index] >= 0) { row[index] = 0 }
      frame.fillEnds(of: row)
    }
  }

  private mutating func filter(_ planes: Range<Int>) {
    let frame = frame
    let wanted =
      (max(0, planes.lowerBound - 2) + frame.width)..<(planes.upperBound + frame.width)
    let new = result.move(to: wanted)
    let (source, target) = (SlabPointer(image.origin), SlabPointer(result.origin))
    let (size, bank, scratch, monitor) = (frame.framedSize, bank, scratch, monitor)
    let planeVoxels = frame.strides.plane
    (target.pointer + new.lowerBound * planeVoxels).update(
      from: source.pointer + new.lowerBound * planeVoxels, count: new.count * planeVoxels)
    let (rows, depth) = (frame.filtered(size.y), frame.filtered(size.z))
    let columns = frame.filtered(size.x)
    let parts = (rows.count + FilterBank.rowsPerItem - 1) / FilterBank.rowsPerItem
    let inner = new.clamped(to: depth)
    let highest = highest
    pool.run(inner.count * parts) { item, worker in
      guard !monitor.isCancelled else { return }
      let k = inner.lowerBound + item / parts
      let first = rows.lowerBound + item % parts * FilterBank.rowsPerItem
      bank.apply(
        columns: columns,
        rows: first..<min(rows.upperBound, first + FilterBank.rowsPerItem), plane: k,
        of: source.pointer, size: size, highest: highest,
        to: target.pointer + k * planeVoxels, scratch: scratch[worker])
    }
    monitor.add(new.count)
  }

  private mutating func finish(_ planes: Range<Int>, _ sink: OutputStage.Sink) throws {
    let image = SlabPointer(image.origin + frame.corner)
    let result = SlabPointer(result.origin + frame.corner)
    let (frame, size, blend, stage, scratch) = (frame, size, blend, stage, rows)
    pool.run(planes.count * size.y) { item, worker in
      let (k, j) = (planes.lowerBound + item / size.y, item % size.y)
      let row = scratch[worker].rows.pointer
      if let blend {
        blend.row(j: j, k: k, image: image.pointer, other: result.pointer, into: row)
      } else {
        row.update(
          from: result.pointer + k * frame.strides.plane + j * frame.strides.row, count: size.x)
      }
      stage.finish(row, 0..<size.x, j: j, k: k, worker: worker)
    }
    try self.stage.handOn(through: planes.upperBound, sink)
  }
}

/// Workers write planes or rows of their own.
private struct SlabPointer: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>

  init(_ pointer: UnsafeMutablePointer<Float>) { self.pointer = pointer }
}
