import Files
import Volumes

/// What was asked of a run over a BIDS dataset, checked as far as words and the filter go.
struct BIDSRequest: Sendable {
  /// Labels without `sub-`; none: all.
  let participants: [String]
  /// Labels without `ses-`; none: all.
  let sessions: [String]
  let suffixes: [String]
  let filter: BIDSFilter?
  /// The label `desc-` of results.
  let description: String
  /// The label `res-` of results; nil where names do not say their resolution.
  let resolution: String?
  let skullStripped: Bool?

  /// - Throws: If a value is no label, or the filter is not in order.
  init(
    _ options: BIDSOptions, _ request: UpsampleRequest, reader: OptionReader
  ) throws(Failure) {
    participants = try Self.labels(options.participantLabel, "sub-", "--participant-label")
    sessions = try Self.labels(options.sessionLabel, "ses-", "--session-label")
    let words: WordList? = try reader.argument("suffixes", options.suffixes)
    suffixes = words?.words ?? ["T1w"]
    filter = try options.bidsFilterFile.map { path throws(Failure) in try BIDSFilter(path: path) }
    let usual = request.method == .model ? "arssr" : request.method.rawValue
    description =
      try options.desc.map { text throws(Failure) in
        try Self.labels([text], "desc-", "--desc").first ?? usual
      } ?? usual
    resolution = options.res ? Self.resolution(of: request) : nil
    let answer: SkullAnswer? = try reader.argument("skull-stripped", options.skullStripped)
    skullStripped = answer.map { $0 == .yes }
  }

  private static func labels(
    _ texts: [String], _ prefix: String, _ option: String
  ) throws(Failure) -> [String] {
    try texts.flatMap { $0.split(separator: ",").map(String.init) }.map { text throws(Failure) in
      let label = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
      guard !label.isEmpty, BIDSName.label(from: label) == label else {
        throw Failure(
          .optionValue(
            option: option, value: text, reason: "labels are letters and digits only"))
      }
      return label
    }
  }

  /// `2x`, `2p5x`, `0p5mm`, `iso`, or `hi` where the grid is given otherwise.
  private static func resolution(of request: UpsampleRequest) -> String {
    func text(_ values: SIMD3<Double>, _ unit: String) -> String {
      let number = TripleText.text(values, significant: 6).replacing(".", with: "p")
      return BIDSName.label(from: number.replacing(",", with: "x")) + unit
    }
    switch request.target {
    case .request(.scale(let factors)): return text(factors, "x")
    case .request(.spacing(let spacing)): return text(spacing, "mm")
    case .request(.isotropic): return "iso"
    case .request, .like: return "hi"
    }
  }

  /// Whether a volume of the source is chosen; results of this program never are.
  func includes(_ image: BIDSDataset.Image) -> Bool {
    let name = image.name
    func isIn(_ labels: [String], _ key: String) -> Bool {
      labels.isEmpty || name[key].map(labels.contains) ?? false
    }
    return suffixes.contains(name.suffix) && isIn(participants, "sub") && isIn(sessions, "ses")
      && !(name["desc"]?.hasPrefix("arssr") ?? false) && filter?.includes(image) ?? true
  }

  /// The name of a result, without ending.
  func result(of name: BIDSName) -> BIDSName {
    let described = name.describing("desc", as: description)
    return resolution.map { described.describing("res", as: $0) } ?? described
  }
}
