import Files

/// The anatomical volumes of a BIDS dataset.
public struct BIDSDataset: Sendable {
  /// A volume of the dataset.
  public struct Image: Equatable, Sendable {
    /// Path from the root of the dataset.
    public let path: String
    /// The name's parts.
    public let name: BIDSName
    /// `.nii` or `.nii.gz`.
    public let ending: String

    /// The folder from the root of the dataset.
    public var folder: String { PathText.split(path).folder }
  }

  /// The folder of the dataset.
  public let root: String
  /// The file that says what a dataset is.
  public static let descriptionName = "dataset_description.json"

  /// Takes the folder of a dataset.
  public init(root: String) { self.root = root }

  /// Whether a folder is a dataset: it has a description, or folders of subjects.
  public static func isDataset(_ folder: String) -> Bool {
    let names = FolderListing.names(in: folder)
    return names.contains(descriptionName)
      || names.contains {
        $0.hasPrefix("sub-") && FolderListing.isFolder(PathText.joined(folder, $0))
      }
  }

  /// All `sub-*/[ses-*/]anat/*.nii[.gz]` whose names are those of BIDS, sorted.
  ///
  /// - Throws: ``FileError`` if a folder cannot be read.
  public func images() throws(FileError) -> [Image] {
    var found: [Image] = []
    for subject in try FolderListing.entries(of: root) where subject.hasPrefix("sub-") {
      guard FolderListing.isFolder(path(subject)) else { continue }
      let sessions = try FolderListing.entries(of: path(subject)).filter { $0.hasPrefix("ses-") }
      for part in [subject] + sessions.map({ "\(subject)/\($0)" }) {
        let folder = "\(part)/anat"
        guard FolderListing.isFolder(path(folder)) else { continue }
        for file in try FolderListing.entries(of: path(folder)) {
          guard let volume = VolumeName(file), let name = BIDSName(stem: volume.stem) else {
            continue
          }
          found.append(Image(path: "\(folder)/\(file)", name: name, ending: volume.ending))
        }
      }
    }
    return found
  }

  /// The path of a file of the dataset.
  public func path(_ relative: String) -> String { PathText.joined(root, relative) }
}
