import Networks

/// Means and variances of the batch normalisations of a network, as they are kept for its use.
final class RunningStatistics {
  /// One normalisation.
  struct Unit: Equatable {
    var mean: [Float]
    var variance: [Float]
  }

  /// Share of a batch in what is kept (PyTorch's momentum).
  static let momentum = 0.1

  /// In the order of the graph.
  var units: [Unit]
  /// Added to a variance.
  let epsilon: Double

  /// Those of a network; nil where it has none.
  init?(_ network: RelatedNetwork) {
    guard case .dcsrn(let network) = network.layers else { return nil }
    units = network.units.map {
      Unit(mean: $0.normalisation.runningMean, variance: $0.normalisation.runningVariance)
    }
    epsilon = network.units[0].normalisation.epsilon
  }

  /// Takes a batch in: its unbiased variance enters, though the biased one normalises.
  func take(_ index: Int, mean: [Double], variance: [Double], count: Int) {
    let unbiased = Double(count) / Double(max(1, count - 1))
    for channel in mean.indices {
      func moved(_ kept: Float, _ new: Double) -> Float {
        Float((1 - Self.momentum) * Double(kept) + Self.momentum * new)
      }
      units[index].mean[channel] = moved(units[index].mean[channel], mean[channel])
      units[index].variance[channel] = moved(
        units[index].variance[channel], variance[channel] * unbiased)
    }
  }
}
