import Workers

/// Rows that all begin at the same number.
final class ConstantRows: Sendable {
  private let value: AlignedBuffer<Float>
  private let table: AlignedBuffer<UnsafePointer<Float>>

  init(value: Float, count: Int) throws(WorkersError) {
    self.value = try AlignedBuffer([value])
    table = try AlignedBuffer(count: count)
    table.elements.update(repeating: UnsafePointer(self.value.pointer))
  }

  /// One address per row; valid while this object lives.
  var rows: UnsafePointer<UnsafePointer<Float>> { UnsafePointer(table.pointer) }
}
