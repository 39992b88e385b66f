import Checkpoints
import Files
import KernelInterface
import Metrics
import Networks

/// Where the parts of LPIPS come from: the user's backbone, and the linear heads beside the models.
enum Perception {
  /// The folder of the heads in a folder of models.
  private static let folder = "metrics"

  /// Loads the weights of a network.
  ///
  /// - Throws: If a file is not there or does not fit the network.
  static func load(
    _ network: PerceptualNetwork, weights: String, kernels: KernelTable
  ) throws(Failure) -> PerceptualDistance {
    let backbone = try LoadedModel.checkpoint(at: weights)
    let heads = try LoadedModel.checkpoint(at: try headsPath(network))
    return try Failure.of(.model, at: weights) { () throws(ComparisonError) in
      try PerceptualDistance(network, backbone: backbone, heads: heads, kernels: kernels)
    }
  }

  private static func headsPath(_ network: PerceptualNetwork) throws(Failure) -> String {
    let name = "\(folder)/lpips_lin_\(network.rawValue).safetensors"
    let folders = ModelLibrary.catalogue.folders
    guard
      let path = folders.map({ "\($0)/\(name)" }).first(where: FolderListing.isRegularFile)
    else {
      throw Failure(CatalogueError(subject: name, cause: .notFound(nearest: nil, folders: folders)))
    }
    return path
  }
}
