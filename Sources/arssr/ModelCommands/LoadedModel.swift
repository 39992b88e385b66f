import Checkpoints
import Files
import Networks

/// A model as it was found: its file, and the network in it.
struct LoadedModel {
  let checkpoint: Checkpoint
  let network: ArSSRNetwork
  let card: ModelCard

  /// The name by which it is chosen: that of the file without its ending.
  var name: String { card.name }
  var path: String { checkpoint.path }

  /// What the user should know of the file and the network.
  var notices: [Notice] { checkpoint.notices + network.notices }

  /// Reads a checkpoint and recognises its network.
  init(path: String) throws(Failure) {
    let checkpoint = try Self.checkpoint(at: path)
    self.checkpoint = checkpoint
    network = try Failure.of(.model) { () throws(NetworkError) in
      try ArSSRNetwork(checkpoint: checkpoint)
    }
    card = ModelCard(checkpoint, of: .arssr(network))
  }

  /// Reads a checkpoint without asking what network it holds.
  static func checkpoint(at path: String) throws(Failure) -> Checkpoint {
    do {
      return try Checkpoint.load(path: path)
    } catch {
      throw Failure(caught: error, about: .model)
    }
  }
}
