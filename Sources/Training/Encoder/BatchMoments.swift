import Workers

/// What a batch normalisation knows of its batch between the passes.
///
///     z = (x - mean) / sqrt(variance + eps) * weight + bias,   y = z > 0 ? z : exp(z) - 1
///
/// Mean and (biased) variance are those of the batch, per channel.
final class BatchMoments {
  /// Channels of all operands.
  let channels: Int
  /// Per channel.
  var mean: [Float] = []
  /// 1 / sqrt(variance + eps), per channel.
  var inverse: [Float] = []
  /// Sums of the gradient of z, and of it times what z is made of, per channel; over all voxels.
  var slopeSum: [Float] = []
  var productSum: [Float] = []
  /// `[plane][channel]`, twice.
  private let partial: AlignedBuffer<Double>

  init(channels: Int, planes: Int) throws(WorkersError) {
    self.channels = channels
    partial = try AlignedBuffer(count: 2 * planes * channels)
  }

  /// Where a plane leaves its sums: as many as channels, twice.
  func sums(plane: Int) -> UnsafeMutablePointer<Double> {
    partial.pointer + 2 * plane * channels
  }

  /// The sums of all planes in their order: first and second.
  func total(planes: Int) -> (first: [Double], second: [Double]) {
    var (first, second) = (
      [Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels)
    )
    for plane in 0..<planes {
      let sums = sums(plane: plane)
      for channel in 0..<channels {
        first[channel] += sums[channel]
        second[channel] += sums[channels + channel]
      }
    }
    return (first, second)
  }
}
