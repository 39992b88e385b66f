import KernelInterface

/// What the user asked of the machine.
struct ComputingRequest: Sendable {
  /// nil: one worker per physical core, fewer where other programs' variables say so.
  var threads: Setting<ThreadCount>?
  /// nil: with two or more threads.
  var pin: Bool?
  var memory: MemorySize
  var instructionSet: InstructionSetChoice
  var isExact: Bool
  var precision: Precision

  /// What holds where nobody asks for anything.
  static let standard = ComputingRequest()

  private init() {
    memory = .share(0.8)
    instructionSet = .automatic
    isExact = false
    precision = .float32
  }

  /// For work without kernels, whose results do not depend on instruction sets.
  init(_ options: ResourceOptions, reader: OptionReader) throws(Failure) {
    self.init()
    threads = try reader.setting(OptionCatalogue.threads, options.threads)
    pin = try reader.value(OptionCatalogue.pin, options.pin.map { $0 ? "true" : "false" })?.isOn
    memory = try reader.value(OptionCatalogue.maxMemory, options.maxMemory) ?? .share(0.8)
  }

  /// For work with kernels that has no other path to choose.
  init(_ options: KernelOptions, reader: OptionReader) throws(Failure) {
    try self.init(options.resources, reader: reader)
    instructionSet = try reader.value(OptionCatalogue.isa, options.isa) ?? .automatic
  }

  init(_ options: ComputingOptions, reader: OptionReader) throws(Failure) {
    try self.init(options.kernels, reader: reader)
    let exact = try reader.setting(OptionCatalogue.exact, options.exact ? "true" : nil)
    // One of the two on the command line puts aside what settings files say of the other.
    let precision =
      try options.exact && options.precision == nil
      ? nil : reader.setting(OptionCatalogue.precision, options.precision)
    self.precision = precision?.value ?? .float32
    guard let exact, exact.value.isOn else { return }
    guard let precision, precision.value != .float32 else {
      isExact = true
      return
    }
    if precision.origin == .commandLine, exact.origin != .commandLine { return }
    let isTyped = exact.origin == .commandLine
    throw Failure(
      .conflict(
        options: [
          isTyped ? "--exact" : exact.asGiven(option: "exact"),
          precision.asGiven(option: "precision"),
        ],
        reason: "the exact path multiplies in float32; leave one of the two out"))
  }
}
