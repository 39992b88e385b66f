import Checkpoints
import Foundation
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Workers

@testable import Training

/// A network with its batch and what the published module computes of them (`golden/train`).
struct TrainingGolden {
  let layout: ParameterLayout
  let tensors: [Tensor]
  let batch: TrainingBatch
  private let entry: [String: Any]
  private let name: String

  static let configurations = [
    "rdn_small", "rescnn_small", "srresnet_small", "rdn_odd", "rescnn_odd",
  ]

  enum ReadError: Error {
    case noEntry(String)
  }

  init(_ name: String) throws {
    self.name = name
    let results = try Golden.json("train", "results.json") as? [String: Any]
    guard let all = results?["configs"] as? [String: Any],
      let entry = all[name] as? [String: Any]
    else { throw ReadError.noEntry(name) }
    self.entry = entry
    let path = Golden.folder("arssr").appendingPathComponent("weights/\(name).safetensors").path
    let checkpoint = try Checkpoint.load(path: path)
    layout = ParameterLayout(try ArSSRNetwork(checkpoint: checkpoint).configuration)
    tensors = checkpoint.tensors
    batch = try Self.batch(name)
  }

  private static func batch(_ name: String) throws -> TrainingBatch {
    func read(_ file: String) throws -> [Float] {
      try NumPyArray(
        contentsOf: Golden.folder("train").appendingPathComponent("\(name)/\(file).npy")
      ).floats
    }
    let (patches, coordinates, targets) = (
      try read("lr"), try read("coords"), try read("target")
    )
    let samples = (0..<3).map { sample in
      TrainingBatch.Sample(
        patch: Array(patches[sample * 1000..<(sample + 1) * 1000]),
        points: .scattered(
          (0..<128).map { point in
            let first = 3 * (128 * sample + point)
            // Coordinates are (k, j, i) in (-1, 1), positions (i, j, k) in voxels.
            let values = (0..<3).map { (Double(coordinates[first + 2 - $0]) + 1) * 5 - 0.5 }
            return SIMD3(values[0], values[1], values[2])
          }),
        targets: Array(targets[sample * 128..<(sample + 1) * 128]))
    }
    return TrainingBatch(size: SIMD3(10, 10, 10), samples: samples)
  }

  /// The entry of a loss.
  private func values(_ loss: Loss) throws -> [String: Any] {
    guard let values = entry[loss == .l1 ? "l1" : "mse"] as? [String: Any] else {
      throw ReadError.noEntry("\(name) \(loss)")
    }
    return values
  }

  /// Losses before each of three steps and after the last.
  func losses(_ loss: Loss) throws -> [Double] {
    try values(loss)["losses_before_each_step_and_after_the_last"] as? [Double] ?? []
  }

  /// Length, sum and first values of every tensor's gradient or of its values after three steps.
  func summaries(_ loss: Loss, _ kind: String) throws -> [String: [String: Any]] {
    try values(loss)[kind] as? [String: [String: Any]] ?? [:]
  }

  /// All values in the order of the state dict, where they are stored.
  func stored(_ loss: Loss, _ kind: String) throws -> [Double]? {
    let file = "\(name)/\(loss == .l1 ? "l1" : "mse")_\(kind).npy"
    let url = Golden.folder("train").appendingPathComponent(file)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return try NumPyArray(contentsOf: url).values
  }
}

/// A network that is being trained, on a set of kernels.
struct TrainedNetwork {
  let layout: ParameterLayout
  let pool: WorkerPool
  let computation: GradientComputation
  let parameters: AlignedBuffer<Float>
  let gradient: AlignedBuffer<Float>
  let adam: Adam

  init(
    _ layout: ParameterLayout, _ tensors: [Tensor], variants: ArSSRVariants = ArSSRVariants(),
    loss: Loss = .l1, outputFactor: Float = 1, precision: Precision = .float32,
    set: InstructionSet = InstructionSet.best,
    threads: Int = 1, adam: AdamSettings = AdamSettings()
  ) throws {
    self.layout = layout
    pool = try WorkerPool(threads: threads)
    computation = try GradientComputation(
      layout, variants: variants, loss: loss, outputFactor: outputFactor,
      precision: precision, table: KernelTables.table(for: set), pool: pool)
    parameters = try AlignedBuffer(count: layout.count)
    gradient = try AlignedBuffer(count: layout.count)
    self.adam = try Adam(layout, adam)
    try layout.load(tensors, into: parameters.pointer)
  }

  func gradients(_ batch: TrainingBatch) throws -> BatchLoss {
    try computation.compute(
      batch, parameters: parameters.pointer, gradient: gradient.pointer)
  }

  func update(rate: Double) {
    adam.update(
      parameters.pointer, gradient: gradient.pointer, factor: 1, rate: rate, pool)
  }

  var gradientTensors: [Tensor] { layout.tensors(gradient.pointer) }
  var parameterTensors: [Tensor] { layout.tensors(parameters.pointer) }
}
