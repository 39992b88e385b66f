import Files
import Volumes

extension BatchRequest {
  /// The chosen volumes of the dataset with the names of their results.
  ///
  /// - Parameters:
  ///   - bids: Which volumes are chosen.
  ///   - console: Is told of participants that have none of them.
  /// - Returns: The volumes in the order of the dataset.
  /// - Throws: If none is chosen, a participant is not there, or the dataset cannot be read.
  func dataset(_ bids: BIDSRequest, console: Console) throws(Failure) -> [NamedVolume] {
    let dataset = BIDSDataset(root: input)
    let images = try Failure.of { () throws(FileError) in try dataset.images() }
    try Self.check(bids.participants, of: dataset)
    let chosen = images.filter(bids.includes)
    guard !chosen.isEmpty else {
      throw Failure(.emptyChoice(path: input, found: Self.found(images)))
    }
    for label in bids.participants where !chosen.contains(where: { $0.name["sub"] == label }) {
      console.warn(
        Notice(
          code: "usage.value", subject: "--participant-label \(label)",
          message: "no volume of this participant fits the choice"))
    }
    return chosen.map { image in
      let result = bids.result(of: image.name).stem + image.ending
      return NamedVolume(
        input: dataset.path(image.path),
        output: PathText.joined(output, "\(image.folder)/\(result)"),
        bids: BIDSVolume(image, of: dataset, skullStripped: bids.skullStripped))
    }
  }

  /// - Throws: If a participant has no folder in the dataset.
  private static func check(
    _ participants: [String], of dataset: BIDSDataset
  ) throws(Failure) {
    let missing = participants.filter { !FolderListing.isFolder(dataset.path("sub-\($0)")) }
    guard !missing.isEmpty else { return }
    let subjects = FolderListing.names(in: dataset.root).filter {
      $0.hasPrefix("sub-") && FolderListing.isFolder(dataset.path($0))
    }
    throw Failure(
      .optionValue(
        option: "--participant-label", value: missing.joined(separator: " "),
        reason: "the dataset has no such participant; there is "
          + (subjects.isEmpty ? "no folder sub-* at all" : shortened(subjects))))
  }

  /// The first names, and how many there are beside them.
  private static func shortened(_ names: [String]) -> String {
    let shown = names.prefix(5).map(Escaping.path).joined(separator: " ")
    return shown + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }

  /// `T1w of sub-01 sub-02; FLAIR of sub-02`.
  private static func found(_ images: [BIDSDataset.Image]) -> String {
    guard !images.isEmpty else { return "no sub-*/[ses-*/]anat/*.nii[.gz] at all" }
    var subjects: [String: [String]] = [:]
    for image in images {
      let subject = "sub-\(image.name["sub"] ?? "")"
      if subjects[image.name.suffix]?.last != subject {
        subjects[image.name.suffix, default: []].append(subject)
      }
    }
    return subjects.sorted { $0.key < $1.key }.map { suffix, names in
      "\(suffix) of \(shortened(names))"
    }.joined(separator: "; ")
  }
}
