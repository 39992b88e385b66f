import Files
import Volumes

/// The input of a run, opened and checked as far as its header goes.
struct VolumeInput {
  let path: String
  let reader: VolumeReader
  /// Standard input, held in memory; nil for a file, which is opened anew where it is read again.
  private let stream: (any ByteSource)?

  var header: NIfTIHeader { reader.header }

  /// Bytes of standard input, which stay in memory; 0 for a file.
  var heldBytes: Int { stream?.size ?? 0 }

  /// Opens the input; standard input may have at most `limit` bytes.
  init(path: String, limit: Int) throws(Failure) {
    self.path = path
    if path == StandardInput.name {
      let source = try Failure.of { () throws(FileError) in
        try StandardInput.open(path: path, limit: limit)
      }
      stream = source
      reader = try Failure.of { () throws(VolumeError) in try VolumeReader(source: source) }
    } else {
      stream = nil
      reader = try Failure.of { () throws(VolumeError) in try VolumeReader(path: path) }
    }
  }

  /// Where a sidecar of the input would lie; nil for standard input.
  var sidecar: String? {
    path == StandardInput.name ? nil : OutputRequest.sidecarPath(of: path)
  }

  /// The same input from the beginning.
  private func reopened() throws(Failure) -> VolumeReader {
    try Failure.of { () throws(VolumeError) in
      if let stream { return try VolumeReader(source: stream) }
      return try VolumeReader(path: path)
    }
  }

  /// - Throws: If a named file is not there or no file that can be read.
  static func checkExistence(
    _ paths: [(path: String, kind: ExitStatus.Subject)]
  ) throws(Failure) {
    for (path, kind) in paths where path != StandardInput.name {
      _ = try Failure.of(kind) { () throws(FileError) in try InputFile(path: path) }
    }
  }

  /// The frames of the input that a selection stands for; all where there is none.
  func frames(_ selection: FrameSelection?) throws(Failure) -> [Int] {
    guard let selection else { return Array(0..<header.frames) }
    do throws(OptionValueError) {
      return try selection.frames(of: header.frames)
    } catch {
      throw Failure(.optionValue(option: "--volumes", value: "", reason: error.reason))
    }
  }

  /// Reads the frames once, so that everything that is wrong with them is known before any work.
  ///
  /// - Returns: The one frame of a volume; nil for a series, whose frames are read again one by one.
  func verify(
    frames: [Int], nonFinite: VolumeReader.NonFinitePolicy, console: Console
  ) throws(Failure) -> Volume? {
    var last: Volume?
    for frame in frames { last = try Self.frame(frame, of: reader, nonFinite) }
    try Failure.of { () throws(VolumeError) in try reader.finish() }
    reader.notices.forEach(console.warn)
    return frames.count == 1 ? last : nil
  }

  /// Reads one frame and tells what was found in it.
  func frame(
    _ index: Int, nonFinite: NonFinitePolicy, console: Console
  ) throws(Failure) -> Volume {
    let known = reader.notices.count
    let volume = try Self.frame(index, of: reader, nonFinite.setting)
    reader.notices[known...].forEach(console.warn)
    return volume
  }

  /// One frame for a command that has `--nan`, which its refusal names.
  private static func frame(
    _ index: Int, of reader: VolumeReader, _ nonFinite: VolumeReader.NonFinitePolicy
  ) throws(Failure) -> Volume {
    do throws(VolumeError) {
      return try reader.readFrame(index, nonFinite: nonFinite)
    } catch {
      var failure = Failure(error)
      if case .nonFinite = error.cause {
        failure.message += "; use --nan zero to treat them as 0"
      }
      throw failure
    }
  }

  /// Hands on the frames in order, with their positions in `frames`.
  ///
  /// `only` is the frame that was read already, if there is one.
  func forEachFrame(
    _ frames: [Int], only: Volume?, nonFinite: VolumeReader.NonFinitePolicy,
    _ body: (_ number: Int, Volume) throws(Failure) -> Void
  ) throws(Failure) {
    if let only { return try body(0, only) }
    let reader = try reopened()
    for (number, frame) in frames.enumerated() {
      try body(number, try Self.frame(frame, of: reader, nonFinite))
    }
  }

  /// SHA-256 of the file as it is stored.
  func digest() throws(Failure) -> String {
    try Failure.of { () throws(FileError) in
      let source: any ByteSource
      if let stream { source = stream } else { source = try InputFile(path: path) }
      return try SHA256Digest(of: source).hexadecimal
    }
  }
}
