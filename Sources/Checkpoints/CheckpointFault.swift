/// What is wrong with a checkpoint; the texts are in `CheckpointFault+Message.swift`.
public enum CheckpointFault: RefusalCause {
  /// No byte at all.
  case empty
  /// A Git LFS or annex pointer in place of the file.
  case pointer(PointerKind)
  /// Larger than any checkpoint that is read.
  case tooLarge(bytes: Int, limit: Int)
  /// The content belongs to no format that is known here.
  case unknownFormat
  /// A known format that is not read.
  case foreignFormat(ForeignFormat)
  /// A NumPy .npz archive without a convolution.
  case numpyArchive
  /// An array in a .npz archive is malformed or of a type that is not read.
  case numpyEntry(String, NumPyFault)
  /// A .npz archive with the layers of more than one network.
  case severalNetworks
  /// A Caffe model is malformed.
  case caffe(CaffeFault)
  /// The convolutions of a Caffe or chainer file do not follow on each other.
  case chain(ConvolutionChainFault)
  /// A pickle that `torch.save` did not write, with the first forbidden thing it asks for.
  case plainPickle(asksFor: String?)
  /// A TorchScript archive.
  case torchScript
  /// A rule of the safetensors format is violated.
  case safetensors(SafetensorsFault)
  /// The zip container is damaged or uses what torch never writes.
  case zip(ZipFault)
  /// The container of torch before 1.6 is damaged.
  case legacy(LegacyFault)
  /// The pickle inside a torch container is malformed.
  case pickle(PickleFault)
  /// The pickle asks for something outside the list of harmless symbols and opcodes.
  case unsafe(UnsafeRequest)
  /// `torch.save(model)`: a pickled module of this class.
  case wholeModule(className: String)
  /// The top object is a tensor or a list, so tensors have no names.
  case noNames(found: String)
  /// The top object is no dictionary at all.
  case notADictionary(found: String)
  /// A dictionary without any tensor.
  case noTensors
  /// The same name twice in one dictionary.
  case duplicateName(String)
  /// Sizes, strides or storage of a tensor do not fit.
  case tensor(String, TensorFault)
  /// A symbol of complex, quantised, sparse or newer tensors, which hold no weights here.
  case unsupportedTensors(String)
  /// A weight that is not finite as float32.
  case nonFinite(tensor: String, index: Int, value: Double)
  /// The stored SHA-256 of the tensors differs from their bytes.
  case checksum(stored: String, computed: String)
  /// An array that has not the shape of filters.
  case filterShape([Int])
  /// An array of filters whose name does not tell their factor.
  case filterName
  /// A file beside filters that is no pickle of a float64 vector as NumPy writes it.
  case notAVectorPickle
}

/// What stands in for a file that is kept elsewhere.
public enum PointerKind: String, Sendable {
  case lfs = "Git LFS"
  case annex = "git-annex"
}

/// Formats that are recognised in order to be refused by name.
public enum ForeignFormat: String, Sendable {
  case hdf5 = "an HDF5 file (Keras, MATLAB)"
  case tar = "the tar container of torch before 0.1.10"
  case onnx = "an ONNX file"
  case numpy = "a NumPy array file"
  case gzip = "a gzip file"
  case prototxt = "a Caffe prototxt"
}

/// A request of a pickle that is refused because it could run code or change objects.
public enum UnsafeRequest: Sendable, Equatable {
  /// A symbol outside the list, as `module.name`.
  case symbol(String)
  /// An opcode that builds arbitrary objects.
  case opcode(String)
  /// BUILD with a state other than `_metadata`.
  case state(String)
}

/// What is wrong with the layout of one tensor.
public enum TensorFault: Sendable, Equatable {
  case rank(sizes: Int, strides: Int, limit: Int)
  case negativeSize
  case negativeStride
  case negativeOffset(Int)
  /// Size, stride or offset arithmetic exceeds 64 bits.
  case overflow
  /// The last element lies outside the storage.
  case outOfBounds(needed: Int, available: Int)
  /// Many elements over a small storage by stride 0.
  case expanded(count: Int, stored: Int)
  /// The storage's element count and its bytes in the file disagree.
  case storageSize(elements: Int, bytes: Int)
  case negativeStorage(Int)
  /// All tensors together exceed eight times the file.
  case totalSize(limit: Int)
}
