extension SHA256Digest {
  /// The checksum of all bytes of a source, read piece by piece.
  public init(of source: any ByteSource) throws(FileError) {
    self.init()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    var offset = 0
    while true {
      let count = try source.read(at: offset, into: piece)
      if count == 0 { return }
      update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      offset += count
    }
  }
}
