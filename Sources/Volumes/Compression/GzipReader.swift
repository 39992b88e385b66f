import CZlib
import Files

/// A gzip file (RFC 1952) in sequence: several members, empty members and zeros behind the last are
/// read; checksum and length of every member are verified.
final class GzipReader: ByteStream {
  private(set) var position = 0

  private let source: any ByteSource
  private let inflater: Inflater
  private var input = [UInt8](repeating: 0, count: 1 << 16)
  /// The part of ``input`` that was read and not used, and the place in the file behind it.
  private var unused = 0..<0
  private var fileOffset = 0

  private var state = State.beforeFirstMember
  private var checksum: UInt32 = 0
  private var memberLength: UInt32 = 0
  private var garbage = 0

  private enum State {
    case beforeFirstMember
    case inMember
    case betweenMembers
    case atEnd
  }

  init(_ source: any ByteSource) throws(VolumeError.Cause) {
    self.source = source
    inflater = try Inflater()
  }

  /// Deflate cannot do better than 1032 : 1.
  var largestLength: Int {
    let (bytes, overflow) = source.size.multipliedReportingOverflow(by: 1032)
    return overflow
      ? .max : bytes.addingReportingOverflow(1 << 16).overflow ? .max : bytes + 1 << 16
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(VolumeError.Cause) -> Int {
    var filled = 0
    while filled < buffer.count {
      switch state {
      case .beforeFirstMember: try beginMember()
      case .betweenMembers: try continueBehindMember()
      case .atEnd: return filled
      case .inMember:
        filled += try inflate(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      }
    }
    return filled
  }

  func skip(_ count: Int) throws(VolumeError.Cause) -> Int {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { scratch.deallocate() }
    var skipped = 0
    while skipped < count {
      let wanted = min(scratch.count, count - skipped)
      let received = try read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<wanted]))
      skipped += received
      if received < wanted { break }
    }
    return skipped
  }

  func finish(allowance: Int) throws(VolumeError.Cause) -> StreamEnd {
    let surplus = try skip(allowance + 1)
    // Only the number matters to the caller's message, which states what was declared.
    if surplus > allowance { throw .gzipExcess(declared: position - surplus) }
    return StreamEnd(surplus: surplus, garbage: garbage)
  }
}

// MARK: - Members

extension GzipReader {
  private func inflate(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(VolumeError.Cause)
    -> Int
  {
    if unused.isEmpty, try !refill() { throw .gzipTruncated }
    let step = try input.withUnsafeBufferPointer { bytes throws(VolumeError.Cause) in
      try inflater.inflate(
        from: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[unused])), into: buffer)
    }
    unused = (unused.lowerBound + step.consumed)..<unused.upperBound
    let produced = UnsafeRawBufferPointer(rebasing: buffer[..<step.produced])
    checksum = UInt32(
      truncatingIfNeeded: crc32_z(
        UInt(checksum), produced.bindMemory(to: UInt8.self).baseAddress, step.produced))
    memberLength &+= UInt32(truncatingIfNeeded: step.produced)
    position += step.produced
    if step.isEnd { try endMember() }
    return step.produced
  }

  /// Goes over a member's head; `read` are the bytes of it that were read already.
  private func beginMember(behind read: [UInt8] = []) throws(VolumeError.Cause) {
    var read = read[...]
    try GzipHeader.skip { () throws(VolumeError.Cause) in
      if let byte = read.popFirst() { return byte }
      return try requiredByte()
    }
    inflater.reset()
    checksum = 0
    memberLength = 0
    state = .inMember
  }

  private func endMember() throws(VolumeError.Cause) {
    let stored = (try requiredNumber(), try requiredNumber())
    guard stored.0 == checksum else { throw .gzipChecksum(found: checksum, stored: stored.0) }
    guard stored.1 == memberLength else { throw .gzipLength(found: memberLength, stored: stored.1) }
    state = .betweenMembers
  }

  /// Behind a member: another one, zeros to the end (from tapes), or something else, which is
  /// counted and ignored.
  private func continueBehindMember() throws(VolumeError.Cause) {
    var zeros = 0
    while let byte = try nextByte() {
      if byte == 0 {
        zeros += 1
        continue
      }
      let second = try nextByte()
      if zeros == 0, byte == 0x1F, second == 0x8B { return try beginMember(behind: [0x1F, 0x8B]) }
      garbage = zeros + (second == nil ? 1 : 2) + unused.count + source.size - fileOffset
      break
    }
    state = .atEnd
  }

  private func requiredNumber() throws(VolumeError.Cause) -> UInt32 {
    var number: UInt32 = 0
    for shift in stride(from: UInt32(0), through: 24, by: 8) {
      number |= UInt32(try requiredByte()) << shift
    }
    return number
  }

  private func requiredByte() throws(VolumeError.Cause) -> UInt8 {
    guard let byte = try nextByte() else { throw .gzipTruncated }
    return byte
  }

  private func nextByte() throws(VolumeError.Cause) -> UInt8? {
    if unused.isEmpty, try !refill() { return nil }
    let byte = input[unused.lowerBound]
    unused = (unused.lowerBound + 1)..<unused.upperBound
    return byte
  }

  /// Reads on in the file; false at its end.
  private func refill() throws(VolumeError.Cause) -> Bool {
    do throws(FileError) {
      let count = try input.withUnsafeMutableBufferPointer { bytes throws(FileError) in
        try source.read(at: fileOffset, into: UnsafeMutableRawBufferPointer(bytes))
      }
      unused = 0..<count
      fileOffset += count
      return count > 0
    } catch {
      throw .file(error)
    }
  }
}
