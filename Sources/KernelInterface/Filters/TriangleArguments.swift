/// One square of a block row of Cholesky's factor.
///
///     X = U^-T B
///
/// U, B and X are squares of 32 x 32 numbers, row by row, as ``SymmetricPanels`` holds them.
public struct TriangleArguments {
  /// U; what lies below its diagonal is not read.
  public var triangle: UnsafePointer<Double>
  /// B, which becomes X.
  public var square: UnsafeMutablePointer<Double>
  /// Where X is written too.
  public var copy: UnsafeMutablePointer<Double>

  /// Makes the value from its parts.
  public init(
    triangle: UnsafePointer<Double>, square: UnsafeMutablePointer<Double>,
    copy: UnsafeMutablePointer<Double>
  ) {
    self.triangle = triangle
    self.square = square
    self.copy = copy
  }
}
