import KernelInterface

/// The layers of a decoder, and how points are divided: a function of the layers and the number of points.
struct DecoderShape: Sendable {
  let layers: [LayerLayout]
  let features: Int

  init(_ layout: ParameterLayout) {
    layers = Array(layout.layers.dropFirst(layout.encoderLayerCount))
    features = layout.featureChannels
  }

  var stageOne: ArraySlice<LayerLayout> { layers[..<(layers.count / 2)] }
  var stageTwo: ArraySlice<LayerLayout> { layers[(layers.count / 2)...] }
  /// Features, coordinates, condition.
  var inputs: Int { layers[0].inputs }
  var paddedInputs: Int { FeatureLayout.paddedChannels(inputs) }
  /// Padded channels of the widest layer.
  var widest: Int { max(paddedInputs, layers.map(\.paddedOutputs).max() ?? 0) }

  /// Where the parameters begin.
  var firstParameter: Int { layers[0].weights }
  /// Floats of all parameters.
  var parameterCount: Int { layers[layers.count - 1].end - firstParameter }
}

// MARK: - Points

extension DecoderShape {
  /// The most groups whose gradients are summed apart.
  private static let mostGroups = 64
  /// The most floats of all groups' sums: 32 MiB.
  private static let mostSums = 8 << 20

  /// Tiles between two sums of weight gradients: as many as make reading and writing large sums cheap.
  var tilesOfChunk: Int { parameterCount > 1 << 16 ? 4 : 1 }

  /// Groups of points that are summed one by one, each by one worker: neighbouring chunks.
  func groups(points: Int) -> [Range<Int>] {
    let chunk = tilesOfChunk * DecoderMemory.tile
    let chunks = (points + chunk - 1) / chunk
    let count = max(1, min(chunks, Self.mostGroups, Self.mostSums / parameterCount))
    return (0..<count).map { group in
      chunk * (chunks * group / count)..<min(points, chunk * (chunks * (group + 1) / count))
    }
  }

  /// Parts of a range of points, each of at most so many.
  static func parts(of points: Range<Int>, length: Int) -> [Range<Int>] {
    stride(from: points.lowerBound, to: points.upperBound, by: length).map {
      $0..<min($0 + length, points.upperBound)
    }
  }
}
