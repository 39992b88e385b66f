import Checkpoints

/// Why a checkpoint is not taken as a network.
public typealias NetworkError = Refusal<NetworkFault>

/// Why a sound checkpoint is no network that can be run; texts in `NetworkFault+Message.swift`.
public enum NetworkFault: RefusalCause {
  /// No first layer of a known encoder; up to three of the names that are there.
  case notRecognised(examples: [String], count: Int)
  /// Names, shapes or element types differ from the table of the architecture recognised.
  case tensors(TableDifference)
  /// The names claim more layers than any network has.
  case tooManyLayers(limit: Int)
  /// A decoder stage of one layer cannot add its input to its result.
  case decoderTooShallow(depth: Int)
  /// A size is zero or beyond reason.
  case sizes
  /// `arssr.arch` names something unknown.
  case unknownArchitecture(String)
  /// `arssr.arch` names another kind of network than the one wanted.
  case otherArchitecture(String)
  /// `arssr.arch` and the tensors disagree.
  case architectureDiffers(stated: String, found: String)
  /// Layers have kernels other than `needed`; nil: that are not all equal.
  case kernels([Int], needed: [Int]?, architecture: String)
  /// The channels of a pixel shuffle are no cube number.
  case noCube(outputs: Int)
  /// A variance below zero.
  case negativeVariance(String)
  /// `arssr.encoder` and the tensors disagree.
  case encoderDiffers(stated: String, found: String)
  /// `arssr.format` is newer than this program, or no number.
  case formatVersion(String)
  /// A metadata key without which the architecture has no meaning.
  case metadataMissing(String)
  /// Borders between bins that do not rise.
  case fallingBorders(String)
  /// A metadata value that does not fit its key.
  case metadataValue(key: String, value: String, wanted: String)
  /// A metadata key that the conversion computes and that cannot be set.
  case metadataComputed(String)
  /// A metadata value, or all of them together, beyond the limit.
  case metadataSize(key: String, bytes: Int, limit: Int)
  /// A metadata key that has no meaning.
  case metadataKey(String, nearest: String?)
}

/// How the tensors of a file differ from those of an architecture.
public struct TableDifference: Sendable, Equatable {
  /// A tensor whose shape is not the one needed.
  public struct WrongShape: Sendable, Equatable {
    /// Name of the tensor.
    public var name: String
    /// Sizes in the file.
    public var found: [Int]
    /// Sizes that the architecture needs.
    public var needed: [Int]
  }

  /// `arssr/RDN` and the like.
  public var architecture: String
  /// Channels of the feature map that the encoder makes.
  public var featureChannels: Int
  /// Decoder inputs beyond the features.
  public var extraInputs: Int
  /// Names of the table that are not in the file, in the order of the table.
  public var missing: [String]
  /// Names of the file that are not in the table, in the order of the file.
  public var surplus: [String]
  /// Tensors of other sizes than needed, in the order of the table.
  public var wrongShapes: [WrongShape]
  /// Tensors that are stored as integers, with the type.
  public var wrongTypes: [String]

  var isEmpty: Bool {
    missing.isEmpty && surplus.isEmpty && wrongShapes.isEmpty && wrongTypes.isEmpty
  }
}
