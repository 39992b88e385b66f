import Files
import Glibc

/// What can be wrong with a request as such, before or beside what the modules below find.
enum CommandError: ReportableError, Equatable {
  // The command line.
  case unknownOption(name: String, nearest: String?)
  case unknownCommand(name: String, nearest: String?)
  case missingCommand
  case missingArgument(String)
  case missingValue(option: String)
  case unexpectedValue(option: String)
  case unexpectedArgument(String)
  case optionValue(option: String, value: String, reason: String)
  case environmentValue(variable: String, value: String, reason: String)
  case conflict(options: [String], reason: String)
  case emptyPath(argument: String)
  case outputSuffix(path: String)
  case modelSuffix(path: String)
  case outputIsInput(path: String)
  case sidecarIsInputs(path: String)
  case scoreSuffix(path: String)
  case reportSuffix(path: String)
  case logFile(setting: String, reason: String)
  case notUnderstood(String)

  // Settings files and models.
  case settingsValue(path: String, key: String, found: String, reason: String)
  case verificationDiffers(path: String, count: Int, of: Int, first: String)
  case notSavedResults(path: String, reason: String)

  // The machine.
  case instructionSetMissing(name: String, available: [String])
  case threadsRefused(errorNumber: Int32)
  case memoryRefused(bytes: Int)
  case tooManyThreads(setting: String, requested: Int, allowed: Int, reason: String)
  case standardOutput(errorNumber: Int32)

  // Measurements.
  case slower(name: String, ratio: Double, least: Double, count: Int, of: Int)
  case inexact(name: String, error: Double, budget: Double)

  // The work.
  case maskElsewhere(path: String, millimetres: Double)
  case integerResultMemory(needed: Int, limit: Int)
  case evaluationMemory(needed: Int, limit: Int)
  case reportMemory(needed: Int, limit: Int)
  case unlikeFrames(path: String, count: Int, wanted: Int)
  case noSpace(path: String, needed: Int, free: Int)
  case emptyChoice(path: String, found: String)
  case batchPartial(failed: Int, of: Int)
  case trainingEnded(String)
  case trainingMemory(needed: Int, limit: Int)
  case otherTraining(path: String, option: String, found: String)
  case otherInstructionSet(path: String, found: String, here: String)
  case unexpected(String)
}

extension CommandError {
  var code: String {
    switch self {
    case .unknownOption, .unknownCommand, .missingCommand, .missingArgument, .missingValue,
      .unexpectedValue, .unexpectedArgument, .notUnderstood:
      "usage.option"
    case .optionValue, .environmentValue, .emptyPath, .tooManyThreads:
      "usage.value"
    case .conflict: "usage.conflict"
    case .outputSuffix, .modelSuffix, .scoreSuffix, .reportSuffix, .outputIsInput,
      .sidecarIsInputs, .logFile:
      "usage.target"
    case .settingsValue, .notSavedResults: "config.value"
    case .verificationDiffers, .slower, .inexact, .trainingEnded: "check.difference"
    case .batchPartial: "batch.partial"
    case .emptyChoice: "usage.value"
    case .otherTraining, .otherInstructionSet: "model.mismatch"
    case .instructionSetMissing: "feature.missing"
    case .threadsRefused: "threads.system"
    case .memoryRefused: "memory.system"
    case .standardOutput(let number): number == ENOSPC ? "output.space" : "output.io"
    case .maskElsewhere, .unlikeFrames: "volume.overlap"
    case .integerResultMemory, .trainingMemory, .evaluationMemory, .reportMemory: "memory.budget"
    case .noSpace: "output.space"
    case .unexpected: "internal"
    }
  }

  var subject: String? {
    switch self {
    case .unknownOption(let name, _), .unknownCommand(let name, _): name
    case .missingValue(let option), .unexpectedValue(let option): option
    case .unexpectedArgument(let argument), .emptyPath(let argument): argument
    case .optionValue(let option, let value, _): value.isEmpty ? option : "\(option) \(value)"
    case .environmentValue(let variable, let value, _): "\(variable)=\(value)"
    case .conflict(let options, _): options.joined(separator: ", ")
    case .outputSuffix(let path), .modelSuffix(let path), .scoreSuffix(let path),
      .reportSuffix(let path), .outputIsInput(let path), .sidecarIsInputs(let path):
      path
    case .settingsValue(let path, _, _, _), .verificationDiffers(let path, _, _, _),
      .notSavedResults(let path, _):
      path
    case .slower(let name, _, _, _, _), .inexact(let name, _, _): name
    case .instructionSetMissing(let name, _): "--isa \(name)"
    case .tooManyThreads(let setting, _, _, _), .logFile(let setting, _): setting
    case .standardOutput: "standard output"
    case .maskElsewhere(let path, _), .noSpace(let path, _, _), .unlikeFrames(let path, _, _):
      path
    case .integerResultMemory, .trainingMemory, .evaluationMemory, .reportMemory: "--max-memory"
    case .otherTraining(let path, _, _), .otherInstructionSet(let path, _, _): path
    case .emptyChoice(let path, _): path
    case .missingCommand, .missingArgument, .notUnderstood, .threadsRefused, .memoryRefused,
      .batchPartial, .trainingEnded, .unexpected:
      nil
    }
  }

  var message: String {
    switch self {
    case .unknownOption(_, let nearest): "unknown option" + Self.hint(nearest)
    case .unknownCommand(_, let nearest): "unknown command" + Self.hint(nearest)
    case .missingCommand: "a command is missing"
    case .missingArgument(let name): "\(name) is missing"
    case .missingValue: "needs a value"
    case .unexpectedValue: "takes no value"
    case .unexpectedArgument: "one argument too many"
    case .optionValue(_, _, let reason), .environmentValue(_, _, let reason): reason
    case .conflict(_, let reason): reason
    case .emptyPath: "the path is empty"
    case .outputSuffix: "the name must end in .nii or .nii.gz"
    case .modelSuffix: "the name must end in .safetensors"
    case .scoreSuffix: "the name must end in .csv, .json or .md"
    case .reportSuffix: "the name must end in .html"
    case .outputIsInput: "is the input file itself; give the result another name"
    case .sidecarIsInputs:
      "is the input's sidecar, which that of the result would replace; give the result another name, "
        + "or leave its sidecar out with --no-sidecar"
    case .logFile(_, let reason): reason
    case .notUnderstood(let text): text
    case .settingsValue(_, let key, let found, let reason): "\"\(key)\" is \(found): \(reason)"
    case .verificationDiffers(_, let count, let total, let first):
      "\(count) of \(total) golden files differ, the first is \(Escaping.text(first))"
    case .notSavedResults(_, let reason): "is not what bench --save writes: \(reason)"
    case .slower(_, let ratio, let least, let count, let total):
      "\(count) of \(total) results are below --fail-below \(NumberText.text(least)), this one is "
        + NumberText.short(ratio, significant: 3)
    case .inexact(_, let error, let budget):
      "differs from the direct path by \(Float(error)) of the range, at most \(Float(budget)) is "
        + "allowed"
    case .instructionSetMissing(_, let available):
      "this CPU does not have it; it has \(available.joined(separator: ", "))"
    case .threadsRefused(let number):
      "the system gives no further thread (\(String(cString: strerror(number)))); use --threads 1"
    case .memoryRefused(let bytes): "the system gives no memory (\(ByteSize.text(bytes)) asked)"
    case .tooManyThreads(_, _, let allowed, let reason):
      "this process may use \(allowed) (\(reason))"
    case .standardOutput(let number): String(cString: strerror(number)).lowercased()
    case .maskElsewhere(_, let distance):
      "the mask does not overlap the input as it should: the corners of its field of view lie up to "
        + "\(NumberText.short(distance, significant: 3)) mm from those of the input"
    case .integerResultMemory(let needed, let limit):
      "the limit of \(ByteSize.text(limit)) is too small: an integer result is held whole, which "
        + "takes \(ByteSize.text(needed)) in all; use --datatype float32 or --max-memory "
        + "\(ByteSize.option(atLeast: needed)) or more"
    case .evaluationMemory(let needed, let limit):
      "the limit of \(ByteSize.text(limit)) is too small: two volumes and their masks take "
        + "\(ByteSize.text(needed)); use --max-memory \(ByteSize.option(atLeast: needed)) or more"
    case .reportMemory(let needed, let limit):
      "the limit of \(ByteSize.text(limit)) is too small: a report takes \(ByteSize.text(needed)); "
        + "use --max-memory \(ByteSize.option(atLeast: needed)) or more"
    case .unlikeFrames(_, let count, let wanted):
      "has \(counted(count, "frame")), the truth has \(wanted)"
    case .noSpace(_, let needed, let free):
      "no space left: \(ByteSize.text(needed)) needed, \(ByteSize.text(free)) free on this file "
        + "system"
    case .emptyChoice(_, let found): "no volume fits the choice; there is \(found)"
    case .batchPartial(let failed, let count): "\(failed) of \(count) failed"
    case .trainingEnded(let text): text
    case .trainingMemory(let needed, let limit):
      "the limit of \(ByteSize.text(limit)) is too small: the volumes and those drawn from them take "
        + "\(ByteSize.text(needed)); use --max-memory \(ByteSize.option(atLeast: needed)) or more"
    case .otherTraining(_, let option, let found):
      "was trained with another \(option) (\(found)), so it cannot go on; leave the option out, or "
        + "begin anew with --force"
    case .otherInstructionSet(_, let found, let here):
      "was trained with --isa \(found), whose sums round otherwise than those of \(here), so it "
        + "cannot go on to the same model here; use --isa \(found) where the processor has it, or "
        + "begin from its best.safetensors with --init"
    case .unexpected(let text): "\(text); please report this"
    }
  }

  /// The figures of the message, for programs.
  var values: [(key: String, value: JSON)] {
    switch self {
    case .tooManyThreads(_, let requested, let allowed, _):
      [("requested", .integer(requested)), ("allowed", .integer(allowed))]
    case .memoryRefused(let bytes): [("bytes", .integer(bytes))]
    case .integerResultMemory(let needed, let limit), .trainingMemory(let needed, let limit),
      .evaluationMemory(let needed, let limit), .reportMemory(let needed, let limit):
      [("needed", .integer(needed)), ("limit", .integer(limit))]
    case .noSpace(_, let needed, let free):
      [("needed", .integer(needed)), ("free", .integer(free))]
    case .unlikeFrames(_, let count, let wanted):
      [("frames", .integer(count)), ("wanted", .integer(wanted))]
    case .batchPartial(let failed, let count):
      [("failed", .integer(failed)), ("of", .integer(count))]
    case .slower(_, let ratio, let least, _, _):
      [("ratio", .number(ratio)), ("least", .number(least))]
    case .inexact(_, let error, let budget):
      [("error", .number(error)), ("budget", .number(budget))]
    default: []
    }
  }

  private static func hint(_ nearest: String?) -> String {
    nearest.map { "; did you mean \($0)?" } ?? ""
  }
}
