import Files

/// The reading of a header from the beginning of a file: bytes, rules, extensions, lengths.
struct HeaderReading {
  var rules: HeaderRules
  private let source: any ByteSource
  private let stream: any ByteStream
  private let isCompressed: Bool

  /// Reads the fixed part of the header.
  init(_ source: any ByteSource) throws(VolumeError.Cause) {
    guard source.size > 0 else { throw .empty }
    self.source = source
    (stream, isCompressed) = try Self.stream(of: source)
    var bytes = try stream.read(count: HeaderLayout.one.bytes)
    do throws(VolumeError.Cause) {
      if bytes.count == HeaderLayout.one.bytes, try RawHeader.sizeAndOrder(bytes).0 == .two {
        bytes += try stream.read(count: HeaderLayout.two.bytes - bytes.count)
      }
      rules = HeaderRules(try RawHeader(bytes: bytes))
    } catch {
      guard case .headerSize = error else { throw error }
      throw FileRecognition.cause(of: bytes, isInflated: isCompressed) ?? error
    }
    if let notice = Self.suffixNotice(path: source.path, isCompressed: isCompressed) {
      rules.notices.append(notice)
    }
  }

  /// The content of a source in sequence; the first two bytes say whether it is compressed.
  private static func stream(
    of source: any ByteSource
  ) throws(VolumeError.Cause)
    -> (any ByteStream, isCompressed: Bool)
  {
    let start = try PlainStream(source).read(count: 2)
    return FileRecognition.isGzip(start)
      ? (try GzipReader(source), true) : (PlainStream(source), false)
  }

  private static func suffixNotice(path: String, isCompressed: Bool) -> Notice? {
    guard path != StandardInput.name, path.lowercased().hasSuffix(".gz") != isCompressed else {
      return nil
    }
    return Notice(
      code: "volume.suffix", subject: path,
      message: isCompressed
        ? "is gzip compressed although its name does not end in .gz (the content counts)"
        : "is not gzip compressed although its name ends in .gz (the content counts)")
  }
}

// MARK: - Single file

extension HeaderReading {
  /// Checks everything up to the voxels of a single file and goes there.
  mutating func single() throws(VolumeError.Cause) -> OpenedVolume {
    let shape = try rules.shape()
    let (source, isCompressed) = (source, isCompressed)
    let offset = try rules.voxelOffset(bytes: shape.bytes) { () throws(VolumeError.Cause) in
      try Self.contentLength(source, isCompressed, atLeast: shape.bytes)
    }
    try Self.checkLength(offset + shape.bytes, stream, source, isCompressed)
    var header = try rules.header(shape)
    let layout = rules.raw.version.layout
    if offset >= layout.smallestOffset {
      let flag = try stream.read(count: 4)
      let room = offset - layout.smallestOffset
      if flag.first ?? 0 != 0, room >= 16 {
        guard room <= HeaderExtension.largestTotal else { throw .extensionTotal(room) }
        let region = try stream.read(count: room)
        // A region that is cut is reported as the missing voxels behind it, below.
        if region.count == room { header.extensions = try extensions(region) }
      }
    }
    return try opened(header, source, stream, isCompressed, offset: offset)
  }

  /// Length of the content, at least whether it is more than a header and these bytes.
  private static func contentLength(
    _ source: any ByteSource, _ isCompressed: Bool, atLeast bytes: Int
  ) throws(VolumeError.Cause) -> Int {
    guard isCompressed else { return source.size }
    let (limit, overflow) = bytes.addingReportingOverflow(2 * HeaderLayout.two.bytes)
    return try GzipReader(source).skip(overflow ? .max : limit)
  }
}

// MARK: - Pair

extension HeaderReading {
  /// Checks the header file of a pair to its end.
  mutating func pairHeader() throws(VolumeError.Cause) -> (NIfTIHeader, HeaderRules.Shape) {
    let shape = try rules.shape()
    var header = try rules.header(shape)
    let flag = try stream.read(count: 4)
    let region = try stream.read(count: HeaderExtension.largestTotal + 1)
    if flag.first ?? 0 != 0 {
      guard region.count <= HeaderExtension.largestTotal else {
        throw .extensionTotal(region.count)
      }
      header.extensions = try extensions(region)
    }
    let end = try stream.finish(allowance: HeaderExtension.largestTotal)
    rules.notices += end.notices(countingSurplus: false)
    for index in rules.notices.indices where rules.notices[index].subject == nil {
      rules.notices[index].subject = source.path
    }
    return (header, shape)
  }

  /// Opens the voxels of a pair.
  mutating func pair(
    _ header: (NIfTIHeader, HeaderRules.Shape), _ image: any ByteSource
  ) throws(VolumeError.Cause) -> OpenedVolume {
    let (header, shape) = header
    let (stream, isCompressed) = try Self.stream(of: image)
    let offset = try rules.voxelOffset(bytes: shape.bytes) { () throws(VolumeError.Cause) in 0 }
    try Self.checkLength(offset + shape.bytes, stream, image, isCompressed)
    if let notice = Self.suffixNotice(path: image.path, isCompressed: isCompressed) {
      rules.notices.append(notice)
    }
    var opened = try opened(header, image, stream, isCompressed, offset: offset)
    opened.fileBytes += source.size
    return opened
  }
}

// MARK: - Common

extension HeaderReading {
  private mutating func extensions(
    _ region: [UInt8]
  ) throws(VolumeError.Cause)
    -> [HeaderExtension]
  {
    try HeaderExtension.parse(
      region, order: rules.raw.order, isPair: rules.raw.isPair, notices: &rules.notices)
  }

  /// Whether a file can hold as many bytes; exact for plain files, a bound for compressed ones.
  private static func checkLength(
    _ needed: Int, _ stream: any ByteStream, _ source: any ByteSource, _ isCompressed: Bool
  ) throws(VolumeError.Cause) {
    guard needed > stream.largestLength else { return }
    throw isCompressed
      ? .declaredTooMuch(needed: needed, compressed: source.size)
      : .truncated(needed: needed, has: source.size)
  }

  private func opened(
    _ header: NIfTIHeader, _ source: any ByteSource, _ stream: any ByteStream,
    _ isCompressed: Bool, offset: Int
  ) throws(VolumeError.Cause) -> OpenedVolume {
    let gap = offset - stream.position
    guard try stream.skip(gap) == gap else {
      throw .truncated(needed: offset + header.voxelBytes, has: stream.position)
    }
    let notices = rules.notices.map { notice in
      var notice = notice
      notice.subject = notice.subject ?? source.path
      return notice
    }
    return OpenedVolume(
      header: header, voxelPath: source.path, stream: stream, offset: offset,
      fileBytes: source.size, isCompressed: isCompressed, notices: notices)
  }
}

extension StreamEnd {
  /// What to tell of bytes that nobody asked for.
  ///
  /// - Parameter countingSurplus: Whether surplus content is worth a warning.
  /// - Returns: Warnings without a file's name.
  func notices(countingSurplus: Bool) -> [Notice] {
    var notices: [Notice] = []
    if countingSurplus, surplus > 0 {
      notices.append(
        Notice(
          code: "volume.trailing",
          message: "\(surplus) more bytes follow the voxels that the header declares (ignored)"))
    }
    if garbage > 0 {
      notices.append(
        Notice(
          code: "gzip.trailing",
          message: "\(garbage) bytes of trailing garbage behind the gzip stream (ignored)"))
    }
    return notices
  }
}
