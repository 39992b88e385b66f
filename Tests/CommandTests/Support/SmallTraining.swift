import Foundation
import Testing

/// Trainings of networks so small that a step takes a millisecond.
enum SmallTraining {
  static let network =
    "--width 8 --blocks 1 --feature-dim 4 --decoder-width 16 --decoder-depth 2"
  static let small =
    "train --data d \(network) --patch 8 --samples 216 --scales 1.5..2 --validate-every 10 "
    + "--validation-share 0.4"

  /// A folder `d` with volumes whose detail is finer than what half the resolution holds.
  static func folder(volumes: Int = 3, edge: Int = 40, name: String = "T1w") throws -> Scratch {
    let folder = try Scratch()
    for subject in 0..<volumes {
      try folder.write(volume(subject, edge).data, to: "d/sub-0\(subject + 1)_\(name).nii")
    }
    return folder
  }

  static func volume(_ subject: Int, _ edge: Int) -> SampleVolume {
    var volume = SampleVolume()
    volume.size = [edge, edge, edge]
    volume.spacing = [1, 1, 1]
    let shift = Float(subject)
    volume.value = { i, j, k, _ in
      let (x, y, z) = (Float(i), Float(j), Float(k))
      return 100 + 20 * sin(x * (0.9 + 0.1 * shift)) + 20 * cos(0.7 * y + shift)
        + 20 * sin(0.8 * z + 0.3 * x)
    }
    return volume
  }

  static func train(
    _ options: String, _ folder: Scratch, status: Int = 0,
    location: SourceLocation = #_sourceLocation
  ) throws -> Program.Run {
    try Program.run(
      "\(small) \(options)", in: folder, endsWith: status, location: location)
  }
}

extension Scratch {
  func names(in name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []).sorted()
  }

  func isSame(_ one: String, _ other: String) throws -> Bool {
    guard exists(one), exists(other) else { return false }
    return try read(one) == read(other)
  }
}
