import ArgumentParser
import MessagePassing

/// `arssr train`.
struct Train: Command {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on volumes of your own.",
    discussion: """
      Makes low-resolution volumes from high-resolution ones and trains a network to undo it, \
      validates it against cubic interpolation on subjects that are kept apart, and keeps the best \
      model, ready for arssr upsample --model.
      """)

  @OptionGroup(title: "Data") var data: TrainDataOptions
  @OptionGroup(title: "Run") var run: TrainRunOptions
  @OptionGroup(title: "Network") var network: TrainNetworkOptions
  @OptionGroup(title: "Low-resolution volumes") var drawing: TrainDrawingOptions
  @OptionGroup(title: "Related networks") var related: TrainRelatedOptions
  @OptionGroup(title: "Steps") var steps: TrainStepOptions
  @OptionGroup(title: "Computing") var computing: KernelOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  static let epilogue = """
    PRESETS:
      fast   a small network that adds detail to cubic interpolation of its input,
             whose blur is divided out first; better than cubic within minutes
      paper  the network, data and schedule of the publication; weeks

    RELATED NETWORKS (--arch), each on the volumes of its publication:
      srrecnn3d        10 layers on the cubic spline of a blurred volume
      srrecnn3d-multi  the same with a second image of another contrast
      srcnn3d          three layers, without padding
      dcsrn, rescnn    dense and residual networks; volumes without blur
      espcn3d          layers on the low-resolution grid, pixel shuffle behind them
    Where nobody asks for another size or rate they have, as published,
                       --patch  --batch  --width  --learning-rate
      srrecnn3d, -multi     21       64       64            0.001
      srcnn3d               33      256       64           0.0001
      dcsrn                 40       10       24           0.0001
      rescnn                40       10       64           0.0001
      espcn3d               16        5       50           0.0001
    A patch of espcn3d is counted in low-resolution voxels, others in those of
    the result.

    EXAMPLES:
      A model of one's own from a BIDS dataset:
        arssr train --data dataset --output model
      An hour of it, and then another:
        arssr train --data dataset --output model --time-limit 3600 && \\
          arssr train --resume --output model --time-limit 3600
      Fine-tuning on another contrast:
        arssr train --data dataset --suffixes T2w --init brain-t1w --output t2
      A network that ArSSR is compared with, on two factors:
        arssr train --arch srrecnn3d --factors 2,3 --data dataset --output srrecnn3d
      What would be trained:
        arssr train --dry-run --data dataset --output model

    FILES AND ENVIRONMENT:
      The folder holds best.safetensors (the model), card.json (its card),
      last.safetensors and previous.safetensors (to resume from), config.json
      (all options; a settings file for --config), log.jsonl, log.csv and
      validation.csv, curves.png and sample.png, and tensorboard/ for TensorBoard.
      The same volumes, options and instruction set give the same model, whatever
      the threads and however often it was stopped.
      Where arssr was built with MPI, mpirun -n 2 arssr train ... trains in several
      processes, each with its share of every batch.

    EXIT STATUS:
      0 done or stopped by --time-limit, 1 the network cannot learn any more, 64
      usage, 65 bad volume, 66 no such input, 69 too little memory, 73 output
      exists or cannot be created, 74 reading or writing failed, 77 no permission,
      78 bad model or settings, 128+n signal n, saved.

    """

  func execute() throws(Failure) -> ExitStatus {
    guard let output = run.output else { throw Failure(.missingArgument("--output <folder>")) }
    guard !output.isEmpty else { throw Failure(.emptyPath(argument: "--output")) }
    let folder = TrainFolder(path: output)
    var common = common
    if run.resume {
      try folder.checkIsTraining()
      common.config = common.config ?? folder.configuration
    }
    // Of several processes the first one talks.
    if let launched = ProcessGroup.launched, launched.rank > 0 { common.silence() }
    let session = try Session(common, command: "train")
    let request = try TrainRequest(self, folder: folder, session: session)
    return session.run(whenStopped: "last.safetensors is what --resume goes on from") {
      () throws(Failure) in
      try TrainJob(request: request, session: session).run()
    }
  }
}
