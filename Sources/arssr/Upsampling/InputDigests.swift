import Files

/// SHA-256 of the files that a result is made from, for its sidecar.
struct InputDigests {
  /// Of the input.
  let source: String
  /// Of the files beside it, by the option that names them.
  let others: [(option: String, digest: String)]

  /// - Parameters:
  ///   - source: The input's.
  ///   - others: Files that are read beside it.
  /// - Throws: If one cannot be read.
  init(source: String, others: [(option: String, path: String)]) throws(Failure) {
    self.source = source
    self.others = try others.map { other throws(Failure) in
      let digest = try Failure.of { () throws(FileError) in
        try SHA256Digest(of: InputFile(path: other.path)).hexadecimal
      }
      return (other.option, digest)
    }
  }

  /// Reads all files.
  init(of prepared: PreparedUpsampling) throws(Failure) {
    try self.init(source: prepared.input.digest(), others: prepared.request.otherInputs)
  }
}
