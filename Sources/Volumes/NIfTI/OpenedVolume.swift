import Files

/// A volume's file or pair of files, open and checked up to the first voxel.
struct OpenedVolume {
  var header: NIfTIHeader
  /// The file that holds the voxels, for messages about them.
  var voxelPath: String
  /// Stands at the first voxel.
  var stream: any ByteStream
  /// The position of the first voxel in the stream.
  var offset: Int
  /// Bytes of all files, as stored.
  var fileBytes: Int
  var isCompressed: Bool
  var notices: [Notice]
}

extension OpenedVolume {
  /// Opens what a path names; `-` is standard input.
  static func open(path: String, standardInputLimit: Int) throws(VolumeError) -> OpenedVolume {
    guard let names = PairNames(path: path) else {
      let source = try file { () throws(FileError) in
        try StandardInput.open(path: path, limit: standardInputLimit)
      }
      return try open(source) { () throws(VolumeError) in nil }
    }
    let own = try file { () throws(FileError) in try InputFile(path: path) }
    func partner() throws(VolumeError) -> any ByteSource {
      for name in names.partners {
        do throws(FileError) {
          return try InputFile(path: name)
        } catch {
          guard case .missing = error else { throw VolumeError(error) }
        }
      }
      throw VolumeError(path: path, cause: .partnerMissing(expected: names.partners[0]))
    }
    switch names.half {
    case .header: return try open(own) { () throws(VolumeError) in try partner() }
    case .image: return try open(try partner()) { () throws(VolumeError) in own }
    }
  }

  /// Reads the header of a source.
  ///
  /// - Parameters:
  ///   - source: The single file, or the header of a pair.
  ///   - image: Gives the file of the voxels for a pair, and nil for a single file.
  /// - Returns: The checked header and a stream that stands at the first voxel.
  /// - Throws: ``VolumeError`` with the file that is wrong.
  static func open(
    _ source: any ByteSource, image: () throws(VolumeError) -> (any ByteSource)?
  ) throws(VolumeError) -> OpenedVolume {
    var reading = try naming(source.path) { () throws(VolumeError.Cause) in
      try HeaderReading(source)
    }
    guard reading.rules.raw.isPair else {
      guard PairNames(path: source.path) == nil else {
        throw VolumeError(path: source.path, cause: .magicOfPair(inHeaderFile: true))
      }
      return try naming(source.path) { () throws(VolumeError.Cause) in try reading.single() }
    }
    guard let imageSource = try image() else {
      throw VolumeError(path: source.path, cause: .magicOfPair(inHeaderFile: false))
    }
    let header = try naming(source.path) { () throws(VolumeError.Cause) in
      try reading.pairHeader()
    }
    return try naming(imageSource.path) { () throws(VolumeError.Cause) in
      try reading.pair(header, imageSource)
    }
  }

  /// Adds the file's name to what is wrong with it.
  static func naming<Result>(
    _ path: String, _ body: () throws(VolumeError.Cause) -> Result
  ) throws(VolumeError) -> Result {
    do throws(VolumeError.Cause) {
      return try body()
    } catch {
      if case .file(let fileError) = error { throw VolumeError(fileError) }
      throw VolumeError(path: path, cause: error)
    }
  }

  private static func file<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(VolumeError)
    -> Result
  {
    do throws(FileError) {
      return try body()
    } catch {
      throw VolumeError(error)
    }
  }
}
