import Files

/// What is wrong with a Caffe model as a file; what is wrong with its layers as a network is a
/// ``ConvolutionChainFault``.
public enum CaffeFault: Error, Sendable, Equatable {
  case fileTooLarge(bytes: Int)
  /// A field runs past the end of the message that holds it.
  case truncated(needed: UInt64, available: Int)
  /// A number of more than 64 bits.
  case longNumber
  case fieldNumber
  /// Groups and wire types that do not exist.
  case wireType(Int)
  /// swift-protobuf refuses what the walk over the fields let pass.
  case malformed
  case notUTF8
  case tooManyLayers
  case tooManyBlobs
  case nameTooLong(bytes: Int)
  case shapeTooLong
  case settings
  /// Layers of both generations in one file.
  case bothGenerations
  /// A layer other than a convolution has weights.
  case layerType(layer: String, type: String)
  /// A convolution has other blobs than weights and bias.
  case blobs(layer: String, count: Int)
  /// Stride, dilation or groups other than one.
  case setting(layer: String, name: String, value: UInt32)
  case noShape(tensor: String)
  case shapesDisagree(tensor: String)
  case bothPrecisions(tensor: String)
  case valueCount(tensor: String, found: Int, needed: Int)
}

extension CaffeFault {
  var code: String {
    switch self {
    case .noShape, .shapesDisagree, .bothPrecisions, .valueCount, .shapeTooLong: "model.tensor"
    case .layerType, .blobs, .setting: "model.mismatch"
    default: "model.format"
    }
  }

  var message: String {
    switch self {
    case .fileTooLarge(let bytes):
      "Caffe model of \(bytes) bytes, at most \(CaffeLimits.largestFile) are read"
    case .truncated(let needed, let available):
      "Caffe model is truncated: a field needs \(needed) bytes, has \(available)"
    case .longNumber: "Caffe model is damaged: a number has more than 64 bits"
    case .fieldNumber: "Caffe model is damaged: a field has the number 0"
    case .wireType(let type):
      "Caffe model is damaged: a field has the wire type \(type), must be 0, 1, 2 or 5"
    case .malformed: "Caffe model is damaged: its values are no protobuf message"
    case .notUTF8: "Caffe model is damaged: a name is not UTF-8"
    case .tooManyLayers: "Caffe model has more than \(CaffeLimits.mostLayers) layers"
    case .tooManyBlobs:
      "a layer of the Caffe model has more than \(CaffeLimits.mostBlobs) blobs; "
        + "a convolution has weights and bias"
    case .nameTooLong(let bytes):
      "a name in the Caffe model has \(bytes) bytes, at most \(CaffeLimits.longestName) are read"
    case .shapeTooLong: "a shape in the Caffe model has more than 8 dimensions, or stands twice"
    case .settings: "a layer of the Caffe model has its settings twice, or too long ones"
    case .bothGenerations: "Caffe model has layers of both generations (layer and layers)"
    case .layerType(let layer, let type):
      "layer \(quoted(layer)) of type \(quoted(type, limit: 24)) has weights, "
        + "only convolutions are read"
    case .blobs(let layer, let count):
      "layer \(quoted(layer)) has \(counted(count, "blob")), must be weights and bias"
    case .setting(let layer, let name, let value):
      "layer \(quoted(layer)): \(name) is \(value), must be 1"
    case .noShape(let tensor): "tensor \(quoted(tensor)) has no shape"
    case .shapesDisagree(let tensor):
      "tensor \(quoted(tensor)): its shape and its four old sizes disagree"
    case .bothPrecisions(let tensor):
      "tensor \(quoted(tensor)) has float32 and float64 values, must be one of both"
    case .valueCount(let tensor, let found, let needed):
      "tensor \(quoted(tensor)) has \(counted(found, "value")), its shape needs \(needed)"
    }
  }
}
