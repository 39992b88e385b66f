/// Four neighbours of a row, in double precision.
typealias Quad = SIMD4<Double>

/// Rows of a plane as quads, filled up with zeros.
enum Rows {
  /// Quads that hold a row.
  static func quads(_ count: Int) -> Int { (count + 3) / 4 }

  /// Copies a row.
  static func load(
    _ row: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Quad>
  ) {
    let values = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self)
    for index in 0..<count { values[index] = Double(row[index]) }
  }

  /// Copies a row's difference from another.
  static func loadDifference(
    _ row: UnsafePointer<Float>, _ other: UnsafePointer<Float>, count: Int,
    into target: UnsafeMutablePointer<Quad>
  ) {
    let values = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self)
    for index in 0..<count { values[index] = Double(row[index]) - Double(other[index]) }
  }

  /// The quad that begins at any element of a row.
  @inline(__always)
  static func quad(_ row: UnsafePointer<Quad>, at element: Int) -> Quad {
    UnsafeRawPointer(row).loadUnaligned(
      fromByteOffset: element * MemoryLayout<Double>.stride, as: Quad.self)
  }

  /// The weighted sum of neighbours in a row, from `element` on.
  @inline(__always)
  static func sum(
    _ row: UnsafePointer<Quad>, at element: Int, _ weights: UnsafePointer<Double>, taps: Int
  ) -> Quad {
    var total = Quad.zero
    for tap in 0..<taps { total += weights[tap] * quad(row, at: element + tap) }
    return total
  }
}
