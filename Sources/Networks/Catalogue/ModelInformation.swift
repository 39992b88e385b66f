import Checkpoints

/// Everything that `models info` shows of one model.
public struct ModelInformation: Sendable {
  /// A tensor without its values.
  public struct TensorShape: Sendable, Equatable {
    /// Name as in the file.
    public var name: String
    /// Sizes, outermost first.
    public var shape: [Int]
    /// How the elements are stored in the file, for example `F32`.
    public var elementType: ElementType
  }

  /// The file.
  public var path: String
  /// What kind of file it is.
  public var container: Container
  /// Size of the file.
  public var fileBytes: Int
  /// Card, architecture, parameters, checksum.
  public var facts: ModelSummary.Facts
  /// Work and memory per voxel.
  public var cost: ModelCost
  /// Input voxels to each side that can change a feature.
  public var halo: Int
  /// Channels inside the encoder.
  public var encoderWidth: Int
  /// Channels of the feature map.
  public var featureChannels: Int
  /// Layers of both decoder stages together, as published ("depth 8" is 2 x 4).
  public var decoderDepth: Int
  /// Width of the decoder's hidden layers.
  public var decoderWidth: Int
  /// All tensors in the order of the file.
  public var tensors: [TensorShape]
  /// The key of a training checkpoint under which the weights were found.
  public var stateDictKey: String?

  /// Collects the facts of a loaded model.
  public init(_ checkpoint: Checkpoint, _ network: ArSSRNetwork) {
    path = checkpoint.path
    container = checkpoint.container
    fileBytes = checkpoint.fileBytes
    facts = ModelSummary.Facts(checkpoint, network)
    cost = ModelCost(network)
    halo = network.halo
    encoderWidth = network.encoder.width
    featureChannels = network.featureChannels
    decoderDepth = 2 * network.decoder.depth
    decoderWidth = network.decoder.width
    tensors = checkpoint.tensors.map {
      TensorShape(name: $0.name, shape: $0.shape, elementType: $0.elementType)
    }
    stateDictKey = checkpoint.stateDictKey
  }
}

/// Work and memory of a network per voxel; one operation is one multiply-accumulate.
public struct ModelCost: Sendable, Equatable {
  /// Per input voxel, in the encoder.
  public var encoderOperations: Int
  /// Per output voxel, in the decoder as published.
  public var decoderOperations: Int
  /// Bytes per input voxel of the feature map and of the decoder's first layer applied to it, both
  /// float32: the buffers that grow with the volume.
  public var featureBytes: Int

  /// The cost of a network.
  public init(_ network: ArSSRNetwork) {
    encoderOperations = network.encoderOperationsPerVoxel
    decoderOperations = network.decoderOperationsPerVoxel
    featureBytes = 4 * (network.featureChannels + network.decoder.width)
  }

  /// Operations per output voxel where every axis has this scale: an input voxel's encoding is
  /// shared by `scale`^3 output voxels.
  public func operationsPerOutputVoxel(scale: Double) -> Double {
    Double(decoderOperations) + Double(encoderOperations) / (scale * scale * scale)
  }

  /// Bytes of features per output voxel where every axis has this scale.
  public func featureBytesPerOutputVoxel(scale: Double) -> Double {
    Double(featureBytes) / (scale * scale * scale)
  }
}
