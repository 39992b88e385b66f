import Foundation
import KernelInterface
import SIMDKernels
import Testing

@testable import Metrics

/// Transforms of columns against the definition in double precision.
@Suite struct FourierTests {
  static let sets = InstructionSet.available

  /// Lengths of one stage, of all radices, primes, and those of real volumes.
  private static let lengths =
    Array(1...32) + [36, 45, 48, 60, 64, 75, 77, 90, 97, 120, 125, 181, 190, 288]

  private struct Image {
    var real: [Float]
    var imaginary: [Float]
  }

  /// Numbers from -1 to 1.
  private static func image(_ count: Int) -> Image {
    func values(_ seed: Int) -> [Float] {
      (0..<count).map { Float(($0 * 7919 + seed) % 2003) / 1001.5 - 1 }
    }
    return Image(real: values(17), imaginary: values(911))
  }

  /// Of one column; the factor is 0.5.
  private static func expected(
    _ image: Image, column: Int, stride: Int, length: Int
  )
    -> [SIMD2<Double>]
  {
    (0..<length).map { k in
      (0..<length).reduce(SIMD2<Double>.zero) { sum, j in
        let angle = 2 * Double.pi * Double(j * k % length) / Double(length)
        let x = Double(image.real[j * stride + column]) / 2
        let y = Double(image.imaginary[j * stride + column]) / 2
        return sum + SIMD2(x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle))
      }
    }
  }

  @Test(arguments: sets)
  func everyLengthIsWithinTheRoundingBound(_ set: InstructionSet) throws {
    let table = try KernelTables.table(for: set)
    let (stride, columns) = (48, 32)
    for length in Self.lengths {
      let plan = FourierPlan(length: length)
      let image = Self.image(length * stride)
      let factor = [Float](repeating: 0.5, count: length * stride)
      let count = length * stride
      var result = Image(
        real: [Float](repeating: .nan, count: count),
        imaginary: [Float](repeating: .nan, count: count))
      var scratch = [Float](repeating: .nan, count: plan.tables.scratchFloats)
      withExtendedLifetime(plan) {
        table.transformColumns(
          FourierArguments(
            source: .init(real: image.real, imaginary: image.imaginary), factor: factor,
            target: .init(real: &result.real, imaginary: &result.imaginary), rowStride: stride,
            columns: columns, tables: plan.tables, scratch: &scratch))
      }
      // Each stage rounds a number at most 8 times and a twiddle once; a convolution goes there and
      // back and multiplies by three tables. Sums of 2n sizes of at most 0.5 bound every number on the
      // way, of a convolution that of the chirp's spectrum times as many.
      let stages = Double(plan.tables.stageCount)
      let isConvolved = plan.tables.chirp != nil
      let roundings = isConvolved ? 2 * 10 * stages + 12 : 10 * stages + 2
      let growth = isConvolved ? Double(plan.tables.stageLength).squareRoot() : 1
      let bound = roundings * 0x1p-24 * Double(length) * growth
      for column in [0, 1, 15, 16, 31] {
        let expected = Self.expected(image, column: column, stride: stride, length: length)
        for (row, value) in expected.enumerated() {
          let place = row * stride + column
          let error = max(
            abs(Double(result.real[place]) - value.x),
            abs(Double(result.imaginary[place]) - value.y))
          #expect(error <= bound, "length \(length), column \(column), row \(row): \(error)")
        }
      }
      // Columns beyond those asked for stay.
      #expect(
        (0..<length).allSatisfy { row in
          (columns..<stride).allSatisfy { result.real[row * stride + $0].isNaN }
        }, "length \(length)")
    }
  }

  @Test(arguments: sets)
  func thereAndBackIsTheImage(_ set: InstructionSet) throws {
    let table = try KernelTables.table(for: set)
    let (rows, columns) = (20, 14)
    let transform = ImageTransform(rows: rows, columns: columns, kernels: table)
    let floats = ComplexImage.planeFloats(rows: rows, columns: columns)
    let memory = UnsafeMutablePointer<Float>.allocate(
      capacity: 6 * floats + transform.scratchFloats)
    defer { memory.deallocate() }
    memory.initialize(repeating: 0, count: 6 * floats + transform.scratchFloats)
    func image(_ index: Int) -> ComplexImage {
      ComplexImage(
        rows: rows, columns: columns, real: memory + 2 * index * floats,
        imaginary: memory + (2 * index + 1) * floats)
    }
    let source = image(0)
    var values: [Float] = []
    for row in 0..<rows {
      for column in 0..<columns {
        values.append(Float((row * 31 + column * 17) % 101) - 50)
        source.real[row * source.rowStride + column] = values[row * columns + column]
      }
    }
    let scratch = memory + 6 * floats
    let spectrum = image(1).transposedShape
    transform.forward(source, into: spectrum, scratch: scratch)
    // A number of lanes whose factors are 0 does not reach the result.
    let stride = spectrum.rowStride
    var factors = [Float](repeating: 0, count: columns * stride)
    for u in 0..<columns {
      for v in 0..<rows { factors[u * stride + v] = 1 / Float(rows * columns) }
    }
    let filter = SpectrumFilter(factors, rowStride: stride)
    #expect(filter.columns == [0..<stride])
    transform.inverse(
      spectrum, filter, work: image(0).transposedShape, into: image(2), scratch: scratch)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = row * source.rowStride + column
        #expect(abs(image(2).real[place] - values[row * columns + column]) < 1e-3)
        #expect(abs(image(2).imaginary[place]) < 1e-3)
      }
    }
  }
}
