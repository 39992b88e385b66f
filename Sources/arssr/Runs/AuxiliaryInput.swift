import Files
import Volumes

/// Another volume that a run reads: opened here, read when the plan is known to have room for it.
struct AuxiliaryInput {
  let path: String
  private let reader: VolumeReader

  var grid: Grid { reader.header.grid }

  init(path: String) throws(Failure) {
    self.path = path
    reader = try Failure.of { () throws(VolumeError) in try VolumeReader(path: path) }
  }

  /// A mask, which has to have the field of view of `grid`: along each axis to within a voxel of
  /// the coarser one.
  init(mask path: String, over grid: Grid) throws(Failure) {
    try self.init(path: path)
    guard grid.coversAlike(self.grid) else {
      throw Failure(
        .maskElsewhere(path: path, millimetres: grid.fieldOfViewDistance(to: self.grid)))
    }
  }

  /// Bytes that ``mask(console:)`` takes.
  var maskBytes: Int { grid.voxelCount * MemoryLayout<Bool>.stride }

  /// The first frame, whole; every voxel has to be one that can be used.
  func volume(console: Console) throws(Failure) -> Volume {
    let volume = try Failure.of { () throws(VolumeError) in
      let volume = try reader.readFrame(0, nonFinite: .refuse)
      try reader.finish()
      return volume
    }
    reader.notices.forEach(console.warn)
    return volume
  }

  /// The first frame as a mask.
  func mask(console: Console) throws(Failure) -> RegionMask {
    let mask = try Failure.of { () throws(VolumeError) in
      let mask = try reader.readMask(0)
      try reader.finish()
      return mask
    }
    reader.notices.forEach(console.warn)
    if mask.isEmpty {
      console.warn(
        Notice(
          code: "volume.overlap", subject: path,
          message: "the mask is 0 everywhere, so nothing is computed"))
    }
    return mask
  }

  /// The grid of `--like`: the header alone.
  static func grid(of path: String, console: Console) throws(Failure) -> Grid {
    let input = try AuxiliaryInput(path: path)
    input.reader.notices.forEach(console.warn)
    return input.grid
  }
}
