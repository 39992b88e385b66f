import Foundation

/// A NIfTI-1 file made byte by byte, so that no code of the program is needed to read or write it.
struct SampleVolume {
  var size = [12, 10, 8]
  var spacing: [Float] = [1, 1, 2]
  var origin: [Float] = [-6, -5, -8]
  /// Frames; 1 for a volume.
  var frames = 1
  /// The value of voxel (i, j, k) in a frame.
  var value: (_ i: Int, _ j: Int, _ k: Int, _ frame: Int) -> Float = { i, j, k, frame in
    Float((i * 7 + j * 13 + k * 29) % 97 + 10 * frame)
  }

  var data: Data {
    var bytes = [UInt8](repeating: 0, count: 352)
    func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
      withUnsafeBytes(of: value.littleEndian) {
        bytes.replaceSubrange(offset..<(offset + $0.count), with: $0)
      }
    }
    func put(_ value: Float, at offset: Int) { put(value.bitPattern, at: offset) }
    put(Int32(348), at: 0)
    let dimensions = [frames > 1 ? 4 : 3] + size + [frames, 1, 1, 1]
    for (index, value) in dimensions.enumerated() { put(Int16(value), at: 40 + 2 * index) }
    put(Int16(16), at: 70)
    put(Int16(32), at: 72)
    let pixdim: [Float] = [1] + spacing + [2, 1, 1, 1]
    for (index, value) in pixdim.enumerated() { put(value, at: 76 + 4 * index) }
    put(Float(352), at: 108)
    put(Float(1), at: 112)
    bytes[123] = 10
    put(Int16(1), at: 254)
    for axis in 0..<3 {
      put(spacing[axis], at: 280 + 20 * axis)
      put(origin[axis], at: 292 + 16 * axis)
    }
    bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    for frame in 0..<frames {
      for k in 0..<size[2] {
        for j in 0..<size[1] {
          for i in 0..<size[0] {
            withUnsafeBytes(of: value(i, j, k, frame).bitPattern.littleEndian) {
              bytes.append(contentsOf: $0)
            }
          }
        }
      }
    }
    return Data(bytes)
  }

  /// Reads sizes and float32 voxels of an uncompressed file of this form.
  static func read(_ data: Data) -> (size: [Int], spacing: [Float], voxels: [Float]) {
    let bytes = [UInt8](data)
    func number<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
      bytes.withUnsafeBytes {
        Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
      }
    }
    func real(at offset: Int) -> Float { Float(bitPattern: number(UInt32.self, at: offset)) }
    let size = (1...4).map { Int(number(Int16.self, at: 40 + 2 * $0)) }
    let start = Int(real(at: 108))
    let count = size.reduce(1, *)
    // A value read beyond the file would be whatever lies there, or end the test program.
    precondition(number(Int16.self, at: 70) == 16, "the file does not hold float32")
    precondition(start + 4 * count <= bytes.count, "\(bytes.count) bytes for \(size)")
    return (
      size, (1...3).map { real(at: 76 + 4 * $0) },
      (0..<count).map { real(at: start + 4 * $0) }
    )
  }
}

extension Scratch {
  /// A folder with the volume `in.nii`.
  static func withVolume(_ volume: SampleVolume = SampleVolume()) throws -> Scratch {
    let folder = try Scratch()
    try folder.write(volume.data, to: "in.nii")
    return folder
  }
}
