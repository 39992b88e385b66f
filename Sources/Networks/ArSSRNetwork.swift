import Checkpoints
import Files

/// A network of the ArSSR family: an encoder, a decoder, and how the two are used.
///
/// Everything but the variants is read from the tensors' names and shapes, so any width, depth,
/// number of blocks and feature size that a checkpoint holds is taken as it is.
public struct ArSSRNetwork: Sendable {
  /// From the normalised volume to its feature map.
  public var encoder: Encoder
  /// From feature vector and coordinate to one intensity.
  public var decoder: Decoder
  /// How the function departs from the published one.
  public var variants: ArSSRVariants
  /// What the user should know of the checkpoint.
  public var notices: [Notice]
  /// Where the weights depend on the input, all of them; encoder and decoder hold the common ones.
  public var blend: BlendedWeights?

  /// A network of given parts.
  public init(
    encoder: Encoder, decoder: Decoder, variants: ArSSRVariants = ArSSRVariants(),
    notices: [Notice] = [], blend: BlendedWeights? = nil
  ) {
    self.encoder = encoder
    self.decoder = decoder
    self.variants = variants
    self.notices = notices
    self.blend = blend
  }

  /// Channels of the feature map, F.
  public var featureChannels: Int { encoder.featureChannels }

  /// Input voxels to each side that can change a feature.
  public var halo: Int { encoder.halo }

  /// Weights and biases.
  public var parameterCount: Int { encoder.parameterCount + decoder.parameterCount }

  /// Multiply-accumulates per input voxel.
  public var encoderOperationsPerVoxel: Int { encoder.operationsPerVoxel }

  /// Multiply-accumulates per output voxel, as published.
  public var decoderOperationsPerVoxel: Int { decoder.operationsPerVoxel }

  /// `arssr/RDN` and the like, for messages and lists.
  public var architecture: String { "arssr/\(encoder.kind.rawValue)" }
}
