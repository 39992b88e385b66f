import Checkpoints
import Files

/// Turns a checkpoint of any container into a safetensors file that carries its own card.
///
/// Metadata come from the source (if it is safetensors), then from a card, then from single
/// settings; later ones win. Format, architecture, encoder, provenance and the checksum of the
/// tensors are always written. The same source and options give the same bytes.
public struct ModelConversion: Sendable {
  /// Keys that are computed and cannot be set.
  private static let computed: Set<MetadataKey> = [.tensorsSHA256, .provenance]

  /// Values of a card, with full keys such as `arssr.residual`.
  public var card: [String: String] = [:]
  /// Single settings in the order given.
  public var settings: [(key: String, value: String)] = []
  /// Title of the model, `arssr.name`.
  public var name: String?
  /// Version of this program, for the provenance.
  public var programVersion: String
  /// Seconds since 1970 for the provenance; nil leaves the date out.
  public var sourceDate: Int?

  /// A conversion without card and settings.
  public init(programVersion: String, sourceDate: Int? = nil) {
    self.programVersion = programVersion
    self.sourceDate = sourceDate
  }

  /// Converts a checkpoint.
  ///
  /// - Returns: The file to write, and the network that it holds under its new metadata.
  /// - Throws: ``NetworkError`` for keys and values that do not fit, with the key as its subject,
  ///   and for tensors that are no network, with the path of the checkpoint.
  public func convert(
    _ source: Checkpoint
  ) throws(NetworkError) -> (file: SafetensorsFile, network: Network) {
    var checkpoint = source
    checkpoint.metadata = try mergedMetadata(source)
    let network = try Network(checkpoint: checkpoint)
    do {
      let file = try SafetensorsFile(
        modelOf: network, tensors: checkpoint.tensors.filter(\.elementType.isFloatingPoint),
        metadata: checkpoint.metadata, provenance: provenance(of: source))
      return (file, network)
    } catch {
      throw NetworkError(subject: source.path, cause: error)
    }
  }

  private func mergedMetadata(_ source: Checkpoint) throws(NetworkError) -> [String: String] {
    var metadata = source.metadata
    // Computed anew; the old value would be compared with the same tensors in another layout.
    metadata[MetadataKey.tensorsSHA256.rawValue] = nil
    let cardItems = card.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
    let title = name.map { [(key: MetadataKey.name.rawValue, value: $0)] } ?? []
    for (key, value) in cardItems + settings + title {
      do {
        try Self.check(key, value)
      } catch {
        throw NetworkError(subject: key, cause: error)
      }
      metadata[key] = value
    }
    return metadata
  }

  /// Checks a key and its value as they may be given in a card or setting.
  public static func check(_ key: String, _ value: String) throws(NetworkFault) {
    guard let known = MetadataKey(rawValue: key) else {
      throw .metadataKey(
        key, nearest: NearestName.find(key, among: MetadataKey.allCases.map(\.rawValue)))
    }
    guard !computed.contains(known) else { throw .metadataComputed(key) }
    try known.check(value)
  }
}

// MARK: - Provenance

extension ModelConversion {
  /// JSON of where the tensors came from: source, program, date if given, and what was before.
  private func provenance(of source: Checkpoint) -> String {
    let fileName = source.path.split(separator: "/").last.map(String.init) ?? source.path
    var members = [
      (key: "container", text: JSONText.string(source.container.rawValue)),
      (key: "converter", text: JSONText.string("arssr \(programVersion)")),
      (key: "source", text: JSONText.string(fileName)),
      (key: "sourceSHA256", text: JSONText.string(source.fileSHA256)),
    ]
    if let sourceDate {
      members.append(
        (key: "date", text: JSONText.string(UTCTime.text(secondsSince1970: sourceDate))))
    }
    let text = JSONText.object(members)
    guard let before = source.metadata[MetadataKey.provenance.rawValue] else { return text }
    let chain = JSONText.object(members + [(key: "before", text: before)])
    // A file converted again and again would one day be nested too deeply to be read.
    let isReadable = (try? StrictJSON.parse(Array(chain.utf8))) != nil
    return isReadable && chain.utf8.count <= MetadataKey.longestValue ? chain : text
  }
}
