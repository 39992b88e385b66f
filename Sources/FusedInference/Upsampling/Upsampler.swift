import KernelInterface
import Networks
import Volumes
import Workers

/// A network made ready for one machine: weights packed for an instruction set and copied to every
/// NUMA node, workers waiting.
///
///     let upsampler = try Upsampler(network: network, kernels: table, pool: pool)
///     let plan = try upsampler.plan(
///       inputSize: volume.grid.size, sampling: target.sampling, options: options)
///     let times = try upsampler.run(plan, voxels: volume.voxels, options: options) { planes in
///       try writer.append(planes)
///     }
///
/// The result depends on network, volume, target, blur, instruction set and path; not on
/// workers, blocks, tiles or the memory limit: these give the same bytes.
public final class Upsampler: Sendable {
  let network: ArSSRNetwork
  let encoder: EncoderRunner
  let decoder: RowDecoder
  let points: PointDecoder
  let kernels: KernelTable
  let pool: WorkerPool
  /// What layers may round what they multiply to.
  public let precision: Precision
  /// Whether the exact path was asked for.
  let choosesExact: Bool
  /// Bytes of weights beside its own: those that its own were blended from.
  let weightBytesBeside: Int
  /// Upsamplers of single inputs, where the weights depend on them.
  let inputs = BlendedUpsampler()

  /// Packs the network's weights.
  ///
  /// - Parameters:
  ///   - network: Encoder, decoder and variants.
  ///   - precision: How the decoder's, 1x1x1 and Winograd's layers may store what they multiply.
  ///   - kernels: The instruction set's functions.
  ///   - pool: The workers of all jobs.
  ///   - isExact: Direct convolution everywhere, every sum in its one documented order; else layers
  ///     are computed by Winograd's algorithm where that is faster.
  /// - Throws: ``InferenceError/allocation(_:)``.
  public convenience init(
    network: ArSSRNetwork, precision: Precision = .float32, kernels: KernelTable,
    pool: WorkerPool, isExact: Bool = false
  ) throws(InferenceError) {
    try self.init(
      network: network, weightBytesBeside: 0, precision: precision, kernels: kernels, pool: pool,
      isExact: isExact)
  }

  /// The same beside other weights.
  init(
    network: ArSSRNetwork, weightBytesBeside: Int, precision: Precision, kernels: KernelTable,
    pool: WorkerPool, isExact: Bool
  ) throws(InferenceError) {
    self.network = network
    self.weightBytesBeside = weightBytesBeside
    self.precision = precision
    choosesExact = isExact
    self.kernels = kernels
    self.pool = pool
    do {
      let features = try EncoderRunner(
        program: EncoderProgram(
          network,
          choice: ConvolutionChoice(
            instructionSet: kernels.instructionSet, isExact: isExact, precision: precision)),
        kernels: kernels, pool: pool)
      let order =
        switch precision {
        case .float32: UnitOrder(natural: network.decoder)
        case .bfloat16: try UnitOrder(measuring: network, encoder: features)
        }
      let weights = try DecoderWeights(
        network, order: order, precision: precision, kernels: kernels, pool: pool)
      decoder = RowDecoder(weights: weights, kernels: kernels, pool: pool)
      var program = features.program
      _ = program.append("decoder", inputs: [program.features], weights.firstLayers)
      encoder = try EncoderRunner(program, extending: features)
      points = try PointDecoder(
        network, order: order, precision: precision, kernels: kernels, pool: pool)
    } catch {
      throw .allocation(error)
    }
  }

  /// The algorithm of the encoder's layers that need not be direct.
  public var convolution: ConvolutionAlgorithm { encoder.convolution }

  /// How many layers of the encoder, the decoder's first among them, are computed in which way.
  package var layerCounts: [LayerCount] { encoder.layerCounts }

  /// How far a result may be from that of the exact path, as a fraction of the normalised range.
  ///
  /// Held by `GoldenOutputTests` on every network of the golden files; for bfloat16 three times what was
  /// measured at most (`precision.md` of the results): 0.053 in whole brains with the shipped models, 0.124
  /// for networks that add nothing to an interpolated volume (RDN with generated weights).
  public var errorBound: Double {
    if precision == .bfloat16 { return network.variants.residual == .none ? 0.4 : 0.16 }
    return isExact ? 0 : 2e-4
  }

  /// Whether every sum runs in its one documented order, in float32.
  public var isExact: Bool { convolution == .direct && precision == .float32 }

  /// What a job may use and what it is told.
  public struct Options: Sendable {
    /// Bytes at the peak; nil: as many as the plan likes.
    public var memoryLimit: Int?
    /// How the input is blurred; nil: the network's default.
    public var blur: InputBlur?
    /// Edges of the input's voxels along i, j, k in millimetres.
    public var spacing: SIMD3<Double>
    /// Query points decoded together; nil: planned.
    public var tile: Int?
    /// Intensity map before the network, undone after it.
    public var intensity: IntensityMap
    /// What happens to values after the network.
    public var output: OutputSettings
    /// A second image for networks that take one.
    public var guide: GuideImage?
    /// LR voxels along each axis of tiles that 3D-ESPCN computes each by itself; nil: none.
    ///
    /// Its published program does so, which leaves seams. A run takes that of its plan.
    public var separateTile: Int?
    /// What is resident beside the job and counts towards the limit.
    public var held: HeldMemory

    /// Collects the options; the intensity map is applied as given.
    public init(
      memoryLimit: Int? = nil, held: HeldMemory = HeldMemory(), blur: InputBlur? = nil,
      spacing: SIMD3<Double> = SIMD3(repeating: 1), tile: Int? = nil,
      intensity: IntensityMap = .identity,
      output: OutputSettings = OutputSettings(), guide: GuideImage? = nil,
      separateTile: Int? = nil
    ) {
      self.memoryLimit = memoryLimit
      self.held = held
      self.blur = blur
      self.spacing = spacing
      self.tile = tile
      self.intensity = intensity
      self.output = output
      self.guide = guide
      self.separateTile = separateTile
    }
  }

  /// Seconds that the parts of a job took, and what the decoder could leave out.
  public struct Timings: Sendable, Equatable {
    /// Seconds in the encoder.
    public var encode = 0.0
    /// Seconds in the decoder, with interpolation and finishing.
    public var decode = 0.0
    /// Seconds in the caller's sink.
    public var sink = 0.0
    /// The background that was kept; nil where everything was computed.
    public var background: Background?
    /// Per dense layer that ran at output points, how many of its inputs were used.
    public var decoderUnits: [UnitCount] = []
    /// Multiply-accumulates of the encoder as their definition counts them, where not skipped with
    /// the background.
    public var encoderOperations = 0
    /// The same of the decoder, or of gradient filters.
    public var decoderOperations = 0

    /// No time spent.
    public init() {}
  }

  /// Makes all output voxels of a volume and hands them on, plane by plane in file order.
  ///
  /// - Parameters:
  ///   - plan: From ``plan(inputSize:sampling:options:)`` of this object.
  ///   - voxels: The input, i fastest; `plan.inputSize` voxels.
  ///   - options: Those of the plan; the intensity map and the clipping may be the volume's own.
  ///   - monitor: Counts work, and may cancel from any thread.
  ///   - sink: Receives whole output planes, `[k][j][i]`, on the calling thread.
  /// - Returns: The seconds that the parts took, and the decoder's counts.
  /// - Throws: ``InferenceError``, or what the sink throws.
  public func run(
    _ plan: UpsamplePlan, voxels: [Float], options: Options,
    monitor: UpsampleMonitor = UpsampleMonitor(),
    sink: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> Timings {
    var run = try UpsampleRun(
      upsampler: self, plan: plan, voxels: voxels, options: options, monitor: monitor)
    return try run.execute(sink: sink)
  }
}
