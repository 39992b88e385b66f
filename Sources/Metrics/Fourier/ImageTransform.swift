import KernelInterface

/// A complex image in two planes, its rows padded to whole vectors.
struct ComplexImage {
  let rows: Int
  let columns: Int
  let real: UnsafeMutablePointer<Float>
  let imaginary: UnsafeMutablePointer<Float>

  /// Floats from a row to the next.
  var rowStride: Int { FeatureLayout.paddedChannels(columns) }

  /// Floats of a plane that can hold an image and its transpose.
  static func planeFloats(rows: Int, columns: Int) -> Int {
    max(
      rows * FeatureLayout.paddedChannels(columns), columns * FeatureLayout.paddedChannels(rows))
  }

  /// The same memory for the transposed image.
  var transposedShape: ComplexImage {
    ComplexImage(rows: columns, columns: rows, real: real, imaginary: imaginary)
  }

  /// Writes the transpose into an image of ``transposedShape``'s shape; padding becomes zero.
  func transpose(into target: ComplexImage) {
    Self.transpose(real, stride: rowStride, into: target.real, target)
    Self.transpose(imaginary, stride: rowStride, into: target.imaginary, target)
  }

  /// In squares that stay in L1.
  private static func transpose(
    _ source: UnsafePointer<Float>, stride: Int, into plane: UnsafeMutablePointer<Float>,
    _ target: ComplexImage
  ) {
    let side = 16
    let width = target.rowStride
    for row in Swift.stride(from: 0, to: target.rows, by: side) {
      for column in Swift.stride(from: 0, to: target.columns, by: side) {
        let rows = min(side, target.rows - row)
        for place in column..<min(column + side, target.columns) {
          let line = source + place * stride + row
          for index in 0..<rows { plane[(row + index) * width + place] = line[index] }
        }
      }
    }
    guard width > target.columns else { return }
    for row in 0..<target.rows {
      for place in target.columns..<width { plane[row * width + place] = 0 }
    }
  }
}

/// Fourier transforms of images of one size.
struct ImageTransform: Sendable {
  let rows: Int
  let columns: Int
  private let alongColumns: FourierPlan
  private let alongRows: FourierPlan
  private let kernels: KernelTable

  init(rows: Int, columns: Int, kernels: KernelTable) {
    self.rows = rows
    self.columns = columns
    self.kernels = kernels
    alongColumns = FourierPlan(length: rows)
    alongRows = columns == rows ? alongColumns : FourierPlan(length: columns)
  }

  /// Floats of scratch of either direction.
  var scratchFloats: Int {
    max(alongColumns.tables.scratchFloats, alongRows.tables.scratchFloats)
  }

  /// The spectrum of an image, transposed: u along its rows, v along its columns.
  ///
  /// - Parameters:
  ///   - image: Overwritten.
  ///   - spectrum: An image of the transposed shape.
  ///   - scratch: ``scratchFloats`` floats.
  func forward(
    _ image: ComplexImage, into spectrum: ComplexImage, scratch: UnsafeMutablePointer<Float>
  ) {
    run(alongColumns, exchanged(image), scratch)
    image.transpose(into: spectrum)
    run(alongRows, exchanged(spectrum), scratch)
  }

  /// The image of a transposed spectrum times real factors; nothing is divided.
  ///
  /// - Parameters:
  ///   - spectrum: As ``forward(_:into:scratch:)`` makes it.
  ///   - filter: In its layout.
  ///   - work: An image of the spectrum's shape, overwritten.
  ///   - image: The result.
  ///   - scratch: ``scratchFloats`` floats.
  func inverse(
    _ spectrum: ComplexImage, _ filter: SpectrumFilter, work: ComplexImage,
    into image: ComplexImage, scratch: UnsafeMutablePointer<Float>
  ) {
    let stride = spectrum.rowStride
    var cleared = 0
    for range in filter.columns + [stride..<stride] {
      for row in 0..<spectrum.rows where range.lowerBound > cleared {
        let place = row * stride + cleared
        (work.real + place).update(repeating: 0, count: range.lowerBound - cleared)
        (work.imaginary + place).update(repeating: 0, count: range.lowerBound - cleared)
      }
      cleared = range.upperBound
      guard !range.isEmpty else { continue }
      filter.factors.withUnsafeBufferPointer { factors in
        kernels.transformColumns(
          FourierArguments(
            source: .init(
              real: spectrum.real + range.lowerBound,
              imaginary: spectrum.imaginary + range.lowerBound),
            factor: factors.baseAddress.map { $0 + range.lowerBound },
            target: .init(
              real: work.real + range.lowerBound, imaginary: work.imaginary + range.lowerBound),
            rowStride: stride, columns: range.count, tables: alongRows.tables, scratch: scratch))
      }
    }
    work.transpose(into: image)
    run(alongColumns, image, scratch)
  }

  private func run(
    _ plan: FourierPlan, _ image: ComplexImage, _ scratch: UnsafeMutablePointer<Float>
  ) {
    kernels.transformColumns(
      FourierArguments(
        source: .init(real: image.real, imaginary: image.imaginary), factor: nil,
        target: .init(real: image.real, imaginary: image.imaginary), rowStride: image.rowStride,
        columns: image.rowStride, tables: plan.tables, scratch: scratch))
  }

  /// Real and imaginary parts exchanged: its transform is one in the other direction.
  private func exchanged(_ image: ComplexImage) -> ComplexImage {
    ComplexImage(
      rows: image.rows, columns: image.columns, real: image.imaginary, imaginary: image.real)
  }
}

/// Real factors of a transposed spectrum.
struct SpectrumFilter: Sendable {
  /// `[u][v]`, rows padded.
  let factors: [Float]
  /// The ranges of v, whole vectors, in which some factor is not zero.
  let columns: [Range<Int>]

  /// - Parameters:
  ///   - factors: `[u][v]`, rows padded with zeros.
  ///   - rowStride: Floats from a row to the next.
  init(_ factors: [Float], rowStride: Int) {
    self.factors = factors
    let granule = FeatureLayout.channelGranule
    var columns: [Range<Int>] = []
    for start in stride(from: 0, to: rowStride, by: granule) {
      let isUsed = stride(from: start, to: factors.count, by: rowStride).contains { row in
        factors[row..<row + granule].contains { $0 != 0 }
      }
      guard isUsed else { continue }
      if let last = columns.last, last.upperBound == start {
        columns[columns.count - 1] = last.lowerBound..<start + granule
      } else {
        columns.append(start..<start + granule)
      }
    }
    self.columns = columns
  }
}
