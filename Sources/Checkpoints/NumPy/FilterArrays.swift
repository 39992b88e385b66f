import Files

/// The arrays of the project that learns gradient filters: `h_R.npy`, and beside it the pickles
/// `Qfactor_strR` and `Qfactor_cohR`, R being the factor.
///
/// Only R is in a name. The patch is the cube root of the number of taps; the window, the bins and the
/// features are the published ones where the sizes allow it, and can be set otherwise
/// (`models convert --set`).
enum FilterArrays {
  /// Whether a path names such filters.
  static func areNamed(by path: String) -> Bool { path.hasSuffix(".npy") }

  /// Reads the three files as a checkpoint.
  ///
  /// - Throws: `FileError`, ``NumPyError`` or ``CheckpointError``.
  static func load(path: String) throws -> Checkpoint {
    let array = try NumPyArrayFile(path: path)
    guard array.shape.count == 2, let side = side(ofTaps: array.shape[1]) else {
      throw CheckpointError(subject: path, cause: .filterShape(array.shape))
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let folder = path.dropLast(name.utf8.count)
    let factor = name.dropFirst(2).dropLast(4)
    guard name.hasPrefix("h_"), Int(factor) != nil else {
      throw CheckpointError(subject: path, cause: .filterName)
    }
    let strength = try borders("\(folder)Qfactor_str\(factor)")
    let coherence = try borders("\(folder)Qfactor_coh\(factor)")
    var metadata = [
      "arssr.arch": "gradfilter", "arssr.filters.factor": String(factor),
      "arssr.filters.patch": "\(side)", "arssr.filters.window": "\(min(9, side))",
      "arssr.filters.sigma": "0.85", "arssr.filters.features": "lambda1_coh2",
      "arssr.filters.lr": "interpolation", "arssr.scales": String(factor),
    ]
    let others = (strength.count + 1) * (coherence.count + 1)
    if let angles = (1...64).first(where: { $0 * $0 * others == array.shape[0] }) {
      metadata["arssr.filters.bins"] =
        "\(angles),\(angles),\(strength.count + 1),\(coherence.count + 1)"
    }
    let file = try InputFile(path: path)
    let filters = Tensor(name: "h", shape: array.shape, values: array.values)
    do throws(CheckpointFault) {
      try filters.checkFinite()
    } catch {
      throw CheckpointError(subject: path, cause: error)
    }
    return Checkpoint(
      tensors: [
        filters,
        Tensor(name: "strength_bounds", shape: [strength.count], values: strength),
        Tensor(name: "coherence_bounds", shape: [coherence.count], values: coherence),
      ], metadata: metadata, container: .numpy, path: path,
      fileSHA256: try SHA256Digest(of: file).hexadecimal, fileBytes: file.size)
  }

  private static func side(ofTaps taps: Int) -> Int? {
    (1...64).first { $0 * $0 * $0 == taps }
  }

  private static func borders(_ path: String) throws -> [Float] {
    let file = try InputFile(path: path)
    guard file.size <= 1024,
      let values = NumPyVectorPickle.values(in: try file.read(at: 0, count: file.size)),
      values.allSatisfy({ Float($0).isFinite })
    else { throw CheckpointError(subject: path, cause: .notAVectorPickle) }
    return values.map { Float($0) }
  }
}
