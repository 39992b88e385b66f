/// How the items of a step of a job would be shared by a number of workers.
public struct StepSchedule: Sendable, Equatable {
  /// The part of the job.
  public var stage: StepRecord.Stage
  /// As in ``StepRecord``.
  public var name: String
  /// Calls, each of which all workers wait for.
  public var calls: Int
  /// How much is done at once, on the average over the work: as many as the workers at most, less
  /// where a call has too few items or its last round leaves workers without one.
  public var parallelism: Double
}

extension Upsampler {
  /// The steps of a plan as `workers` would share them, items of one call taking equally long.
  ///
  /// A pure function of plan and number, for more workers than this machine has. Grids that are not
  /// parallel to the input have none.
  ///
  /// - Parameters:
  ///   - plan: From ``plan(inputSize:sampling:options:)`` of this object.
  ///   - workers: At least 1.
  /// - Returns: In the order in which the steps first run.
  public func schedule(_ plan: UpsamplePlan, workers: Int) -> [StepSchedule] {
    guard let axes = plan.axes else { return [] }
    var collected = ScheduleCollector(workers: workers)
    for block in plan.layers.flatMap(\.blocks) {
      for slab in block.shape.slabs {
        for step in 0..<block.shape.stepsPerSlab {
          addEncoder(block, slab: slab, step: step, plan.continuation.size, to: &collected)
          addDecoder(block, slab: slab, step: step, axes, to: &collected)
        }
      }
    }
    return collected.steps
  }

  private func addEncoder(
    _ block: Block, slab: Int, step: Int, _ size: SIMD3<Int>, to collected: inout ScheduleCollector
  ) {
    let (shape, program) = (block.shape, encoder.program)
    let image = shape.region(ofValue: 0, slab: slab, step: step)
    collected.add(.encode, "image", items: EncoderRunner.rowItems(image), work: image.voxelCount)
    encoder.forEachPass({ shape.region(ofValue: $0, slab: slab, step: step) }) { steps, region in
      let first = program.steps[steps.lowerBound]
      collected.add(
        .encode, encoder.name(of: steps),
        items: encoder.itemCount(
          first, region, depth: shape.stores[first.output].depth, volume: size,
          workers: collected.workers),
        work: steps.reduce(0) { $0 + program.steps[$1].workPerVoxel } * region.voxelCount)
    }
  }

  private func addDecoder(
    _ block: Block, slab: Int, step: Int, _ axes: [AxisTable],
    to collected: inout ScheduleCollector
  ) {
    let shape = block.shape
    let planes = axes[2].outputs(
      cells: shape.planes(slab: slab, depth: shape.finalDepth).clamped(to: block.cells[2]))
    let rows = axes[1].outputs(
      cells: shape.rows(step: step, depth: shape.finalDepth).clamped(to: block.cells[1]))
    guard !planes.isEmpty, !rows.isEmpty else { return }
    let groups = RowGroup.groups(
      rows: axes[1].groups(rows), planes: axes[2].groups(planes), mostRows: RowDecoder.mostRows,
      workers: collected.workers)
    collected.add(.decode, "rows", items: groups.count, work: planes.count * rows.count)
  }
}

/// Adds calls up, step by step.
private struct ScheduleCollector {
  private struct Sums {
    var stage: StepRecord.Stage
    var name: String
    var calls = 0
    var work = 0.0
    /// Work that lies one after the other.
    var span = 0.0
  }

  let workers: Int
  private var sums: [Sums] = []

  init(workers: Int) { self.workers = workers }

  var steps: [StepSchedule] {
    sums.map { sum in
      StepSchedule(
        stage: sum.stage, name: sum.name, calls: sum.calls,
        parallelism: sum.span > 0 ? sum.work / sum.span : 1)
    }
  }

  mutating func add(_ stage: StepRecord.Stage, _ name: String, items: Int, work: Int) {
    guard items > 0 else { return }
    let index = sums.firstIndex { $0.stage == stage && $0.name == name } ?? sums.count
    if index == sums.count { sums.append(Sums(stage: stage, name: name)) }
    let rounds = (items + workers - 1) / workers
    sums[index].calls += 1
    sums[index].work += Double(work)
    sums[index].span += Double(work) * Double(rounds) / Double(items)
  }
}
