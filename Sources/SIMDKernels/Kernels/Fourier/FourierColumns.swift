import KernelInterface

/// Fourier transforms of columns, a vector of them at a time.
///
/// 1. Formula, layouts: `FourierArguments`, `FourierTables`.
/// 2. No alignment is needed. Exactly the rows and columns given are read and written.
/// 3. The numbers of a vector of columns are copied to scratch, go through all stages there (288
///    numbers are 37 KB a line with 16 lanes) and are copied out; twiddles are broadcast.
/// 4. Error of a stage: a few roundings of its values, so about `stageCount` * 2^-24 of the largest
///    output; test `FourierTests`.
/// 5. Most of what LPC-SI takes: `metrics.md` of the results.
func transformColumns(_ arguments: FourierArguments) {
  assert(arguments.columns % FeatureLayout.channelGranule == 0)
  let length = arguments.tables.stageLength * lanes
  let first = ComplexLine(re: arguments.scratch, im: arguments.scratch + length)
  let second = ComplexLine(
    re: arguments.scratch + 2 * length, im: arguments.scratch + 3 * length)
  var column = 0
  while column < arguments.columns {
    if let chirp = arguments.tables.chirp, let spectrum = arguments.tables.chirpSpectrum {
      convolveColumns(arguments, column, chirp: chirp, spectrum: spectrum, first, second)
    } else {
      for row in 0..<arguments.tables.length { first[row] = arguments.number(row, column) }
      let result = transform(first, second, arguments.tables)
      for row in 0..<arguments.tables.length { arguments.put(result[row], row, column) }
    }
    column += lanes
  }
}

/// Bluestein's algorithm: the convolution goes through transforms of the stages' length.
@inline(__always)
private func convolveColumns(
  _ arguments: FourierArguments, _ column: Int, chirp: UnsafePointer<Float>,
  spectrum: UnsafePointer<Float>, _ first: ComplexLine, _ second: ComplexLine
) {
  let tables = arguments.tables
  for row in 0..<tables.length {
    first[row] = arguments.number(row, column) * ComplexVector(repeating: chirp + 2 * row)
  }
  let zero = ComplexVector(broadcast(0), broadcast(0))
  for row in tables.length..<tables.stageLength { first[row] = zero }
  let values = transform(first, second, tables)
  for row in 0..<tables.stageLength {
    values[row] = values[row] * ComplexVector(repeating: spectrum + 2 * row)
  }
  let other = values.re == first.re ? second : first
  let result = transform(values.exchanged, other.exchanged, tables).exchanged
  for row in 0..<tables.length {
    arguments.put(result[row] * ComplexVector(repeating: chirp + 2 * row), row, column)
  }
}

extension FourierArguments {
  /// The numbers of a vector of columns, times the factor.
  @inline(__always)
  fileprivate func number(_ row: Int, _ column: Int) -> ComplexVector {
    let place = row * rowStride + column
    let (re, im) = (load(source.real + place), load(source.imaginary + place))
    guard let factor else { return ComplexVector(re, im) }
    let scale = load(factor + place)
    return ComplexVector(re * scale, im * scale)
  }

  @inline(__always)
  fileprivate func put(_ value: ComplexVector, _ row: Int, _ column: Int) {
    let place = row * rowStride + column
    store(value.re, to: target.real + place)
    store(value.im, to: target.imaginary + place)
  }
}
