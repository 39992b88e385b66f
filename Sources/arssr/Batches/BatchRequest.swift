import Files
import Volumes

/// What was asked of a run over many volumes, checked as far as words go.
struct BatchRequest: Sendable {
  /// Where the volumes come from.
  enum Source: Sendable {
    case folder(recursive: Bool)
    case list(String)
    case dataset(BIDSRequest)
  }

  let source: Source
  /// The folder or list, as it was given.
  let input: String
  /// The folder of the results.
  let output: String
  let suffix: String
  let jobs: Int
  /// nil: all volumes.
  let shard: Shard?
  let stopsOnError: Bool

  /// - Parameters:
  ///   - source: Where the volumes come from.
  ///   - command: As given.
  ///   - reader: Reads the options.
  ///   - isDivided: Whether the tasks of a Slurm array share the volumes.
  /// - Throws: If an option is not in order, or has a meaning only for one volume.
  init(
    _ source: Source, _ command: some UpsamplingCommand, reader: OptionReader,
    isDivided: Bool = true
  ) throws(Failure) {
    self.source = source
    input = command.input
    output = command.output
    suffix =
      try reader.value(OptionCatalogue.suffix, command.nameSuffix)?.text ?? NameSuffix.standard
    jobs = try reader.value(OptionCatalogue.jobs, command.batch.jobs)?.count ?? 1
    if let given: Shard = try reader.argument("shard", command.batch.shard) {
      shard = given
    } else {
      shard = try isDivided ? Shard.ofSlurmTask() : nil
    }
    stopsOnError = command.batch.policy == .stopOnError
    try checkCombinations(command)
  }

  /// The request of a dataset.
  ///
  /// - Throws: If there is no such folder, or an option is not in order.
  init(
    dataset command: some UpsamplingCommand, _ request: UpsampleRequest, reader: OptionReader,
    isDivided: Bool = true
  ) throws(Failure) {
    guard FolderListing.isFolder(command.input) else {
      throw Failure(VolumeSetError.missing(path: command.input))
    }
    let bids = try BIDSRequest(command.bidsOptions, request, reader: reader)
    try self.init(.dataset(bids), command, reader: reader, isDivided: isDivided)
  }

  /// What was asked of `upsample`; nil for a run over one volume.
  ///
  /// - Throws: If an option is not in order, or has a meaning only for another kind of input.
  static func of(
    _ command: Upsample, _ request: UpsampleRequest, reader: OptionReader
  ) throws(Failure) -> BatchRequest? {
    if command.folders.bids {
      return try BatchRequest(dataset: command, request, reader: reader)
    }
    try checkNothingOfBIDS(command.bidsOptions)
    if let source = source(command) { return try BatchRequest(source, command, reader: reader) }
    try checkNothingOfMany(command)
    return nil
  }

  private static func source(_ command: some UpsamplingCommand) -> Source? {
    let input = command.input
    if input.hasPrefix("@") { return .list(String(input.dropFirst())) }
    guard FolderListing.isFolder(input) else { return nil }
    // A folder in the place of a volume is a slip of the hand where the result is to be one volume.
    let isVolume = VolumeName(PathText.split(command.output).name) != nil
    if isVolume, !FolderListing.isFolder(command.output) { return nil }
    return .folder(recursive: command.isRecursive)
  }

  private static func checkNothingOfBIDS(_ options: BIDSOptions) throws(Failure) {
    let given = [
      ("--participant-label", !options.participantLabel.isEmpty),
      ("--session-label", !options.sessionLabel.isEmpty), ("--suffixes", options.suffixes != nil),
      ("--bids-filter-file", options.bidsFilterFile != nil), ("--desc", options.desc != nil),
      ("--res", options.res), ("--skull-stripped", options.skullStripped != nil),
    ]
    if let (name, _) = given.first(where: \.1) {
      throw Failure(.conflict(options: [name], reason: "has a meaning only with --bids"))
    }
  }

  private static func checkNothingOfMany(_ command: Upsample) throws(Failure) {
    let options = command.batch
    let given = [
      ("--recursive", command.isRecursive), ("--suffix", command.nameSuffix != nil),
      ("--jobs", options.jobs != nil), ("--shard", options.shard != nil),
      ("--stop-on-error", options.policy == .stopOnError),
      ("--keep-going", options.policy == .keepGoing),
    ]
    guard let (name, _) = given.first(where: \.1) else { return }
    // Of an input that is not there nobody can tell whether it would be a folder.
    let input = command.input
    if !input.isEmpty, input != StandardInput.name, FileIdentity(path: input) == nil {
      throw Failure(VolumeSetError.missing(path: input))
    }
    throw Failure(
      .conflict(options: [name], reason: "has a meaning only with a folder or list as input"))
  }

  private func checkCombinations(_ command: some UpsamplingCommand) throws(Failure) {
    guard !output.isEmpty else { throw Failure(.emptyPath(argument: "<output>")) }
    let naming = [("--recursive", command.isRecursive), ("--suffix", command.nameSuffix != nil)]
    switch source {
    case .folder: break
    case .list:
      if command.isRecursive {
        throw Failure(
          .conflict(options: ["--recursive", input], reason: "a list names its volumes"))
      }
    case .dataset:
      if let (name, _) = naming.first(where: \.1) {
        throw Failure(
          .conflict(
            options: ["--bids", name], reason: "names of a dataset follow from those in it"))
      }
    }
    for (option, path) in [
      ("--uncertainty", command.refinement.uncertainty), ("--report", command.refinement.report),
    ] where path != nil {
      throw Failure(
        .conflict(options: [option], reason: "names one file, and there are many volumes"))
    }
    let isVolume = VolumeName(PathText.split(output).name) != nil
    if output == StandardInput.name || isVolume && !FolderListing.isFolder(output) {
      throw Failure(
        .conflict(options: [input, output], reason: "many volumes need a folder for their results"))
    }
  }
}
