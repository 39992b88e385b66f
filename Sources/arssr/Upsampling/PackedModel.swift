import FusedInference
import Networks

/// A model made ready for a machine: read and packed once, for any number of volumes.
struct PackedModel {
  /// What runs the network.
  enum Runner {
    case network(Upsampler)
    case related(RelatedUpsampler)
    case filters(FilterUpsampler)
  }

  let described: DescribedModel
  let runner: Runner

  /// Packs the weights.
  ///
  /// - Throws: If the system refuses memory.
  init(
    _ described: DescribedModel, computing: ComputingRequest, machine: Machine
  ) throws(Failure) {
    self.described = described
    runner = try Failure.of { () throws(InferenceError) in
      switch described.network {
      case .arssr(let network):
        .network(
          try Upsampler(
            network: network, precision: computing.precision, kernels: machine.kernels,
            pool: machine.pool, isExact: computing.isExact))
      case .related(let network):
        .related(
          try RelatedUpsampler(
            network: network, kernels: machine.kernels, pool: machine.pool,
            isExact: computing.isExact))
      case .filters(let filters):
        .filters(
          try FilterUpsampler(filters: filters, kernels: machine.kernels, pool: machine.pool))
      }
    }
  }
}
