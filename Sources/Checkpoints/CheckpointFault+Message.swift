import Files

extension CheckpointFault {
  /// The identifier of the cause, from the list of all codes.
  public var code: String {
    switch self {
    case .empty: "input.empty"
    case .pointer: "input.pointer"
    case .tooLarge, .unknownFormat, .foreignFormat: "model.format"
    case .numpyArchive, .severalNetworks, .chain: "model.mismatch"
    case .numpyEntry(_, let fault): fault.code
    case .caffe(let fault): fault.code
    case .torchScript: "model.torchscript"
    case .safetensors: "model.safetensors"
    case .zip: "model.zip"
    case .legacy: "model.legacy"
    case .pickle, .notADictionary: "model.pickle"
    case .unsafe, .plainPickle: "model.unsafe"
    case .wholeModule: "model.whole"
    case .noNames, .noTensors, .duplicateName: "model.mismatch"
    case .tensor: "model.tensor"
    case .unsupportedTensors: "model.dtype"
    case .nonFinite: "model.nonfinite"
    case .checksum: "model.checksum"
    case .filterShape, .filterName: "model.mismatch"
    case .notAVectorPickle: "model.pickle"
    }
  }

  /// What is wrong, on one line, with text from the file escaped and shortened.
  public var message: String {
    switch self {
    case .empty: "is empty"
    case .pointer(let kind):
      "is a \(kind.rawValue) pointer, not the checkpoint; fetch the content first"
    case .tooLarge(let bytes, let limit):
      "has \(bytes) bytes; a checkpoint has at most \(limit)"
    case .unknownFormat:
      "is no checkpoint: its content is neither safetensors nor a file of torch.save, "
        + "Caffe or chainer"
    case .foreignFormat(.prototxt):
      "is a Caffe prototxt, which describes a network and holds no weights; give the .caffemodel"
    case .foreignFormat(let format):
      "is \(format.rawValue), which is not a checkpoint format that is read; "
        + "save a state_dict with torch.save or as safetensors"
    case .numpyArchive:
      "is a NumPy .npz archive, which holds no known architecture; "
        + "save a state_dict with torch.save or as safetensors"
    case .numpyEntry(let name, let fault): "entry \(quoted(name)): \(fault.message)"
    case .severalNetworks: "is a .npz archive with the convolutions of several networks"
    case .caffe(let fault): fault.message
    case .chain(let fault): fault.message
    case .plainPickle(let request):
      "is a plain pickle\(request.map { " that asks for " + shortened($0) } ?? ""), "
        + "which is not loaded; use torch.save(model.state_dict(), ...) or safetensors"
    case .torchScript:
      "is a TorchScript archive, which is not loaded; save model.state_dict() instead"
    case .safetensors(let fault): fault.message
    case .zip(let fault): fault.message
    case .legacy(let fault): fault.message
    case .pickle(let fault): fault.message
    case .unsafe(let request): request.message
    case .wholeModule(let name):
      "holds a whole pickled model (class \(shortened(name))), which is not loaded; "
        + "save model.state_dict() instead"
    case .noNames(let found):
      "holds \(found), so tensors have no names; save a state_dict"
    case .notADictionary(let found):
      "pickle holds \(found), must be a state_dict"
    case .noTensors: "holds no tensor for any known architecture; save model.state_dict()"
    case .duplicateName(let name):
      "the name \(quoted(name)) stands twice in one dictionary (duplicate)"
    case .tensor(let name, let fault): fault.message(of: name)
    case .unsupportedTensors(let name):
      "holds tensors of an unsupported kind (\(shortened(name))); "
        + "weights are dense float32, float16, bfloat16 or float64"
    case .nonFinite(let tensor, let index, let value):
      "tensor \(quoted(tensor)): element \(index) is \(value), not finite in float32"
    case .filterShape(let shape):
      "is an array of \(shape.map(String.init).joined(separator: " x ")); gradient filters are "
        + "buckets x taps, the taps a cube number"
    case .filterName:
      "has no name that tells the factor; gradient filters are in h_2.npy, h_3.npy and so on"
    case .notAVectorPickle:
      "is no pickle of a float64 vector as NumPy writes it in protocol 3 or 4, the only one that is "
        + "read; load it with NumPy and dump it so"
    case .checksum(let stored, let computed):
      "checksum of the tensors differs (SHA-256 \(computed.prefix(16))..., "
        + "arssr.tensors.sha256 says \(shortened(stored, limit: 16)))"
    }
  }
}

extension UnsafeRequest {
  fileprivate var message: String {
    switch self {
    case .symbol(let name): "pickle asks for \(shortened(name)), which is not allowed"
    case .opcode(let name): "pickle uses the opcode \(name), which is not allowed"
    case .state(let key):
      "pickle sets the state \(quoted(key)) of a dictionary, which is not allowed"
    }
  }
}

extension TensorFault {
  fileprivate func message(of name: String) -> String {
    let owner = "tensor \(quoted(name))"
    return switch self {
    case .rank(let sizes, let strides, let limit):
      "\(owner) has rank \(sizes) and \(counted(strides, "stride")), must be equal and at most \(limit)"
    case .negativeSize: "shape of \(owner) has a negative size"
    case .negativeStride: "\(owner) has a negative stride"
    case .negativeOffset(let offset): "\(owner) begins at the negative offset \(offset)"
    case .overflow: "shape, stride and offset of \(owner) overflow 64 bits"
    case .outOfBounds(let needed, let available):
      "\(owner) exceeds the bounds of its storage: offset and strides need \(needed) elements, "
        + "\(available) are there"
    case .expanded(let count, let stored):
      "\(owner) expands \(stored) stored elements to \(count) by stride 0, beyond the limit of 8 times"
    case .storageSize(let elements, let bytes):
      "storage \(quoted(name)) should have \(elements) elements, the file holds \(bytes) bytes of it"
    case .negativeStorage(let elements): "storage \(quoted(name)) has \(elements) elements"
    case .totalSize(let limit): "\(owner) brings the tensors beyond the limit of \(limit) bytes"
    }
  }
}
