import Files
import Volumes

/// A volume with the header that it was read with, which a result carries on.
public struct NIfTIVolume: Sendable {
  /// Size, place, units, and everything else of the file but the voxels; one frame.
  public var header: NIfTIHeader
  /// Values as float32, scaled as the header says: as an array `[k][j][i]`.
  public var voxels: [Float]
  /// What the user should know of the file.
  public var notices: [Notice]

  /// Size and place.
  public var grid: Grid { header.grid }
  /// The voxels with their grid.
  public var volume: Volume { Volume(grid: grid, voxels: voxels) }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: A `.nii` or `.nii.gz` file.
  ///   - frame: Which volume of a series, from 0.
  ///   - nonFinite: What to do with voxels that are NaN, infinite or beyond
  ///     `Volume.largestMagnitude`.
  /// - Throws: If the file cannot be read, is damaged, or holds such voxels.
  public init(
    path: String, frame: Int = 0, nonFinite: VolumeReader.NonFinitePolicy = .refuse
  ) throws(SuperResolutionError) {
    let (reader, volume) = try SuperResolutionError.of {
      let reader = try VolumeReader(path: path)
      guard (0..<reader.header.frames).contains(frame) else {
        throw SuperResolutionError.argument(
          name: "frame", value: "\(frame)", wanted: "from 0 to \(reader.header.frames - 1)")
      }
      let volume = try reader.readFrame(frame, nonFinite: nonFinite)
      try reader.finish()
      return (reader, volume)
    }
    header = reader.header
    header.frames = 1
    voxels = volume.voxels
    notices = reader.notices
  }

  /// A volume made here, in float32 and millimetres.
  public init(_ volume: Volume) {
    header = NIfTIHeader(grid: volume.grid)
    voxels = volume.voxels
    notices = []
  }

  /// The result on another grid, with what the header says beyond the grid.
  func result(on plan: SamplingPlan, voxels: [Float], description: String) -> NIfTIVolume {
    var result = self
    result.header = header.output(
      grid: plan.grid, frames: 1, description: Array(description.utf8),
      keepsAxes: plan.keepsAxes)
    result.voxels = voxels
    result.notices = []
    return result
  }

  /// Writes a file that appears complete or not at all, as float32.
  ///
  /// - Parameters:
  ///   - path: A name ending in `.nii` or `.nii.gz`, which decides on compression.
  ///   - force: Whether an existing file may be replaced.
  /// - Throws: If the file cannot be made.
  public func write(to path: String, force: Bool = false) throws(SuperResolutionError) {
    var header = header
    header.voxelType = .float32
    header.scaling = nil
    try SuperResolutionError.of {
      let writer = try VolumeWriter(path: path, header: header, pool: nil, force: force)
      try writer.append(voxels)
      try writer.commit()
    }
  }
}
