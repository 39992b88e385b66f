import ArgumentParser
import Checkpoints
import Files
import Networks

/// `arssr info`.
struct Info: Command {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Describe this machine, or volumes and models.",
    usage: "arssr info [<options>] [<file> ...]",
    discussion: """
      Without a file: version, build, instruction sets, cores, memory, folders of models, and the \
      settings in force. With files: what is in them.
      """)

  @Argument(help: "NIfTI files or checkpoints.", completion: .file())
  var files: [String] = []

  @Flag(help: "Only the settings in force and where each comes from.")
  var configOnly = false

  @OptionGroup var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      What does this machine offer, and which settings hold?
        arssr info
      Where does a setting come from?
        arssr info --config-only
      What is in a volume?
        arssr info sub-01_T1w.nii.gz
      The same for a program:
        arssr info --format json sub-01_T1w.nii.gz

    FILES AND ENVIRONMENT:
      Settings are read from $XDG_CONFIG_HOME/arssr/config.json and
      /etc/xdg/arssr/config.json.

    EXIT STATUS:
      0 done, 64 usage, 65 bad volume, 66 no such file, 77 no permission, 78 bad
      model or settings.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "info")
    return session.run { () throws(Failure) in
      let reports = try InfoReports(files: files, configOnly: configOnly, session: session)
      session.console.release()
      try StandardStreams.printResult(
        session.format == .json ? reports.json.document : reports.text)
      return .ok
    }
  }
}

/// What `info` prints.
struct InfoReports {
  private var texts: [String] = []
  private var objects: [JSON] = []
  private let concernsMachine: Bool

  init(files: [String], configOnly: Bool, session: Session) throws(Failure) {
    concernsMachine = files.isEmpty
    if configOnly, let file = files.first {
      throw Failure(
        .conflict(options: ["--config-only", file], reason: "settings are not those of a file"))
    }
    for path in files {
      guard !path.isEmpty else { throw Failure(.emptyPath(argument: "<files>")) }
      try add(path, session)
    }
    guard files.isEmpty else { return }
    let settings = SettingsInformation(session.settings)
    var members: [(key: String, value: JSON)] = [
      ("schema", .string("arssr.info/1")), ("version", .string(Arssr.version)),
    ]
    if !configOnly {
      let machine = MachineInformation()
      texts.append(machine.text)
      members += machine.members
    }
    texts.append(settings.text)
    members.append(("settings", settings.json))
    objects = [.object(members)]
  }

  /// Whether a path is that of a model: by its ending; where that is not a volume's either, by what
  /// the file holds.
  private static func isModel(_ path: String) -> Bool {
    let lowered = path.lowercased()
    if ModelFile.endings.contains(where: lowered.hasSuffix) { return true }
    let ofVolumes = [".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz"]
    guard path != StandardInput.name, !ofVolumes.contains(where: lowered.hasSuffix) else {
      return false
    }
    return Checkpoint.isRecognised(at: path)
  }

  private mutating func add(_ path: String, _ session: Session) throws(Failure) {
    if Self.isModel(path) {
      let model = try DescribedModel(path: path)
      model.notices.forEach(session.console.warn)
      let report = ModelReport(model)
      texts.append(report.text)
      objects.append(report.json)
    } else {
      let volume = try VolumeInformation(path: path, console: session.console)
      texts.append(volume.text)
      objects.append(volume.json)
    }
  }

  var text: String { texts.joined(separator: "\n\n") }

  /// One object: of the machine, of the one file, or of several files.
  var json: JSON {
    if concernsMachine || objects.count == 1 { return objects[0] }
    return .object([
      ("schema", .string("arssr.info/1")), ("version", .string(Arssr.version)),
      ("files", .array(objects)),
    ])
  }
}
