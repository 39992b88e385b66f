import Files

@testable import Volumes

/// Reads and writes volumes as bytes in memory, for tests that change single bytes.
enum InMemoryVolume {
  struct Content {
    var header: NIfTIHeader
    var voxels: [Float]
  }

  /// Reads a file whose bytes are given; `image` stands for the other file of a pair.
  static func read(_ bytes: [UInt8], image: [UInt8]? = nil) throws(VolumeError) -> Content {
    let name = image == nil ? "memory.nii" : "memory.hdr"
    let opened = try OpenedVolume.open(MemorySource(path: name, bytes: bytes)) {
      () throws(VolumeError) in
      image.map { MemorySource(path: "memory.img", bytes: $0) }
    }
    let reader = VolumeReader(opened)
    var voxels: [Float] = []
    for frame in 0..<reader.header.frames {
      voxels += try reader.readFrame(frame, nonFinite: .zero).voxels
    }
    try reader.finish()
    return Content(header: reader.header, voxels: voxels)
  }

  /// The bytes of an uncompressed single file.
  static func bytes(_ content: Content) -> [UInt8] {
    let header = content.header
    var encoder = VoxelEncoder(type: header.voxelType, scaling: header.scaling)
    var stored = [UInt8](repeating: 0, count: header.voxelBytes)
    stored.withUnsafeMutableBytes { stored in
      content.voxels.withUnsafeBufferPointer { encoder.encode($0, into: stored) }
    }
    return header.headBytes() + stored
  }
}
