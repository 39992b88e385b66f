import Files
import Foundation
import Synchronization
import TestSupport
import Testing
import Workers

@testable import Volumes

@Suite struct GzipTests {
  /// Compressible, incompressible and constant stretches.
  static func content(_ count: Int) -> [UInt8] {
    var state: UInt32 = 12345
    return (0..<count).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      switch index >> 16 & 3 {
      case 0: return UInt8(truncatingIfNeeded: state >> 24)
      case 1: return UInt8(truncatingIfNeeded: index >> 7)
      case 2: return 0
      default: return UInt8(truncatingIfNeeded: state >> 30)
      }
    }
  }

  private func written(
    _ content: [UInt8], level: Int, threads: Int?, steps: Int = 700_001, burst: Int = 0
  ) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let output = try AtomicOutputFile(path: folder.file("a.gz"), force: false)
    let pool = try threads.map { try WorkerPool(threads: $0) }
    let writer = try GzipWriter(output: output, level: level, pool: pool, burst: burst)
    var start = 0
    while start < content.count {
      let end = min(content.count, start + steps)
      try content[start..<end].withUnsafeBytes { try writer.write($0) }
      start = end
    }
    try writer.finish()
    try output.commit()
    return try #require(folder.bytes("a.gz"))
  }

  private func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
    let reader = try GzipReader(MemorySource(path: "a.gz", bytes: bytes))
    let content = try reader.read(count: 1 << 30)
    #expect(try reader.finish(allowance: 0) == StreamEnd(surplus: 0, garbage: 0))
    return content
  }

  @Test(arguments: 0...9)
  func bytesDoNotDependOnThreads(level: Int) throws {
    let content = Self.content(level == 1 ? 9_500_000 : 2_500_000)
    let alone = try written(content, level: level, threads: nil)
    for threads in 1...3 {
      #expect(try written(content, level: level, threads: threads) == alone)
    }
    #expect(try written(content, level: level, threads: 2, steps: 999) == alone)
    #expect(try written(content, level: level, threads: 2, burst: content.count) == alone)
    #expect(try inflated(alone) == content)
  }

  /// Rows of zeros and of noise, as around a head: there a match that was found by chance shows.
  @Test func bytesDoNotDependOnWhereTheCoderLies() throws {
    let coders = try (0..<64).map { _ in try makeChunkCoder(level: 1) }
    var output = [UInt8](repeating: 0, count: 2 * GzipWriter.chunkBytes)
    var state: UInt64 = 1
    for chunk in 0..<16 {
      let content = (0..<GzipWriter.chunkBytes).map { index in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return index % 2304 < 1300 ? 0 : UInt8(truncatingIfNeeded: state >> 40)
      }
      let results = Set(
        coders.map { coder in
          let count = output.withUnsafeMutableBytes { output in
            content.withUnsafeBytes { coder.compress($0, into: output) }
          }
          return Data(output[..<count])
        })
      #expect(results.count == 1, "chunk \(chunk)")
    }
  }

  /// With all other workers busy for as long as the content comes, nothing can be compressed.
  @Test func contentThatFindsPlacesDoesNotWaitForItsCompression() throws {
    let folder = try TemporaryFolder()
    let output = try AtomicOutputFile(path: folder.file("a.gz"), force: false)
    let pool = try WorkerPool(threads: 2)
    let gate = Mutex(())
    let content = Self.content(6 << 20)
    let writer = try GzipWriter(output: output, level: 9, pool: pool, burst: content.count)
    try gate.withLock { _ in
      pool.leaveAside { _ in gate.withLock { _ in } }
      try content.withUnsafeBytes { try writer.write($0) }
      #expect(output.bytesWritten == GzipHeader.written.count)
    }
    try writer.finish()
    try output.commit()
    #expect(try inflated(try #require(folder.bytes("a.gz"))) == content)
  }

  @Test(arguments: [1, 2]) func aFullDiskShowsAtTheEndAtLatest(threads: Int) throws {
    let output = try AtomicOutputFile(path: "/dev/full", force: true)
    let content = Self.content(5 << 20)
    let error = #expect(throws: FileError.self) {
      let pool = try WorkerPool(threads: threads)
      let writer = try GzipWriter(output: output, level: 1, pool: pool)
      try content.withUnsafeBytes { try writer.write($0) }
      try writer.finish()
    }
    #expect(error?.code == "output.space")
  }

  @Test func aWriterThatWasStoppedLeavesTheOutputAlone() throws {
    for _ in 0..<20 {
      let folder = try TemporaryFolder()
      let output = try AtomicOutputFile(path: folder.file("a.gz"), force: false)
      let pool = try WorkerPool(threads: 3)
      let writer = try GzipWriter(output: output, level: 1, pool: pool, burst: 8 << 20)
      try Self.content(8 << 20).withUnsafeBytes { try writer.write($0) }
      writer.stop()
      let written = output.bytesWritten
      // Writing to a closed output would end the program.
      output.discard()
      pool.run(100) { _, _ in }
      #expect(output.bytesWritten == written)
      #expect(folder.entries == [])
    }
  }

  @Test(arguments: [0, 1, 1 << 20 - 1, 1 << 20, 1 << 20 + 1, 3 << 20])
  func anyLengthIsRestored(count: Int) throws {
    let content = Self.content(count)
    #expect(try inflated(try written(content, level: 1, threads: 2)) == content)
    #expect(try inflated(try written(content, level: 6, threads: 2)) == content)
  }

  @Test func incompressibleContentFitsItsRoom() throws {
    var state: UInt64 = 99
    let content = (0..<(3 << 20)).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    for level in [0, 1, 9] {
      #expect(try inflated(try written(content, level: level, threads: 2)) == content)
    }
  }

  @Test func outputIsOneMemberThatGzipAccepts() throws {
    let content = Self.content(3_000_000)
    let folder = try TemporaryFolder()
    try folder.write("a.gz", try written(content, level: 1, threads: 2))
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
    gzip.arguments = ["-d", "-k", folder.file("a.gz")]
    try gzip.run()
    gzip.waitUntilExit()
    #expect(gzip.terminationStatus == 0)
    #expect(folder.bytes("a") == content)
    let bytes = try #require(folder.bytes("a.gz"))
    #expect(Array(bytes.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
  }

  @Test func aMatchBeforeTheStartOfTheDataIsRefused() {
    // Fixed codes: length 3 at distance 1, with nothing written yet.
    expectCause([0x03, 0x02, 0x00] + [UInt8](repeating: 0, count: 8)) {
      if case .gzipCorrupt = $0 { true } else { false }
    }
  }

  @Test func aStreamThatEndsEarlyIsRefusedInEveryPlace() throws {
    let whole = try written(Self.content(500), level: 6, threads: nil)
    for length in 10..<whole.count {
      let reader = try GzipReader(MemorySource(path: "a.gz", bytes: Array(whole.prefix(length))))
      #expect(throws: VolumeError.Cause.gzipTruncated) { _ = try reader.read(count: 1 << 20) }
    }
  }

  @Test func farMoreDataThanAllowedIsRefused() throws {
    let bytes = try written([UInt8](repeating: 0, count: 4 << 20), level: 9, threads: nil)
    let reader = try GzipReader(MemorySource(path: "a.gz", bytes: bytes))
    _ = try reader.read(count: 100)
    #expect(throws: VolumeError.Cause.gzipExcess(declared: 100)) {
      try reader.finish(allowance: 1 << 20)
    }
  }

  @Test func membersAndZerosBehindAreReadAndGarbageIsCounted() throws {
    let one = try written([1, 2, 3], level: 6, threads: nil)
    let two = try written([4, 5], level: 0, threads: nil)
    let none = try written([], level: 6, threads: nil)
    #expect(try inflated(one + none + two) == [1, 2, 3, 4, 5])
    #expect(try inflated(one + [UInt8](repeating: 0, count: 70000)) == [1, 2, 3])
    for (garbage, count) in [
      ([7], 1), ([0x1F], 1), ([0, 0, 7, 8, 9], 5), ([0x1F, 0x8C, 0], 3),
      ([UInt8](repeating: 9, count: 200_000), 200_000),
    ] as [([UInt8], Int)] {
      let reader = try GzipReader(MemorySource(path: "a.gz", bytes: one + garbage))
      #expect(try reader.read(count: 100) == [1, 2, 3])
      #expect(try reader.finish(allowance: 0) == StreamEnd(surplus: 0, garbage: count))
    }
  }

  /// The reader's buffer holds 65536 bytes: the head of the next member may lie across its end.
  @Test(arguments: [65534, 65535, 65536, 131_071]) func membersMayEndAnywhere(length: Int) throws {
    let member = try written([1, 2, 3], level: 6, threads: nil)
    // A comment (RFC 1952, flag 16) brings it to its length.
    let comment = [UInt8](repeating: 120, count: length - member.count - 1) + [0]
    var one = Array(member[..<10]) + comment + member[10...]
    one[3] |= 16
    #expect(one.count == length)
    #expect(try inflated(one + member) == [1, 2, 3, 1, 2, 3])
    let reader = try GzipReader(MemorySource(path: "a.gz", bytes: one + [0x1F, 7]))
    #expect(try reader.read(count: 100) == [1, 2, 3])
    #expect(try reader.finish(allowance: 0) == StreamEnd(surplus: 0, garbage: 2))
  }

  private func expectCause(_ deflate: [UInt8], _ isExpected: (VolumeError.Cause) -> Bool) {
    do throws(VolumeError.Cause) {
      let reader = try GzipReader(MemorySource(path: "a.gz", bytes: GzipHeader.written + deflate))
      _ = try reader.read(count: 100)
      Issue.record("accepted")
    } catch {
      #expect(isExpected(error), "\(error)")
    }
  }
}
