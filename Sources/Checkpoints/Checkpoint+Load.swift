import Files

extension Checkpoint {
  /// Largest file that is read whole into memory; published checkpoints have 10 to 25 MB.
  public static let largestFile = 4 << 30

  /// Loads a checkpoint, whatever its container.
  ///
  /// The file is read once into memory, recognised by its content, checked, and its tensors are
  /// copied out as float32. Nothing in a file is ever executed. Memory stays below the file's size
  /// plus four bytes per element, and elements are limited to eight times the file's bytes; Caffe
  /// models, which are decoded from a copy, take twice as much.
  ///
  /// - Parameter path: A regular file.
  /// - Returns: All tensors of the file or of its state dict, as float32.
  /// - Throws: `FileError` if it cannot be read, ``CheckpointError`` if its content is refused.
  public static func load(path: String) throws -> Checkpoint {
    if FilterArrays.areNamed(by: path) { return try FilterArrays.load(path: path) }
    let file = try InputFile(path: path)
    guard file.size <= largestFile else {
      throw CheckpointError(
        subject: path, cause: .tooLarge(bytes: file.size, limit: largestFile))
    }
    let bytes = try file.read(at: 0, count: file.size)
    return try bytes.withUnsafeBytes { raw in
      try load(raw, path: path)
    }
  }

  /// Loads a checkpoint from bytes in memory.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - path: Its name, for messages; the ending decides where the content is too damaged
  ///     to be recognised.
  /// - Returns: All tensors of the file or of its state dict, as float32.
  /// - Throws: ``CheckpointError``.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(CheckpointError) -> Checkpoint {
    do {
      let content = try CheckpointContent(bytes, path: path)
      var checkpoint = Checkpoint(
        tensors: [], metadata: content.metadata, container: content.container, path: path,
        fileSHA256: SHA256Digest(of: bytes).hexadecimal, fileBytes: bytes.count,
        stateDictKey: content.stateDictKey)
      checkpoint.notices = content.remarks.map {
        Notice(code: "model.format", subject: path, message: $0)
      }
      checkpoint.tensors.reserveCapacity(content.views.count)
      for view in content.views {
        checkpoint.tensors.append(try view.tensor(in: bytes))
      }
      for tensor in content.tensors {
        try tensor.checkFinite()
        checkpoint.tensors.append(tensor)
      }
      return checkpoint
    } catch {
      throw CheckpointError(subject: path, cause: error)
    }
  }
}

extension Tensor {
  /// - Throws: ``CheckpointFault`` with the first value that is not finite.
  func checkFinite() throws(CheckpointFault) {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .nonFinite(tensor: name, index: index, value: Double(values[index]))
  }
}

extension TensorView {
  /// Copies the tensor out of the file; every float must be finite after the conversion.
  fileprivate func tensor(
    in bytes: UnsafeRawBufferPointer
  ) throws(CheckpointFault) -> Tensor {
    let values = floats(in: bytes)
    if elementType.isFloatingPoint, let index = values.firstIndex(where: { !$0.isFinite }) {
      let value = elementType == .float64 ? doubles(in: bytes)[index] : Double(values[index])
      throw .nonFinite(tensor: name, index: index, value: value)
    }
    return Tensor(name: name, shape: shape, values: values, elementType: elementType)
  }
}
