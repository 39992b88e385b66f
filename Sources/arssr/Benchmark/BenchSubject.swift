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
  let network: Network
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
      let model = try DescribedModel(path: ModelLibrary.path(of: text))
      model.notices.forEach(console.warn)
      name = model.name
      network = model.network
      sha256 = model.checkpoint.fileSHA256
    case .random(let kind):
      name = "random:\(kind.rawValue.lowercased())"
      network = .arssr(ArSSRNetwork(random: .published(kind)))
      sha256 = nil
    }
    description =
      "\(Escaping.text(name)), \(network.architecture), \(network.parameterCount) parameters"
    let measured = self.network
    targetSize = try Failure.of { () throws(GridError) in
      try measured.target(
        .scale(request.scale), of: Grid(size: request.size, affine: .identity)
      ).grid.size
    }
  }

  var measured: UpsampleBenchmark.Subject {
    UpsampleBenchmark.Subject(
      name: name, network: network, size: size, scale: scale, background: background)
  }
}
