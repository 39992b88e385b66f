import Files
import Volumes

/// Whether a volume shows a head or what is inside of the skull, judged by its voxels.
enum SkullStripping {
  /// A brain fills a tenth to a quarter of a volume around a head, a head about a half; so a volume of
  /// which at least this share is exactly zero shows a brain alone.
  private static let leastZeros = 0.6

  /// How the notice of a judgement begins; it stands among the warnings in the sidecar of the result.
  static let opening = "nothing says whether the skull was removed"

  /// - Returns: Whether the skull was removed, and what to tell the user of how that is known.
  static func judged(_ volume: Volume, path: String) -> (isStripped: Bool, notice: Notice) {
    let zeros = volume.voxels.count { $0 == 0 }
    let share = Double(zeros) / Double(max(1, volume.voxels.count))
    let isStripped = share >= leastZeros
    let percent = NumberText.fixed(100 * share, decimals: 0)
    let notice = Notice(
      code: "usage.value", subject: path,
      message: "\(opening); \(percent) % of the voxels are 0, so "
        + "SkullStripped is \(isStripped); use --skull-stripped yes or no where that is wrong")
    return (isStripped, notice)
  }
}
