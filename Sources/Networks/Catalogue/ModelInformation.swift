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
  /// What it computes.
  public var network: Network
  /// All tensors in the order of the file.
  public var tensors: [TensorShape]
  /// The key of a training checkpoint under which the weights were found.
  public var stateDictKey: String?

  /// Collects the facts of a loaded model.
  public init(_ checkpoint: Checkpoint, _ network: Network) {
    path = checkpoint.path
    container = checkpoint.container
    fileBytes = checkpoint.fileBytes
    facts = ModelSummary.Facts(checkpoint, network)
    self.network = network
    tensors = checkpoint.tensors.map {
      TensorShape(name: $0.name, shape: $0.shape, elementType: $0.elementType)
    }
    stateDictKey = checkpoint.stateDictKey
  }
}

/// Work and memory of an ArSSR network per voxel; one operation is one multiply-accumulate.
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
