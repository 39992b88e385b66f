import Files

/// A named array of weights.
public struct Tensor: Sendable, Equatable {
  /// Name as in the file, for example `decoder.stage_one.0.weight`.
  public var name: String
  /// Sizes, outermost first; empty for a scalar.
  public var shape: [Int]
  /// Elements in row-major order.
  public var values: [Float]
  /// How the elements are stored in the file.
  public var elementType: ElementType

  /// A tensor made in memory.
  public init(
    name: String, shape: [Int], values: [Float], elementType: ElementType = .float32
  ) {
    self.name = name
    self.shape = shape
    self.values = values
    self.elementType = elementType
  }
}

/// The kind of file a checkpoint came from.
public enum Container: String, Sendable {
  case safetensors
  case torchZip = "torch zip"
  case torchLegacy = "torch legacy"
  case caffe = "Caffe"
  case chainer = "chainer npz"
  case numpy = "numpy arrays"
}

/// Named tensors and metadata of one file.
public struct Checkpoint: Sendable, Equatable {
  /// Tensors in the order of the file; names are unique, every float is finite.
  public var tensors: [Tensor]
  /// Free text pairs; only safetensors files have them, beside what a container tells of its own
  /// (`arssr.axes` of Caffe and chainer).
  public var metadata: [String: String]
  /// What kind of file it was.
  public var container: Container
  /// The file as the user gave it.
  public var path: String
  /// SHA-256 of the whole file, 64 hexadecimal digits.
  public var fileSHA256: String
  /// Size of the file.
  public var fileBytes: Int
  /// In a training checkpoint, the key under which the weights were found.
  public var stateDictKey: String?
  /// What the user should know.
  public var notices: [Notice]

  /// A checkpoint made in memory.
  public init(
    tensors: [Tensor], metadata: [String: String], container: Container = .safetensors,
    path: String = "", fileSHA256: String = "", fileBytes: Int = 0, stateDictKey: String? = nil,
    notices: [Notice] = []
  ) {
    self.tensors = tensors
    self.metadata = metadata
    self.container = container
    self.path = path
    self.fileSHA256 = fileSHA256
    self.fileBytes = fileBytes
    self.stateDictKey = stateDictKey
    self.notices = notices
  }
}
