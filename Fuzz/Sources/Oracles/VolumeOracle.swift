import Files
import Volumes

/// Reads bytes as a volume, all frames, and traps if what is accepted is not what its header promises.
public func checkVolume(_ bytes: UnsafeRawBufferPointer, named path: String) {
  do throws(VolumeError) {
    let reader = try VolumeReader(source: MemorySource(path: path, bytes: Array(bytes)))
    for frame in 0..<reader.header.frames {
      let volume = try reader.readFrame(frame, nonFinite: .zero)
      let size = volume.grid.size
      precondition(volume.voxels.count == size.x * size.y * size.z, "\(size)")
      precondition(volume.voxels.allSatisfy(\.isFinite), "not finite")
    }
    try reader.finish()
    for notice in reader.notices { checkMessage(notice.message) }
  } catch {
    checkMessage(error.message)
  }
}
