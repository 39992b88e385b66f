import Checkpoints
import Foundation
import FusedInference
import KernelInterface
import Networks
import RandomNumbers
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

/// Networks and arrays of `golden/sisr` and `golden/espcn`.
enum RelatedNetworks {
  /// The network of a weight file of a golden folder.
  static func stored(_ folder: String, _ file: String) throws -> RelatedNetwork {
    let path = Golden.folder(folder).appendingPathComponent(file).path
    return try RelatedNetwork(checkpoint: Checkpoint.load(path: path))
  }

  // MARK: - Generated weights, related.md section 10

  /// SRReCNN3D of a base seed: layer i (from 1) takes seeds base + 2 i and base + 2 i + 1.
  static func chain(
    base: UInt64, layers: Int, width: Int, images: Int = 1
  ) throws -> RelatedNetwork {
    try network(images == 2 ? .srrecnn3dMulti : .srrecnn3d, axes: .xyz) { file in
      for layer in 1...layers {
        let (inputs, outputs) = (layer == 1 ? images : width, layer == layers ? 1 : width)
        let gain = layer == layers ? 0.1 : 1
        file.add(
          "conv\(layer).weight", [outputs, inputs, 3, 3, 3], seed: base + 2 * UInt64(layer),
          amplitude: Generated.he(gain, inputs: inputs, kernel: 3))
        file.add(
          "conv\(layer).bias", [outputs], seed: base + 2 * UInt64(layer) + 1, amplitude: 0.01)
      }
    }
  }

  /// SRCNN3D with small layers of given kernels.
  static func valid(base: UInt64, kernels: [Int]) throws -> RelatedNetwork {
    let sizes = [(1, 12), (12, 8), (8, 1)]
    return try network(.srcnn3d, axes: .xyz) { file in
      for (index, (inputs, outputs)) in sizes.enumerated() {
        let kernel = kernels[index]
        file.add(
          "conv\(index + 1).weight", [outputs, inputs, kernel, kernel, kernel],
          seed: base + 2 * UInt64(index),
          amplitude: Generated.he(1, inputs: inputs, kernel: kernel))
        file.add(
          "conv\(index + 1).bias", [outputs], seed: base + 2 * UInt64(index) + 1, amplitude: 0.05)
      }
    }
  }

  /// 3D-ESPCN of a base seed.
  static func espcn(base: UInt64, factor: Int) throws -> RelatedNetwork {
    let sizes = [(1, 50, 3), (50, 100, 1), (100, factor * factor * factor, 3)]
    let amplitudes =
      [(3 / 27.0).squareRoot(), (6 / 50.0).squareRoot()]
      + [0.3 * (6 / 2700.0).squareRoot()]
    return try network(.espcn3d, axes: .zyx) { file in
      for (index, (inputs, outputs, kernel)) in sizes.enumerated() {
        file.add(
          "conv\(index + 1).weight", [outputs, inputs, kernel, kernel, kernel],
          seed: base + 2 * UInt64(index), amplitude: amplitudes[index])
        file.add(
          "conv\(index + 1).bias", [outputs], seed: base + 2 * UInt64(index) + 1, amplitude: 0.05)
      }
    }
  }

  /// DCSRN of a base seed; seeds count up tensor by tensor.
  static func dcsrn(
    base: UInt64, growth: Int, kernel: Int = 3, epsilon: Double? = nil
  ) throws -> RelatedNetwork {
    var metadata: [String: String] = [:]
    if let epsilon { metadata["arssr.bn_eps"] = "\(epsilon)" }
    return try network(.dcsrn, axes: .zyx, metadata) { file in
      var seed = base
      func add(
        _ name: String, _ shape: [Int], _ amplitude: Double, around offset: Float = 0
      ) {
        seed += 1
        file.add(name, shape, seed: seed, amplitude: amplitude, offset: offset)
      }
      func convolve(_ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int, gain: Double) {
        add(
          name + ".weight", [outputs, inputs, kernel, kernel, kernel],
          Generated.he(gain, inputs: inputs, kernel: kernel))
        add(name + ".bias", [outputs], 0.05)
      }
      convolve("conv0", 1, 2 * growth, 3, gain: 1)
      for unit in 1...4 {
        let channels = (1 + unit) * growth
        add("unit\(unit).bn.weight", [channels], 0.3, around: 1)
        add("unit\(unit).bn.bias", [channels], 0.1)
        add("unit\(unit).bn.running_mean", [channels], 0.1)
        add("unit\(unit).bn.running_var", [channels], 0.5, around: 1)
        convolve("unit\(unit).conv", channels, growth, 3, gain: 0.7)
      }
      convolve("recon", 6 * growth, 1, kernel, gain: 0.5)
    }
  }

  /// ResCNN of a base seed; seeds count up tensor by tensor.
  static func resCNN(base: UInt64, width: Int) throws -> RelatedNetwork {
    try network(.resCNN, axes: .zyx) { file in
      var seed = base
      func convolve(_ name: String, _ inputs: Int, _ outputs: Int, gain: Double) {
        file.add(
          name + ".weight", [outputs, inputs, 3, 3, 3], seed: seed + 1,
          amplitude: Generated.he(gain, inputs: inputs, kernel: 3))
        file.add(name + ".bias", [outputs], seed: seed + 2, amplitude: 0.02)
        seed += 2
      }
      convolve("conv_start.0", 1, width, gain: 1)
      for block in 1...3 {
        for layer in 0..<6 { convolve("block\(block).\(2 * layer)", width, width, gain: 0.8) }
      }
      convolve("conv_end.0", width, 1, gain: 0.2)
    }
  }

  private static func network(
    _ architecture: Architecture, axes: KernelAxes, _ metadata: [String: String] = [:],
    _ fill: (inout Generated) -> Void
  ) throws -> RelatedNetwork {
    var file = Generated()
    fill(&file)
    let kind = ["arssr.arch": architecture.rawValue, "arssr.axes": axes.rawValue]
    return try RelatedNetwork(
      checkpoint: Checkpoint(
        tensors: file.tensors, metadata: metadata.merging(kind) { $1 }, path: "generated"))
  }
}

/// Tensors by the generator of related.md section 10.
private struct Generated {
  var tensors: [Tensor] = []

  static func he(_ gain: Double, inputs: Int, kernel: Int) -> Double {
    gain * (6 / Double(inputs * kernel * kernel * kernel)).squareRoot()
  }

  mutating func add(
    _ name: String, _ shape: [Int], seed: UInt64, amplitude: Double, offset: Float = 0
  ) {
    var numbers = SplitMix64(seed: seed)
    let values = (0..<shape.reduce(1, *)).map { _ -> Float in
      let uniform = Double(numbers.next() >> 11) * 0x1p-53
      let value = Float((2 * uniform - 1) * amplitude)
      return offset == 0 ? value : offset + value
    }
    tensors.append(Tensor(name: name, shape: shape, values: values))
  }
}

/// An array of a golden folder as a volume of the engine.
struct GoldenImage {
  /// Which array axis is voxel axis i: the first (x, y, z), or the last (z, y, x).
  enum Axes { case xyz, zyx }

  let size: SIMD3<Int>
  /// i fastest.
  let values: [Double]

  init(_ folder: String, _ file: String, axes: Axes) throws {
    let url = Golden.folder(folder).appendingPathComponent(file)
    let array = try NumPyArray(contentsOf: url)
    let shape = array.shape.suffix(3).map { $0 }
    guard axes == .xyz else {
      size = SIMD3(shape[2], shape[1], shape[0])
      values = array.values
      return
    }
    let box = SIMD3(shape[0], shape[1], shape[2])
    size = box
    values = voxels(box).map { array.values[($0.x * box.y + $0.y) * box.z + $0.z] }
  }

  var input: GoldenInput { GoldenInput(size: size, voxels: values.map(Float.init)) }
}

/// The tolerances of a golden folder's manifest.
struct GoldenTolerances {
  private let entries: [[String: Any]]

  init(_ folder: String) throws {
    let manifest = try #require(try Golden.json(folder) as? [String: Any])
    entries = try #require(manifest["entries"] as? [[String: Any]])
  }

  /// Per element; a relative one is a share of the largest magnitude of `values`.
  func limit(_ file: String, _ values: [Double]) throws -> Double {
    let entry = try #require(entries.first { $0["file"] as? String == file }, "\(file)")
    if let absolute = entry["tol_abs"] as? Double { return absolute }
    let relative = try #require(entry["tol_rel"] as? Double, "\(file)")
    return relative * (values.map(abs).max() ?? 0)
  }
}

/// Runs a related network and collects the output.
func related(
  _ network: RelatedNetwork, _ input: GoldenInput, scale: SIMD3<Double> = SIMD3(1, 1, 1),
  set: InstructionSet = .best, isExact: Bool = false, threads: Int = 2,
  options: Upsampler.Options = .init()
) throws -> [Float] {
  let upsampler = try RelatedUpsampler(
    network: network, kernels: KernelTables.table(for: set), pool: WorkerPool(threads: threads),
    isExact: isExact)
  let plan = try upsampler.plan(
    inputSize: input.size, sampling: network.sampling(of: input.size, scale: scale),
    options: options)
  var output: [Float] = []
  _ = try upsampler.run(plan, voxels: input.voxels, options: options) { output += $0 }
  return output
}

extension RelatedNetwork {
  /// Where the voxels of the result lie.
  func sampling(of size: SIMD3<Int>, scale: SIMD3<Double>) throws -> Sampling {
    let grid = Grid(size: size, spacing: SIMD3(1, 1, 1))
    if let fixedFactor { return try grid.blockTarget(factor: fixedFactor, nil).sampling }
    return try grid.cornerTarget(.scale(scale)).sampling
  }
}
