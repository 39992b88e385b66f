import Glibc
import KernelInterface

/// Plain loops over `PlaneWinogradArguments`: every transform is a product with its matrix.
func referencePlaneWinograd(_ arguments: PlaneWinogradArguments) {
  let matrices = WinogradMatrices(isLong: true)
  let inputs = arguments.input.channels
  let outputs = arguments.output.channels
  let frequencies = PlaneWinogradArguments.frequencies
  for tile in 0..<arguments.tileRows * arguments.tilesPerRow {
    let (row, column) = (tile / arguments.tilesPerRow, tile % arguments.tilesPerRow)
    let table = arguments.input.table
    let values = (0..<inputs).map { channel in
      let voxels = (0..<frequencies).map { place in
        table.row(plane: row, row: place / 6)[
          (4 * column + place % 6 - 1) * table.voxelStride + channel]
      }
      return transformed(voxels, by: matrices.input)
    }
    for output in 0..<outputs {
      let panel = output / referencePanelWidth * referencePanelWidth
      let sums = (0..<frequencies).map { frequency in
        let filters =
          arguments.filters + (frequency * outputs + panel) * inputs + output - panel
        return (0..<inputs).reduce(Float(0)) { sum, channel in
          sum + values[channel][frequency] * filters[channel * referencePanelWidth]
        }
      }
      for (place, sum) in transformed(sums, by: matrices.output).enumerated() {
        let voxel = 4 * column + place % 4
        guard voxel < arguments.width else { continue }
        let value = sum + arguments.bias[output]
        arguments.output.rows[4 * row + place / 4][
          voxel * arguments.output.voxelStride + output] =
          arguments.rectified && value < 0 ? 0 : value
      }
    }
  }
}

/// Six rows of six values, multiplied by a matrix along both axes.
private func transformed(_ values: [Float], by matrix: [[Float]]) -> [Float] {
  func product(_ row: [Float], _ first: Int, _ stride: Int) -> Float {
    row.enumerated().reduce(0) { $0 + $1.element * values[first + $1.offset * stride] }
  }
  let alongI = (0..<6).map { line in matrix.map { product($0, 6 * line, 1) } }
  return matrix.flatMap { row in
    matrix.indices.map { column in
      row.enumerated().reduce(Float(0)) { $0 + $1.element * alongI[$1.offset][column] }
    }
  }
}

/// Sums over `FourierArguments` by the definition, in double precision.
func referenceColumnTransform(_ arguments: FourierArguments) {
  let length = arguments.tables.length
  let turn = (0..<length).map { index -> SIMD2<Double> in
    let angle = 2 * Double.pi * Double(index) / Double(length)
    return SIMD2(cos(angle), sin(angle))
  }
  for column in 0..<arguments.columns {
    let numbers = (0..<length).map { row -> SIMD2<Double> in
      let place = row * arguments.rowStride + column
      let number = SIMD2(
        Double(arguments.source.real[place]), Double(arguments.source.imaginary[place]))
      return number * Double(arguments.factor?[place] ?? 1)
    }
    for row in 0..<length {
      var sum = SIMD2<Double>.zero
      for (index, number) in numbers.enumerated() {
        let w = turn[row * index % length]
        sum += SIMD2(number.x * w.x - number.y * w.y, number.x * w.y + number.y * w.x)
      }
      let place = row * arguments.rowStride + column
      arguments.target.real[place] = Float(sum.x)
      arguments.target.imaginary[place] = Float(sum.y)
    }
  }
}
