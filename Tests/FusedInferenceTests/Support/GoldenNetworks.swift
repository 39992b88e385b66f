import Checkpoints
import Foundation
import FusedInference
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

/// The configurations of `golden/arssr`, their weights and the entries of the manifest.
enum GoldenNetworks {
  /// Configurations whose weights are stored, and those whose weights are generated.
  static let small = ["rdn_small", "rescnn_small", "srresnet_small", "rdn_odd", "rescnn_odd"]
  static let full = ["rdn_full", "rescnn_full", "srresnet_full"]

  /// A network from a stored file, or with generated weights.
  static func network(_ configuration: String) throws -> ArSSRNetwork {
    if small.contains(configuration) {
      return try network(file: "weights/\(configuration).safetensors")
    }
    let tensors = try WeightFormula.tensors(of: configuration).map {
      Tensor(name: $0.name, shape: $0.shape, values: $0.values)
    }
    return try ArSSRNetwork(
      checkpoint: Checkpoint(tensors: tensors, metadata: [:], path: configuration))
  }

  /// A network from a weight file of the golden folder.
  static func network(file: String) throws -> ArSSRNetwork {
    let path = Golden.folder("arssr").appendingPathComponent(file).path
    return try ArSSRNetwork(checkpoint: Checkpoint.load(path: path))
  }

  /// A list of the manifest: `outputs`, `stages`, `points`, `variants` or `weights`.
  static func entries(_ list: String) throws -> [Entry] {
    let manifest = try #require(try Golden.json("arssr") as? [String: Any])
    let rows = try #require(manifest[list] as? [[String: Any]])
    return rows.map(Entry.init)
  }

  /// An array of the golden folder.
  static func array(_ file: String) throws -> NumPyArray {
    try NumPyArray(contentsOf: Golden.folder("arssr").appendingPathComponent(file))
  }

  /// One row of the manifest.
  struct Entry {
    let file: String
    let configuration: String
    let input: String
    let tolerance: Double
    /// Factors in array order (k, j, i).
    let scale: [Double]
    let values: [String: Any]

    init(_ row: [String: Any]) {
      values = row
      file = row["file"] as? String ?? ""
      configuration = row["config"] as? String ?? ""
      input = row["input"] as? String ?? ""
      tolerance = row["tol_abs"] as? Double ?? 0
      scale = (row["scale_array_order"] as? [NSNumber])?.map(\.doubleValue) ?? []
    }
  }
}

/// A golden input, as the engine takes it.
struct GoldenInput {
  /// Voxels along i, j, k.
  let size: SIMD3<Int>
  /// i fastest: the order of the array, whose axes are (k, j, i).
  let voxels: [Float]

  init(size: SIMD3<Int>, voxels: [Float]) {
    self.size = size
    self.voxels = voxels
  }

  /// A volume of values in 0..<1 that are alike on every machine.
  init(noiseOf size: SIMD3<Int>) {
    let values = WeightFormula.values(
      seed: 1, count: size.x * size.y * size.z, bound: 0.5, offset: 0.5)
    self.init(size: size, voxels: values)
  }

  init(_ array: NumPyArray) {
    size = SIMD3(array.shape[2], array.shape[1], array.shape[0])
    voxels = array.floats
  }

  /// Where the voxels of the target with these factors, in array order, lie.
  func sampling(scale: [Double]) throws -> Sampling {
    let grid = Grid(size: size, spacing: SIMD3(1, 1, 1))
    return try grid.target(.scale(SIMD3(scale[2], scale[1], scale[0]))).sampling
  }
}
