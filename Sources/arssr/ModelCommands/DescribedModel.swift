import Checkpoints
import Files
import Networks

/// A model of any kind as it was found, for the commands that describe it.
struct DescribedModel {
  let checkpoint: Checkpoint
  let network: Network
  let card: ModelCard

  /// The name by which it is chosen: that of the file without its ending.
  var name: String { card.name }
  var path: String { checkpoint.path }

  /// What the user should know of the file and the network.
  var notices: [Notice] { checkpoint.notices + network.notices }

  /// Reads a checkpoint and recognises its network.
  init(path: String) throws(Failure) {
    let checkpoint = try LoadedModel.checkpoint(at: path)
    self.checkpoint = checkpoint
    network = try Failure.of(.model) { () throws(NetworkError) in
      try Network(checkpoint: checkpoint)
    }
    card = ModelCard(checkpoint, of: network)
  }
}
