import KernelInterface

/// Where the parameters of one batch normalisation lie in a ``ParameterLayout``.
struct NormalisationLayout: Sendable, Equatable {
  /// Name without `.weight` or `.bias`.
  var name: String
  var channels: Int
  /// Where the factors begin.
  var weight: Int

  /// Where the summands begin.
  var bias: Int { weight + FeatureLayout.paddedChannels(channels) }
  /// One beyond the last float.
  var end: Int { bias + FeatureLayout.paddedChannels(channels) }

  /// Names of both tensors, and where they begin.
  var places: [(name: String, place: Int)] { [(name + ".weight", weight), (name + ".bias", bias)] }
}
