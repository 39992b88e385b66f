import Synchronization

/// What there is to compute of a volume: less than planned where its background is kept.
public struct UpsampleWork: Sendable, Equatable {
  /// The background that is kept; nil where everything is computed.
  public var background: Background?
  /// Multiply-accumulates of the encoder, or of a related network.
  public var encoder: EncoderOperations
  /// Multiply-accumulates of the decoder's other layers.
  public var decoderOperations: Int
}

extension Upsampler {
  /// Counts what a plan computes of a volume.
  ///
  /// - Parameters:
  ///   - plan: From ``plan(inputSize:sampling:options:)`` of this object.
  ///   - voxels: The input, i fastest; `plan.inputSize` voxels; not read where no background is kept.
  ///   - settings: Those of the run.
  /// - Returns: The counts of ``run(_:voxels:options:monitor:sink:)``.
  public func work(
    _ plan: UpsamplePlan, voxels: [Float], settings: OutputSettings
  ) -> UpsampleWork {
    work(
      plan,
      kept: keptOutputs(
        plan, voxels: voxels, continued: plan.continuation.continued(voxels), settings: settings))
  }

  /// The outputs that are computed although the volume has a background; nil: all.
  func keptOutputs(
    _ plan: UpsamplePlan, voxels: [Float], continued: @autoclosure () -> [Float],
    settings: OutputSettings
  ) -> KeptOutputs? {
    guard settings.background == .keep, let axes = plan.axes,
      let background = Background(voxels, size: plan.inputSize)
    else { return nil }
    return KeptOutputs(
      background, voxels: continued(), size: plan.continuation.size, axes: axes, pool: pool)
  }

  /// What the kept cells of a block need of every value along i, j, k; nil where it has none.
  func computedRanges(_ block: Block, _ plan: UpsamplePlan, kept: KeptOutputs?) -> [ValueRanges]? {
    guard let bounds = kept?.cells.bounds else { return block.shape.ranges }
    let cells = (0..<3).map { bounds[$0].clamped(to: block.cells[$0]) }
    if cells.contains(where: \.isEmpty) { return nil }
    return ValueRanges.allAxes(
      encoder.program, target: block.shape.target, cells: cells, volume: plan.continuation.size)
  }

  func work(_ plan: UpsamplePlan, kept: KeptOutputs?) -> UpsampleWork {
    guard let kept else {
      return UpsampleWork(
        background: nil, encoder: plan.encoder, decoderOperations: plan.decoderOperations)
    }
    return UpsampleWork(
      background: kept.background,
      encoder: encoder.operations(plan.layers.flatMap(\.blocks)) {
        computedRanges($0, plan, kept: kept)
      },
      decoderOperations: OperationCount.product(
        keptPoints(plan, kept), decoder.weights.operationsPerPoint))
  }

  /// Output voxels that are computed.
  private func keptPoints(_ plan: UpsamplePlan, _ kept: KeptOutputs) -> Int {
    guard let axes = plan.axes else { return 0 }
    let (columns, rows, planes) = (axes[0].inside, axes[1].inside, axes[2].inside)
    let points = Atomic<Int>(0)
    pool.run(planes.count) { item, _ in
      let k = planes.lowerBound + item
      let sum = rows.reduce(0) { sum, j in
        sum + kept.runs(j: j, k: k, within: columns).reduce(0) { $0 + $1.count }
      }
      points.add(sum, ordering: .relaxed)
    }
    return points.load(ordering: .relaxed)
  }
}
