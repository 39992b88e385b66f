import FusedInference

/// A model made ready for a machine: read and packed once, for any number of volumes.
struct PackedModel {
  let described: DescribedModel
  let upsampler: NetworkUpsampler

  /// Packs the weights.
  ///
  /// - Throws: If the system refuses memory, or the model is not computed in the precision asked for.
  init(
    _ described: DescribedModel, computing: ComputingRequest, machine: Machine
  ) throws(Failure) {
    self.described = described
    upsampler = try Failure.of { () throws(InferenceError) in
      try NetworkUpsampler(
        described.network, precision: computing.precision, kernels: machine.kernels,
        pool: machine.pool, isExact: computing.isExact)
    }
  }
}
