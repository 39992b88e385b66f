import Files

/// A `.npy` file of floating-point numbers, as golden files are.
public struct NumPyArrayFile: Sendable {
  /// Sizes, outermost first.
  public let shape: [Int]
  /// All values, last axis fastest.
  public let values: [Float]

  private static let largestFile = 1 << 30

  /// Reads a file.
  ///
  /// - Throws: `FileError`, or ``NumPyError`` for what is no array of floating-point numbers.
  public init(path: String) throws {
    let file = try InputFile(path: path)
    guard file.size <= Self.largestFile else {
      throw NumPyError(subject: path, cause: .tooLarge(bytes: file.size))
    }
    let bytes = try file.read(at: 0, count: file.size)
    do throws(NumPyFault) {
      (shape, _, values) = try NumPyHeader.floatingPoint(bytes)
    } catch {
      throw NumPyError(subject: path, cause: error)
    }
  }
}
