import ArgumentParser

/// `arssr models`: the group of commands about checkpoints.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List, describe, convert and verify models.",
    discussion: """
      A model is a checkpoint: safetensors, a PyTorch file, which is read as data and never \
      executed, a Caffe model (.caffemodel) or a chainer archive (.npz). It is chosen by path, or by its file name without ending from the search path: \
      the folders of ARSSR_MODEL_PATH, $XDG_DATA_HOME/arssr/models, and share/arssr/models of the \
      installation. Nothing is ever downloaded.
      """,
    subcommands: [ModelsList.self, ModelsInfo.self, ModelsConvert.self, ModelsVerify.self])
}
