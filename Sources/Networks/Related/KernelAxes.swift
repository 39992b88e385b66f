/// The volume axes along which the kernels of a file run, the slowest in memory first: the order of
/// the arrays that the system was trained on.
///
/// A wrong order leaves plausible images, so a file says which it has (`arssr.axes`).
public enum KernelAxes: String, Sendable, CaseIterable {
  /// (x, y, z) = (i, j, k): the deepBrain family and other readers with the first voxel axis first.
  case xyz
  /// (z, y, x) = (k, j, i): 3D-ESPCN and what is trained on arrays in file order; that of
  /// ``Convolution``.
  case zyx

  /// The first and the last kernel axis of weights `[out x in][k0][k1][k2]` exchanged.
  static func reversed(_ weight: [Float], kernel: Int) -> [Float] {
    guard kernel > 1 else { return weight }
    let plane = kernel * kernel
    let volume = plane * kernel
    var result = weight
    for first in stride(from: 0, to: weight.count, by: volume) {
      for a in 0..<kernel {
        for b in 0..<kernel {
          for c in 0..<kernel {
            result[first + c * plane + b * kernel + a] =
              weight[first + a * plane + b * kernel + c]
          }
        }
      }
    }
    return result
  }

  /// A layer of a file in the order of ``Convolution``, or back: both ways are the same exchange.
  func exchanged(_ layer: Convolution) -> Convolution {
    guard self == .xyz else { return layer }
    var layer = layer
    layer.weight = Self.reversed(layer.weight, kernel: layer.kernel)
    return layer
  }

  /// The channels of a layer whose outputs become the `factor^3` voxels of a block, which the file
  /// counts along its own axes, the first one slowest; both ways are the same exchange.
  func channelsExchanged(_ layer: Convolution, factor: Int) -> Convolution {
    guard self == .xyz else { return layer }
    var result = layer
    let length = layer.weight.count / layer.outputs
    for channel in 0..<layer.outputs {
      let (a, b, c) = (channel / (factor * factor), channel / factor % factor, channel % factor)
      let other = (c * factor + b) * factor + a
      result.bias[other] = layer.bias[channel]
      result.weight.replaceSubrange(
        other * length..<(other + 1) * length,
        with: layer.weight[channel * length..<(channel + 1) * length])
    }
    return result
  }
}
