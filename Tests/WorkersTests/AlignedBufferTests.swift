import Testing

@testable import Workers

@Suite struct AlignedBufferTests {
  @Test(arguments: [0, 1, 63, 4096, 524_287, 524_288, 1_000_003])
  func isZeroAlignedAndWritableToTheEnd(count: Int) throws {
    let buffer = try AlignedBuffer<Float>(count: count)
    let bytes = count * 4
    #expect(UInt(bitPattern: buffer.pointer) % (bytes >= 2 << 20 ? 2 << 20 : 64) == 0)
    #expect(buffer.elements.count == count)
    #expect(buffer.elements.allSatisfy { $0 == 0 })
    for index in buffer.elements.indices { buffer.elements[index] = Float(index) }
    #expect(buffer.elements.last.map { $0 == Float(count - 1) } ?? (count == 0))
  }

  @Test func givesItsMemoryBack() throws {
    // 64 GiB of address space in turns would not fit beside each other under overcommit.
    for _ in 0..<64 {
      let buffer = try AlignedBuffer<Double>(count: 1 << 27)
      buffer.pointer[(1 << 27) - 1] = 1
      #expect(buffer.pointer[(1 << 27) - 1] == 1)
    }
  }

  @Test func impossibleSizesAreErrors() {
    #expect(throws: WorkersError.allocation(bytes: 1 << 60, errno: 12)) {
      try AlignedBuffer<UInt8>(count: 1 << 60)
    }
    #expect(throws: WorkersError.allocation(bytes: .max, errno: 12)) {
      try AlignedBuffer<Double>(count: .max)
    }
    #expect(throws: WorkersError.allocation(bytes: .max - 1, errno: 12)) {
      try AlignedBuffer<UInt8>(count: .max - 1)
    }
  }
}
