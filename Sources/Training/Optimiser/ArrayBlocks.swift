import Workers

/// Arrays of parameters in blocks: the items of a job over all of them.
enum ArrayBlocks {
  /// Floats of a block: long enough to be worth an item, a multiple of every vector.
  static let length = 1 << 14

  /// Calls the body with every block of `count` floats.
  static func forEach(_ count: Int, _ pool: WorkerPool, _ body: (Range<Int>) -> Void) {
    pool.run((count + length - 1) / length) { item, _ in
      body(item * length..<min((item + 1) * length, count))
    }
  }
}

/// Eight floats: arithmetic on whole arrays is bound by memory, not by the width of vectors.
typealias Eight = SIMD8<Float>

@inline(__always)
func load(_ array: UnsafePointer<Float>, _ index: Int) -> Eight {
  UnsafeRawPointer(array + index).loadUnaligned(as: Eight.self)
}

@inline(__always)
func store(_ values: Eight, _ array: UnsafeMutablePointer<Float>, _ index: Int) {
  UnsafeMutableRawPointer(array + index).storeBytes(of: values, as: Eight.self)
}
