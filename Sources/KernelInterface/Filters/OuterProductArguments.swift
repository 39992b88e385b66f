/// The sum of outer products of samples with themselves: a symmetric update of rank `count`.
///
///     sums[r][c] += sum over samples of sample[r] sample[c]        (or -=)
///
/// Of the symmetric sums the panels of ``SymmetricPanels`` are kept. Sums over the samples of a call are made
/// in the samples' precision, then added in float64.
public struct OuterProductArguments {
  /// The samples' elements.
  public enum Samples {
    /// float32.
    case single(UnsafePointer<Float>)
    /// float64.
    case double(UnsafePointer<Double>)
  }

  /// `[panel][sample][32]`: element e of a sample lies in panel e / 32.
  public var samples: Samples
  /// How many samples.
  public var count: Int
  /// Samples from a panel of ``samples`` to the next, at least ``count``.
  public var stride: Int
  /// In the layout of ``SymmetricPanels``.
  public var sums: UnsafeMutablePointer<Double>
  /// The panels whose columns are updated.
  public var panels: Range<Int>
  /// The panels whose rows are updated in these columns, as far as they lie above the diagonal or on it.
  public var rows: Range<Int>
  /// Whether products are taken away.
  public var subtracts: Bool

  /// Makes the value from its parts.
  ///
  /// - Parameters:
  ///   - samples: ``samples``.
  ///   - count: ``count``.
  ///   - stride: ``stride``; nil: `count`.
  ///   - sums: ``sums``.
  ///   - panels: ``panels``.
  ///   - rows: ``rows``; nil: the same as of the columns.
  ///   - subtracts: ``subtracts``.
  public init(
    samples: Samples, count: Int, stride: Int? = nil, sums: UnsafeMutablePointer<Double>,
    panels: Range<Int>, rows: Range<Int>? = nil, subtracts: Bool = false
  ) {
    self.samples = samples
    self.count = count
    self.stride = stride ?? count
    self.sums = sums
    self.panels = panels
    self.rows = rows ?? panels
    self.subtracts = subtracts
  }
}

/// A symmetric matrix by its upper triangle, in panels of 32 columns.
///
/// Panel p holds rows 0 to 32 p + 31 of its columns, row by row; its last 32 rows are a whole square, the
/// part below the diagonal included. 1332 rows take 924,672 numbers, 4 % more than the triangle alone.
public struct SymmetricPanels: Sendable, Equatable {
  /// Columns of a panel.
  public static var width: Int { 32 }

  /// Rows and columns that are used.
  public let count: Int
  /// Panels.
  public let panelCount: Int

  /// The panels of a matrix of `count` rows.
  public init(count: Int) {
    self.count = count
    panelCount = (count + Self.width - 1) / Self.width
  }

  /// Numbers of the whole matrix.
  public var elementCount: Int { Self.start(ofPanel: panelCount) }

  /// Where a panel begins.
  @inlinable
  public static func start(ofPanel panel: Int) -> Int { panel * (panel + 1) / 2 * 1024 }

  /// Where element (row, column) lies; row <= column, or both in one square of the diagonal.
  @inlinable
  public func index(_ row: Int, _ column: Int) -> Int {
    let (panel, place) = column.quotientAndRemainder(dividingBy: 32)
    return Self.start(ofPanel: panel) + row * 32 + place
  }
}
