import ArgumentParser
import KernelInterface
import Training

/// Options that say what to train on.
struct TrainDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Volumes to train on: a folder, a BIDS dataset, or @list.txt with a path per line.",
      valueName: "source"),
    completion: .directory)
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Volumes to validate with, in place of a share of --data.", valueName: "source"),
    completion: .directory)
  var validate: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the subjects of --data that is kept to validate with; 0: none. (default: 0.1)",
      valueName: "f"))
  var validationShare: String?

  @Option(
    help: ArgumentHelp(
      "Contrasts to take from a BIDS dataset. (default: T1w)", valueName: "T1w,..."))
  var suffixes: String?

  @Flag(help: "Allow volumes whose voxels differ in size by more than a tenth.")
  var mixSpacings = false
}

/// Options that say how long and with what result.
struct TrainRunOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Folder of the result, made if absent.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp(
      "\(TrainingPreset.words.joined(separator: " or ")); see below. (default: fast)",
      valueName: "name"),
    completion: .list(TrainingPreset.words))
  var preset: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps of the whole training, over which the learning rate falls. (default: 30000; paper: 2500 "
        + "epochs of six patches per volume; --arch: 20000)", valueName: "n"))
  var steps: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The same in epochs of six patches per volume, in place of --steps.", valueName: "n"))
  var epochs: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "End after so many validations without a better one. (default: none)", valueName: "n"))
  var patience: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Save and stop after so many seconds; --resume goes on. (default: none)", valueName: "s"))
  var timeLimit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Another seed, another start and other patches. (default: 0)", valueName: "n"))
  var seed: String?

  @Flag(help: "Go on with the training in the folder of --output, to the same bytes.")
  var resume = false

  @Option(
    help: ArgumentHelp("Begin with the weights of this model.", valueName: "model"),
    completion: .model)
  var `init`: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Validate and save after so many steps. (default: 1000)", valueName: "n"))
  var validateEvery: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep the models of the last n validations too, as step-N.safetensors. (default: 0)",
      valueName: "n"))
  var keep: String?

  @Option(
    help: ArgumentHelp(
      "JSON object of strings for the model's card; what the training decides it says itself.",
      valueName: "file"),
    completion: .file(extensions: ["json"]))
  var card: String?

  @Flag(name: [.customShort("n"), .long], help: "Check everything, print the plan, write nothing.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Begin anew in a folder that holds a training.")
  var force = false
}

/// Options of the network's sizes.
struct TrainNetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "\(EncoderChoice.words.joined(separator: ", ")). (default: srresnet; paper: rdn)",
      valueName: "name"),
    completion: .list(EncoderChoice.words))
  var encoder: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Channels of the encoder. (default: 16; paper: 64; --arch: see below)", valueName: "n"))
  var width: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Blocks of the encoder. (default: 8)", valueName: "n"))
  var blocks: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Features per voxel. (default: 28; paper: 128)", valueName: "n"))
  var featureDim: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Width of the decoder. (default: 64; paper: 256)", valueName: "n"))
  var decoderWidth: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Layers of each of the decoder's two stages. (default: 3; paper: 4)", valueName: "n"))
  var decoderDepth: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of the blur of the input: deconvolution divides it out first, psf tells the "
        + "network, none ignores it. (default: deconvolution; paper: none; with --init the model's)",
      valueName: "what"),
    completion: .list(ConditionChoice.words))
  var condition: String?

  @Option(
    help: ArgumentHelp(
      "one: the same for every input; blended: sets for small and large voxels, with and without "
        + "blur, of which each input gets its mixture. (default: one; with --init the model's)",
      valueName: "what"),
    completion: .list(WeightsChoice.words))
  var weights: String?
}

/// Options of the steps.
struct TrainStepOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Patches of a step. (default: 2; paper: 15; --arch: see below)", valueName: "n"))
  var batch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Low-resolution voxels of a patch along each axis. (default: 16; paper: 10; --arch: see "
        + "below)", valueName: "n"))
  var patch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Points asked for in a patch, about. (default: 8000)", valueName: "n"))
  var samples: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Range of the factors, any real number. (default: 1.5..4; paper: 2..4 in tenths)",
      valueName: "a..b"))
  var scales: String?

  @Option(
    help: ArgumentHelp(
      "l1 or l2: mean of absolute or squared differences; caffe, with --arch only: half the sum of "
        + "squares per patch. (default: l1; --arch: caffe; dcsrn, rescnn, espcn3d: l2)",
      valueName: "name"),
    completion: .list(ImageLoss.words))
  var loss: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Highest learning rate. (default: 0.0005 up to width 32, less for wider encoders; paper: "
        + "0.0001; --arch: see below)",
      valueName: "v"))
  var learningRate: String?

  @Option(
    help: ArgumentHelp(
      "How the rate falls: constant; step, halved every 200 epochs; cosine or linear, over the whole "
        + "training to a hundredth. (default: cosine; paper: step)", valueName: "name"),
    completion: .list(ScheduleChoice.words))
  var schedule: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps over which the rate rises, at most a tenth of all. (default: 300; paper: 0)",
      valueName: "n"))
  var warmUp: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the rate by which weights shrink in a step, apart from the gradient. (default: 0)",
      valueName: "v"))
  var weightDecay: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What layers multiply: \(Precision.words.joined(separator: " or ")), faster with "
        + "AVX-512 BF16; weights, sums and optimiser are float32. (default: float32)",
      valueName: "type"),
    completion: .list(Precision.words))
  var precision: String?
}
