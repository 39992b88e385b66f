/// The name of a volume's file: a stem, and `.nii` or `.nii.gz`.
public struct VolumeName: Equatable, Sendable {
  /// The name without its ending.
  public let stem: String
  /// `.nii` or `.nii.gz`, in the letters of the name.
  public let ending: String

  /// nil for hidden files and for other endings.
  public init?(_ name: String) {
    let lowered = name.lowercased()
    guard !name.hasPrefix("."),
      let ending = [".nii.gz", ".nii"].first(where: lowered.hasSuffix), name.count > ending.count
    else { return nil }
    stem = String(name.dropLast(ending.count))
    self.ending = String(name.suffix(ending.count))
  }
}
