import Files

/// A block of a NIfTI header that other programs put there: carried from input to output, in order
/// and byte by byte, whatever its code.
public struct HeaderExtension: Sendable, Equatable {
  /// The registered code: 2 DICOM, 4 AFNI, 6 comment, 32 CIFTI, ...
  public var code: Int32
  /// Everything after size and code, with any padding.
  public var content: [UInt8]

  /// Most bytes of all extensions of a file.
  public static let largestTotal = 64 << 20

  /// Makes a block.
  public init(code: Int32, content: [UInt8]) {
    self.code = code
    self.content = content
  }

  /// The size that the block has when written: 8 bytes of size and code, the content, and NUL to
  /// the next multiple of 16.
  var writtenBytes: Int { (8 + content.count + 15) / 16 * 16 }

  /// The block as it is written, little-endian.
  var bytes: [UInt8] {
    let size = UInt32(writtenBytes)
    let code = UInt32(bitPattern: code)
    let head = [size, code].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
    return head + content + [UInt8](repeating: 0, count: writtenBytes - 8 - content.count)
  }

  /// Parses the list of blocks of a header.
  ///
  /// - Parameters:
  ///   - region: All bytes between the extension flag and the voxels, or the end of a `.hdr`.
  ///   - order: Byte order of the file.
  ///   - isPair: In a single file, less than 16 bytes of room mean that the flag is wrong, which
  ///     is seen in the wild; in a `.hdr` the list goes to the end of the file.
  ///   - notices: Gets a warning for each size that is no multiple of 16.
  /// - Returns: The blocks in order.
  /// - Throws: ``VolumeError/Cause/extensionSize(index:size:room:)``.
  static func parse(
    _ region: [UInt8], order: ByteOrder, isPair: Bool, notices: inout [Notice]
  ) throws(VolumeError.Cause) -> [HeaderExtension] {
    var list: [HeaderExtension] = []
    var position = 0
    while region.count - position >= (isPair ? 8 : 16) {
      let room = region.count - position
      let head = HeaderBytes(bytes: Array(region[position..<(position + 8)]), order: order)
      let size = Int(head.whole(Field(0, .int32)))
      guard size >= 8, size <= room else {
        throw .extensionSize(index: list.count, size: size, room: room)
      }
      if !size.isMultiple(of: 16) {
        notices.append(
          Notice(
            code: "volume.extension",
            message: "extension \(list.count + 1) has esize \(size), which is no multiple of 16 "
              + "(carried, with padding)"))
      }
      list.append(
        HeaderExtension(
          code: Int32(truncatingIfNeeded: head.whole(Field(4, .int32))),
          content: Array(region[(position + 8)..<(position + size)])))
      position += size
    }
    return list
  }
}
