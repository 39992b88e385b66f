import FusedInference
import KernelInterface
import Workers

/// The costs by which 3x3x3 layers get their algorithm, measured on this machine.
///
/// They are compiled in (`ConvolutionChoice`), never used at run time, because the choice changes the
/// last bits of results.
public struct ConvolutionCalibration: Sendable {
  /// A layer of as many channels in as out.
  public struct Layer: Sendable {
    /// Channels in, and channels out.
    public var channels: Int
    /// Multiply-adds at the peak per voxel that take as long as direct convolution.
    public var direct: Double
    /// The same of Winograd's algorithm.
    public var winograd: Double
    /// The same with products in bfloat16.
    public var winogradPairs: Double
  }

  /// What a layer costs by Winograd's algorithm.
  public struct Costs: Sendable {
    /// Share of the float32 peak that the products reach.
    public let productShare: Double
    /// Multiply-adds at that peak per voxel and channel, in and out, that take as long as the
    /// transforms.
    public let transform: Double
  }

  /// Floating-point operations per second of a core.
  public let peak: Double
  /// What was measured.
  public let layers: [Layer]
  /// Share of the peak that direct convolution reaches, mean over the layers.
  public let directShare: Double
  /// Winograd's algorithm in float32.
  public let winograd: Costs
  /// The same with products in bfloat16.
  public let winogradPairs: Costs

  /// Widths of the default model, of small models, and of the published ones.
  static let widths = [16, 32, 64]

  /// Measures the layers on the calling thread.
  ///
  /// - Parameters:
  ///   - kernels: The instruction set.
  ///   - pool: Its caller runs.
  ///   - repetition: How many runs of each.
  ///   - monitor: May cancel from any thread.
  ///   - progress: Told the share that is done.
  /// - Throws: ``WorkersError`` if the memory cannot be had, or `InferenceError.cancelled`.
  public init(
    kernels: KernelTable, pool: WorkerPool, repetition: Repetition, monitor: UpsampleMonitor,
    progress: (Double) -> Void
  ) throws {
    let peak = PeakMeasurement.operationsPerSecond(
      kernels: kernels, pool: pool, workers: 1, duration: 0.2
    ).maximum
    /// Multiply-adds at the peak per voxel, of the fastest run.
    func cost(_ workload: KernelWorkload) throws -> Double {
      let outcome = try repetition.measure {
        if monitor.isCancelled { throw InferenceError.cancelled }
        return [seconds(of: workload.run)]
      }
      return outcome.parts[0].minimum * peak / 2 / Double(workload.voxels)
    }
    var layers: [Layer] = []
    for (index, channels) in Self.widths.enumerated() {
      progress(Double(index) / Double(Self.widths.count))
      let shape = ConvolutionShape(extent: 3, inputs: [channels], outputs: channels)
      layers.append(
        Layer(
          channels: channels, direct: try cost(.convolution(shape, kernels)),
          winograd: try cost(.winograd(shape, kernels)),
          winogradPairs: try cost(.winograd(shape, kernels, precision: .bfloat16))))
    }
    self.init(peak: peak, layers: layers)
  }

  /// Solves for the costs.
  init(peak: Double, layers: [Layer]) {
    self.peak = peak
    self.layers = layers
    winograd = Costs(layers.map { ($0.channels, $0.winograd) })
    winogradPairs = Costs(layers.map { ($0.channels, $0.winogradPairs) })
    let shares = layers.map { 27 * Double($0.channels * $0.channels) / $0.direct }
    directShare = shares.reduce(0, +) / Double(shares.count)
  }
}

extension ConvolutionCalibration.Costs {
  /// Solves for the costs, from layers' channels and what they take.
  ///
  /// Winograd's algorithm costs `27 / 8 * c^2 / productShare + 2 * c * transform` at c channels: the
  /// two unknowns are those with the least squares of relative errors.
  init(_ layers: [(channels: Int, cost: Double)]) {
    var (aa, ab, bb, a, b) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for layer in layers {
      let channels = Double(layer.channels)
      let products = 27.0 / 8 * channels * channels / layer.cost
      let values = 2 * channels / layer.cost
      aa += products * products
      ab += products * values
      bb += values * values
      a += products
      b += values
    }
    let determinant = aa * bb - ab * ab
    productShare = determinant / (a * bb - b * ab)
    transform = (b * aa - a * ab) / determinant
  }
}
