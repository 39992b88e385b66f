import Files
import Networks
import Profiling
import Volumes

/// The network that is measured, and the input.
struct BenchSubject {
  let name: String
  /// In words, for the report.
  let description: String
  /// Checksum of the checkpoint; nil for random weights.
  let sha256: String?
  let network: ArSSRNetwork
  let size: SIMD3<Int>
  let scale: SIMD3<Double>
  /// Share of the input that is background.
  let background: Double
  /// Voxels of the result.
  let targetSize: SIMD3<Int>

  /// Reads the checkpoint, or makes the weights.
  init(_ request: BenchRequest, console: Console) throws(Failure) {
    size = request.size
    scale = request.scale
    background = request.background
    switch request.model {
    case .checkpoint(let text):
      let model = try LoadedModel(path: ModelLibrary.path(of: text))
      model.notices.forEach(console.warn)
      name = model.name
      network = model.network
      sha256 = model.checkpoint.fileSHA256
    case .random(let kind):
      name = "random:\(kind.rawValue.lowercased())"
      network = ArSSRNetwork(random: .published(kind))
      sha256 = nil
    }
    description =
      "\(Escaping.text(name)), \(network.architecture), \(network.parameterCount) parameters"
    targetSize = try Failure.of { () throws(GridError) in
      try Grid(size: request.size, affine: .identity).target(.scale(request.scale)).grid.size
    }
  }

  var measured: UpsampleBenchmark.Subject {
    UpsampleBenchmark.Subject(
      name: name, network: network, size: size, scale: scale, background: background)
  }
}
