import Volumes

/// Reads the options of one run and keeps a list of those that decide about values.
final class OptionReader {
  private let session: Session
  /// Name and text of what was given and decides about values, in the order of reading.
  private(set) var recorded: [(name: String, text: String)] = []
  /// Whether no target was asked for, so that the factor is the built-in one.
  private(set) var usesDefaultScale = false

  init(session: Session) { self.session = session }

  /// The value of an option, or nil where only the built-in one is left.
  func value<Value>(_ key: OptionKey<Value>, _ given: String?) throws(Failure) -> Value? {
    try setting(key, given)?.value
  }

  /// The value of an option with its origin, or nil where only the built-in one is left.
  func setting<Value>(
    _ key: OptionKey<Value>, _ given: String?
  ) throws(Failure) -> Setting<Value>? {
    guard let setting = try session.value(key, given) else { return nil }
    if key.changesResults { recorded.append((key.name, setting.text)) }
    return setting
  }

  /// What happens to voxels that are NaN or infinite.
  func nonFinite(_ options: NonFiniteOptions) throws(Failure) -> NonFinitePolicy {
    try value(OptionCatalogue.nan, options.nan) ?? .error
  }

  /// The value of an option that only the command line can give, or nil where it does not.
  func argument<Value: OptionValue>(
    _ option: String, _ given: String?
  ) throws(Failure) -> Value? {
    guard let given else { return nil }
    do throws(OptionValueError) {
      let value = try Value(optionText: given)
      record(option, given)
      return value
    } catch {
      throw Failure(.optionValue(option: "--\(option)", value: given, reason: error.reason))
    }
  }

  /// Notes what decides about values.
  func record(_ option: String, _ text: String) { recorded.append((option, text)) }

  /// The name of a file that decides about no value, from the command line only.
  func name(_ option: String, _ given: String?) throws(Failure) -> String? {
    if given?.isEmpty == true { throw Failure(.emptyPath(argument: "--\(option)")) }
    return given
  }

  /// A file's name, from the command line only.
  func path(_ option: String, _ given: String?) throws(Failure) -> String? {
    guard let given else { return nil }
    guard !given.isEmpty else { throw Failure(.emptyPath(argument: "--\(option)")) }
    recorded.append((option, given))
    return given
  }

  /// Refuses a blur whose width is given twice, as a standard deviation and at half its height.
  static func checkBlur(sigma: Bool, fullWidth: Bool) throws(Failure) {
    guard sigma, fullWidth else { return }
    throw Failure(
      .conflict(
        options: ["--sigma", "--fwhm"],
        reason: "both say how wide the blur is; leave one of the two out"))
  }

  /// The one target of the result, and the text of its factors if factors were asked for.
  ///
  /// A target on the command line puts every target of the settings files aside.
  func target(
    _ options: TargetOptions
  ) throws(Failure) -> (UpsampleRequest.Target, scaleText: String?) {
    var given: [String] = []
    if options.scale != nil { given.append("--scale") }
    if options.spacing != nil { given.append("--spacing") }
    if options.isotropic { given.append("--isotropic") }
    if options.size != nil { given.append("--size") }
    if options.like != nil { given.append("--like") }
    guard given.count <= 1 else {
      throw Failure(
        .conflict(options: given, reason: "only one option can say which grid the result has"))
    }
    let wantsFiles = given.isEmpty
    if let path = try path("like", options.like) { return (.like(path), nil) }
    if wantsFiles || options.spacing != nil,
      let spacing = try value(OptionCatalogue.spacing, options.spacing)
    {
      return (.request(.spacing(spacing.millimetres)), nil)
    }
    if wantsFiles || options.isotropic,
      try value(OptionCatalogue.isotropic, options.isotropic ? "true" : nil)?.isOn == true
    {
      return (.request(.isotropic), nil)
    }
    if wantsFiles || options.size != nil, let size = try value(OptionCatalogue.size, options.size) {
      return (.request(.size(size.voxels)), nil)
    }
    let scale = try value(OptionCatalogue.scale, options.scale)?.factors ?? SIMD3(repeating: 2)
    if recorded.last?.name != "scale" {
      recorded.append(("scale", "2"))
      usesDefaultScale = true
    }
    return (.request(.scale(scale)), TripleText.text(scale))
  }
}
