/// Reads the convolutions of a chainer model: a zip archive of NumPy arrays, `PREFIX/conv1/W.npy` and
/// so on, as `save_npz` and trainer snapshots write it.
///
/// Only the entries of convolutions are inflated; the state of an optimiser and whatever else an
/// archive holds stay compressed. Kernel axes are those of the volume, first axis z, and correlation
/// is meant.
struct ChainerReader {
  /// The entries of one network.
  private struct Entries {
    var weight: ZipEntry?
    var bias: ZipEntry?
  }

  private let directory: ZipDirectory
  /// Bytes that may still be inflated: eight times the file, as for tensors that share storages.
  private var left: Int

  /// Reads all convolutions, in their order.
  ///
  /// - Returns: Tensors `conv1.weight` `[Cout][Cin][z][y][x]`, `conv1.bias` and so on.
  static func read(_ directory: ZipDirectory) throws(CheckpointFault) -> CheckpointContent {
    var reader = ChainerReader(directory)
    let (prefix, layers) = try reader.findLayers()
    var convolutions: [ForeignConvolution] = []
    for (name, entries) in layers.sorted(by: { $0.key < $1.key }) {
      guard let weight = entries.weight else { throw .chain(.missing(name + "/W")) }
      guard let bias = entries.bias else { throw .chain(.missing(name + "/b")) }
      convolutions.append(
        ForeignConvolution(
          name: name, weight: try reader.tensor(name + ".weight", weight),
          bias: try reader.tensor(name + ".bias", bias)))
    }
    var content = CheckpointContent(container: .chainer, views: [])
    do {
      let chain = try ConvolutionChain(convolutions)
      // The pixel shuffle makes r^3 voxels of as many channels.
      try chain.requireOutputs { outputs in
        (1...outputs).contains { $0 * $0 * $0 == outputs }
      }
      content.tensors = chain.tensors
    } catch {
      throw .chain(error)
    }
    content.metadata = ["arssr.axes": "zyx"]
    if !prefix.isEmpty { content.stateDictKey = String(prefix.dropLast()) }
    return content
  }

  private init(_ directory: ZipDirectory) {
    self.directory = directory
    let (limit, overflow) = directory.fileBytes.multipliedReportingOverflow(by: 8)
    left = overflow ? .max : limit
  }

  /// The entries `conv.../W.npy` and `conv.../b.npy` below one prefix, by layer.
  private func findLayers() throws(CheckpointFault) -> (String, [String: Entries]) {
    var prefix: String?
    var layers: [String: Entries] = [:]
    for entry in directory.entries {
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count >= 2, let file = parts.last, file == "W.npy" || file == "b.npy",
        parts[parts.count - 2].hasPrefix("conv")
      else { continue }
      let name = String(parts[parts.count - 2])
      let found = String(entry.name.dropLast(name.count + 1 + file.count))
      guard prefix == nil || prefix == found else { throw .severalNetworks }
      prefix = found
      if file == "W.npy" {
        layers[name, default: Entries()].weight = entry
      } else {
        layers[name, default: Entries()].bias = entry
      }
    }
    guard let prefix else { throw .numpyArchive }
    return (prefix, layers)
  }

  private mutating func tensor(
    _ name: String, _ entry: ZipEntry
  ) throws(CheckpointFault) -> Tensor {
    guard entry.size <= left else { throw .zip(.inflatedSize(entry.name, bytes: entry.size)) }
    left -= entry.size
    let array: [UInt8]
    do {
      array = try directory.inflatedContents(of: entry)
    } catch {
      throw .zip(error)
    }
    do throws(NumPyFault) {
      let (shape, elementType, values) = try NumPyHeader.floatingPoint(array)
      return Tensor(name: name, shape: shape, values: values, elementType: elementType)
    } catch {
      throw .numpyEntry(entry.name, error)
    }
  }
}
