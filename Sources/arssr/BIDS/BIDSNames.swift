import Files
import Volumes

extension BatchRequest {
  /// The chosen volumes of the dataset with the names of their results.
  ///
  /// - Throws: If none is chosen, or the dataset cannot be read.
  func dataset(_ bids: BIDSRequest) throws(Failure) -> [NamedVolume] {
    let dataset = BIDSDataset(root: input)
    let images = try Failure.of { () throws(FileError) in try dataset.images() }
    let chosen = images.filter(bids.includes)
    guard !chosen.isEmpty else {
      throw Failure(.emptyChoice(path: input, found: Self.found(images)))
    }
    return chosen.map { image in
      let result = bids.result(of: image.name).stem + image.ending
      return NamedVolume(
        input: dataset.path(image.path),
        output: PathText.joined(output, "\(image.folder)/\(result)"),
        bids: BIDSVolume(image, of: dataset, skullStripped: bids.skullStripped))
    }
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
      let shown = names.prefix(5).joined(separator: " ")
      return "\(suffix) of \(shown)\(names.count > 5 ? " and \(names.count - 5) more" : "")"
    }.joined(separator: "; ")
  }
}
