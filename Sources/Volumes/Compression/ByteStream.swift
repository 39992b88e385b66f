import Files

/// The content of a file in sequence, inflated if it was compressed.
protocol ByteStream: AnyObject {
  /// Bytes that were read or skipped so far.
  var position: Int { get }

  /// No more bytes than this can come, as far as the size of the file tells.
  var largestLength: Int { get }

  /// Fills a buffer; returns fewer bytes than it holds only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(VolumeError.Cause) -> Int

  /// Leaves bytes out; returns fewer than asked for only at the end.
  func skip(_ count: Int) throws(VolumeError.Cause) -> Int

  /// Goes to the end and verifies what there is to verify.
  ///
  /// - Parameter allowance: Most bytes that may follow; a compressed stream with more is refused.
  /// - Returns: What was found there.
  /// - Throws: ``VolumeError/Cause`` of the gzip kinds, or of the file.
  func finish(allowance: Int) throws(VolumeError.Cause) -> StreamEnd
}

/// What was found behind the bytes that were wanted.
struct StreamEnd: Equatable {
  /// Bytes of content.
  var surplus: Int
  /// Bytes behind the last gzip member that are no gzip.
  var garbage: Int
}

extension ByteStream {
  /// The next bytes as an array, which grows with what really comes.
  func read(count: Int) throws(VolumeError.Cause) -> [UInt8] {
    var bytes: [UInt8] = []
    let step = 1 << 20
    while bytes.count < count {
      let start = bytes.count
      let wanted = min(step, count - start)
      bytes.append(contentsOf: repeatElement(0, count: wanted))
      let received = try bytes.withUnsafeMutableBufferPointer {
        buffer throws(VolumeError.Cause) in
        let free = UnsafeMutableBufferPointer(rebasing: buffer[start...])
        return try read(into: UnsafeMutableRawBufferPointer(free))
      }
      if received < wanted {
        bytes.removeLast(wanted - received)
        break
      }
    }
    return bytes
  }
}

/// A file that is not compressed.
final class PlainStream: ByteStream {
  private let source: any ByteSource
  private(set) var position = 0

  init(_ source: any ByteSource) { self.source = source }

  var largestLength: Int { source.size }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(VolumeError.Cause) -> Int {
    do throws(FileError) {
      let count = try source.read(at: position, into: buffer)
      position += count
      return count
    } catch {
      throw .file(error)
    }
  }

  func skip(_ count: Int) -> Int {
    let skipped = max(0, min(count, source.size - position))
    position += skipped
    return skipped
  }

  func finish(allowance: Int) -> StreamEnd {
    StreamEnd(surplus: skip(.max), garbage: 0)
  }
}
