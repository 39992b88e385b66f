import KernelInterface
import Networks
import Volumes
import Workers

/// A network of any kind made ready for one machine: packed once, for any number of volumes.
///
///     let upsampler = try NetworkUpsampler(network, kernels: table, pool: pool)
///     let target = try network.target(.scale(SIMD3(repeating: 2)), of: volume.grid)
///     let planned = try upsampler.planned(
///       inputSize: volume.grid.size, sampling: target.sampling, options: options)
///     let times = try planned.run(volume.voxels, options: options) { planes in
///       try writer.append(planes)
///     }
public enum NetworkUpsampler: Sendable {
  /// Encoder and decoder of ArSSR.
  case arssr(Upsampler)
  /// One of the systems it is compared with.
  case related(RelatedUpsampler)
  /// Learned gradient filters.
  case filters(FilterUpsampler)

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - network: Of any kind.
  ///   - precision: What layers may store what they multiply in.
  ///   - kernels: The instruction set's functions.
  ///   - pool: The workers of all jobs.
  ///   - isExact: Direct convolution everywhere, every sum in its one documented order.
  /// - Throws: ``InferenceError/allocation(_:)``, or ``InferenceError/notTaken(_:)`` for a precision
  ///   that the network is not computed in.
  public init(
    _ network: Network, precision: Precision = .float32, kernels: KernelTable, pool: WorkerPool,
    isExact: Bool = false
  ) throws(InferenceError) {
    switch network {
    case .arssr(let network):
      self = .arssr(
        try Upsampler(
          network: network, precision: precision, kernels: kernels, pool: pool, isExact: isExact))
    case .related(let network):
      guard precision == .float32 else { throw .notTaken(.precision(precision)) }
      self = .related(
        try RelatedUpsampler(network: network, kernels: kernels, pool: pool, isExact: isExact))
    case .filters(let filters):
      guard precision == .float32 else { throw .notTaken(.precision(precision)) }
      self = .filters(try FilterUpsampler(filters: filters, kernels: kernels, pool: pool))
    }
  }

  /// Plans the work on volumes of one size: chooses blocks within the limit on memory.
  ///
  /// - Parameters:
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - sampling: Where the output voxels lie in it, as `Network.target` says.
  ///   - options: Those that the run will get.
  /// - Returns: The network with its plan.
  /// - Throws: ``InferenceError``.
  public func planned(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Upsampler.Options
  ) throws(InferenceError) -> PlannedNetwork {
    switch self {
    case .arssr(let upsampler):
      let own = try upsampler.blended(sampling: sampling, options: options)
      return .arssr(
        own, try own.plan(inputSize: inputSize, sampling: sampling, options: options))
    case .related(let upsampler):
      return .related(
        upsampler,
        try upsampler.plan(inputSize: inputSize, sampling: sampling, options: options))
    case .filters(let upsampler):
      return .filters(
        upsampler,
        try upsampler.plan(
          inputSize: inputSize, sampling: sampling, output: options.output, held: options.held,
          memoryLimit: options.memoryLimit))
    }
  }
}
