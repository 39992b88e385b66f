import Volumes

/// A network of any kind with the plan for volumes of one size.
public enum PlannedNetwork: Sendable {
  /// Encoder and decoder of ArSSR.
  case arssr(Upsampler, UpsamplePlan)
  /// One of the systems it is compared with.
  case related(RelatedUpsampler, RelatedPlan)
  /// Learned gradient filters.
  case filters(FilterUpsampler, FilterUpsampler.Plan)

  /// Bytes at the peak, the input's voxels included.
  public var peakBytes: Int {
    switch self {
    case .arssr(_, let plan): plan.peakBytes
    case .related(_, let plan): plan.peakBytes
    case .filters(_, let plan): plan.peakBytes
    }
  }

  /// Output planes that are handed on together.
  public var windowPlanes: Int {
    switch self {
    case .arssr(_, let plan): plan.windowPlanes
    case .related(_, let plan): plan.windowPlanes
    case .filters(_, let plan): plan.windowPlanes
    }
  }

  /// Multiply-accumulates of direct algorithms that take as long as both stages.
  public var work: Int {
    switch self {
    case .arssr(_, let plan): plan.encoder.work + plan.decoderOperations
    case .related(_, let plan): plan.operations.work
    case .filters(_, let plan): plan.operations
    }
  }

  /// Multiply-accumulates of the two stages.
  public var operations: (encode: Int, decode: Int) {
    switch self {
    case .arssr(_, let plan): (plan.encoder.defined, plan.decoderOperations)
    case .related(_, let plan): (plan.operations.defined, 0)
    case .filters(_, let plan): (0, plan.operations)
    }
  }

  /// Counts what there is to compute of a volume: less than planned where its background is kept.
  ///
  /// - Parameters:
  ///   - voxels: The input, i fastest; any where everything is computed.
  ///   - settings: Those of the run.
  /// - Returns: The counts; nil for gradient filters, which go by voxels, not by operations.
  public func work(voxels: [Float], settings: OutputSettings) -> UpsampleWork? {
    switch self {
    case .arssr(let upsampler, let plan):
      upsampler.work(plan, voxels: voxels, settings: settings)
    case .related(let upsampler, let plan):
      upsampler.work(plan, voxels: voxels, settings: settings)
    case .filters: nil
    }
  }

  /// Makes all output voxels of a volume and hands them on, plane by plane in file order.
  ///
  /// - Parameters:
  ///   - voxels: The input, i fastest.
  ///   - options: Those of the plan; the intensity map and the clipping may be the volume's own. A
  ///     network with two images needs the guide, others take none.
  ///   - monitor: Counts work, and may cancel from any thread.
  ///   - sink: Receives whole output planes, `[k][j][i]`, on the calling thread.
  /// - Returns: The seconds that the parts took.
  /// - Throws: ``InferenceError``, or what the sink throws.
  public func run(
    _ voxels: [Float], options: Upsampler.Options, monitor: UpsampleMonitor = UpsampleMonitor(),
    sink: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> Upsampler.Timings {
    switch self {
    case .arssr(let upsampler, let plan):
      try upsampler.run(plan, voxels: voxels, options: options, monitor: monitor, sink: sink)
    case .related(let upsampler, let plan):
      try upsampler.run(plan, voxels: voxels, options: options, monitor: monitor, sink: sink)
    case .filters(let upsampler, let plan):
      try upsampler.run(
        plan, voxels: voxels, intensity: options.intensity, output: options.output,
        monitor: monitor, sink: sink)
    }
  }
}
