import Files
import Foundation
import Metrics
import Reports
import Volumes
import Workers

/// Scores two results against the truth and draws all four volumes: the last step of `make demo`.
@main
struct Demo {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 5 else {
      fail("usage: demo INPUT CUBIC ARSSR TRUTH PICTURE", status: 64)
    }
    do {
      try run(
        input: try volume(arguments[0]), cubic: try volume(arguments[1]),
        arssr: try volume(arguments[2]), truth: try volume(arguments[3]), picture: arguments[4])
    } catch let error as any ReportableError {
      let place = error.subject.map { Escaping.path($0) + ": " } ?? ""
      fail("demo: error: \(place)\(error.message)", status: 65)
    } catch {
      fail("demo: error: \(error)", status: 70)
    }
  }

  private static func run(
    input: Volume, cubic: Volume, arssr: Volume, truth: Volume, picture: String
  ) throws {
    let inside = truth.voxels.map { UInt8($0 > 0 ? 1 : 0) }
    let pool = try WorkerPool(threads: 1)
    var columns = [
      ContactSheet.Column(title: "input", captions: gridLines(input.grid), volume: input)
    ]
    for (name, volume) in [("cubic", cubic), ("arssr", arssr)] {
      let pair = try ImagePair(volume, against: truth)
      let whole = try VoxelErrors(pair, pool: pool)
      let masked = try VoxelErrors(pair, mask: inside, pool: pool)
      let (all, brain) = (decibels(whole), decibels(masked))
      print(
        "\(name): PSNR \(brain) in the brain (truth above 0, \(masked.count) voxels), "
          + "\(all) over all \(whole.count) voxels")
      columns.append(
        ContactSheet.Column(
          title: name, captions: ["PSNR \(brain) in the brain", "\(all) over all voxels"],
          volume: volume))
    }
    columns.append(
      ContactSheet.Column(title: "truth", captions: gridLines(truth.grid), volume: truth))
    let sheet = ContactSheet(
      columns: columns,
      footnote: "PSNR: range of the truth, max - min over all voxels. Pixels are voxels, one gray "
        + "window (0.5 to 99.8 % of the truth). R, L, A, P, S: sides of the patient.")
    try sheet.write(path: picture, force: true)
    print("picture: \(picture)")
  }

  private static func volume(_ path: String) throws -> Volume {
    let reader = try VolumeReader(path: path)
    let volume = try reader.readFrame(0, nonFinite: .refuse)
    try reader.finish()
    return volume
  }

  private static func decibels(_ errors: VoxelErrors) -> String {
    String(format: "%.2f dB", errors.peakSignalToNoise)
  }

  private static func gridLines(_ grid: Grid) -> [String] {
    let spacing = grid.affine.columnNorms
    return [
      "\(grid.size.x) x \(grid.size.y) x \(grid.size.z) voxels",
      String(format: "%.3g x %.3g x %.3g mm", spacing.x, spacing.y, spacing.z),
    ]
  }

  private static func fail(_ line: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data((line + "\n").utf8))
    exit(status)
  }
}
