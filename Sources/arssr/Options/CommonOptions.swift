import ArgumentParser
import KernelInterface

/// Options that every command has.
struct CommonOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Errors only, no progress.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "More to read: -v choices and times, -vv all.")
  var verbose: Int

  @Option(
    help: ArgumentHelp("Append everything, at debug level, to this file.", valueName: "file"),
    completion: .file())
  var logFile: String?

  @Option(
    help: ArgumentHelp("Results as text or json. (default: text)", valueName: "form"),
    completion: .list(ResultFormat.words))
  var format: String?

  @Option(
    help: ArgumentHelp("auto, bar, lines, json or none. (default: auto)", valueName: "form"),
    completion: .list(ProgressForm.words))
  var progress: String?

  @Option(
    help: ArgumentHelp("Settings file in place of your own.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var config: String?

  /// Leaves errors only.
  mutating func silence() { (quiet, verbose, logFile) = (true, 0, nil) }
}

/// Options of commands that read volumes: what may be in them.
struct NonFiniteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Voxels that are NaN, infinite or beyond 1e36: error or zero. (default: error)",
      valueName: "do"),
    completion: .list(NonFinitePolicy.words))
  var nan: String?
}

/// Options of commands that read volumes: which frames, and what may be in them.
struct FrameOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Frames of a 4D input, from 0: a:b (both included) or a list. (default: all)",
      valueName: "a:b"))
  var volumes: String?

  @OptionGroup var nonFinite: NonFiniteOptions
}

/// Options of commands that write a volume.
struct FileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "\(StoredType.words.joined(separator: ", ")). (default: float32)", valueName: "type"),
    completion: .list(StoredType.words))
  var datatype: String?

  @Option(
    help: ArgumentHelp("gzip level, 0 to 9. (default: 1)", valueName: "level"))
  var compression: String?

  @Flag(
    inversion: .prefixedNo, exclusivity: .chooseLast,
    help: "JSON beside the result. (default: --sidecar)")
  var sidecar: Bool?

  @Flag(name: .shortAndLong, help: "Overwrite.")
  var force = false
}

/// Options that say what of the machine may be used.
struct ResourceOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp(
      "Worker threads, or all hardware threads. (default: one per physical core)",
      valueName: "n|all"))
  var threads: String?

  @Flag(
    inversion: .prefixedNo, exclusivity: .chooseLast,
    help: "Bind workers to cores. (default: --pin with 2 or more threads)")
  var pin: Bool?

  @Option(
    help: ArgumentHelp(
      "Most memory to use, e.g. 4G or 50%. (default: 80% of what is available)",
      valueName: "size"))
  var maxMemory: String?
}

/// Options of commands that run kernels.
struct KernelOptions: ParsableArguments {
  @OptionGroup var resources: ResourceOptions

  @Option(
    help: ArgumentHelp(
      "Instruction set: \(InstructionSetChoice.words.joined(separator: ", ")). (default: auto)",
      valueName: "set"),
    completion: .list(InstructionSetChoice.words))
  var isa: String?
}

/// Options of commands that run a model.
struct ComputingOptions: ParsableArguments {
  @OptionGroup var kernels: KernelOptions

  @Flag(help: "Direct float32 path with a fixed order of sums, several times slower.")
  var exact = false

  @Option(
    help: ArgumentHelp(
      "What layers may multiply: \(Precision.words.joined(separator: " or ")) (shipped models: 67 dB "
        + "or more from float32, 0.005 dB lost at most); sums are float32. (default: float32)",
      valueName: "type"),
    completion: .list(Precision.words))
  var precision: String?
}

/// `--format`.
enum ResultFormat: String, WordValue {
  case text
  case json
}

/// `--progress`.
enum ProgressForm: String, WordValue {
  case auto
  case bar
  case lines
  case json
  case none
}
