import KernelInterface
import Networks
import Volumes
import Workers

/// A related network made ready for one machine, used like ``Upsampler``.
///
/// The samplings that it takes are separable and rise along the input's own axes: corner-aligned ones
/// (`Grid.cornerTarget`), and for 3D-ESPCN those of `Grid.blockTarget` with its factor.
///
/// The result depends on network, volume, target, instruction set and path; not on workers, blocks or
/// the memory limit: these give the same bytes.
public final class RelatedUpsampler: Sendable {
  /// What is computed.
  public let network: RelatedNetwork
  let runner: EncoderRunner
  let pool: WorkerPool

  /// Packs the network's weights.
  ///
  /// - Parameters:
  ///   - network: The layers.
  ///   - kernels: The instruction set's functions.
  ///   - pool: The workers of all jobs.
  ///   - isExact: Direct convolution everywhere, every sum in its one documented order.
  /// - Throws: ``InferenceError/allocation(_:)``.
  public init(
    network: RelatedNetwork, kernels: KernelTable, pool: WorkerPool, isExact: Bool = false
  ) throws(InferenceError) {
    self.network = network
    self.pool = pool
    let program = EncoderProgram(
      network,
      choice: ConvolutionChoice(instructionSet: kernels.instructionSet, isExact: isExact))
    do {
      runner = try EncoderRunner(program: program, kernels: kernels, pool: pool)
    } catch {
      throw .allocation(error)
    }
  }

  /// The algorithm of the layers that need not be direct.
  public var convolution: ConvolutionAlgorithm { runner.convolution }

  /// Whether every sum runs in its one documented order.
  public var isExact: Bool { convolution == .direct }

  /// How many layers are computed in which way.
  package var layerCounts: [LayerCount] { runner.layerCounts }

  /// How far a result may be from that of the exact path, as a fraction of the normalised range.
  ///
  /// Held by `RelatedGoldenTests` and `RelatedPublishedTests` on every network of the golden files.
  public var errorBound: Double { isExact ? 0 : 5e-5 }

  /// Makes all output voxels of a volume and hands them on, plane by plane in file order.
  ///
  /// - Parameters:
  ///   - plan: From ``plan(inputSize:sampling:options:)`` of this object.
  ///   - voxels: The input, i fastest; `plan.inputSize` voxels.
  ///   - options: Those of the plan; the intensity map and the clipping may be the volume's own. A
  ///     network with two images needs the guide, others take none.
  ///   - monitor: Counts work, and may cancel from any thread.
  ///   - sink: Receives whole output planes, `[k][j][i]`, on the calling thread.
  /// - Returns: The seconds that the parts took.
  /// - Throws: ``InferenceError``, or what the sink throws.
  public func run(
    _ plan: RelatedPlan, voxels: [Float], options: Upsampler.Options,
    monitor: UpsampleMonitor = UpsampleMonitor(),
    sink: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> Upsampler.Timings {
    var run = try RelatedRun(
      upsampler: self, plan: plan, voxels: voxels, options: options, monitor: monitor)
    return try run.execute(sink: sink)
  }
}
