import Checkpoints

/// Several arrays of one layout in a file: their tensors have a prefix.
extension ParameterLayout {
  /// The tensors that an array holds, with a prefix to their names.
  func tensors(_ values: UnsafePointer<Float>, prefix: String) -> [Tensor] {
    tensors(values).map { tensor in
      var renamed = tensor
      renamed.name = prefix + tensor.name
      return renamed
    }
  }

  /// Takes the tensors whose names begin with a prefix apart into an array.
  ///
  /// - Throws: As ``load(_:into:)``.
  func load(
    _ tensors: [Tensor], prefix: String, into values: UnsafeMutablePointer<Float>
  ) throws(TrainingError) {
    let own = tensors.compactMap { tensor -> Tensor? in
      guard tensor.name.hasPrefix(prefix) else { return nil }
      var renamed = tensor
      renamed.name = String(tensor.name.dropFirst(prefix.count))
      return renamed
    }
    try load(own, into: values)
  }
}

extension Checkpoint {
  /// A count that a training has left in the metadata.
  ///
  /// - Throws: ``TrainingError/stateValue(key:found:)``.
  func count(_ key: String) throws(TrainingError) -> Int {
    guard let text = metadata[key], let count = Int(text), count >= 0 else {
      throw .stateValue(key: key, found: metadata[key])
    }
    return count
  }
}
