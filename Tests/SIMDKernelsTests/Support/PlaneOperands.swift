import KernelInterface

/// Rows of random voxels of a plane with zeros around it, as maps of training have them.
final class PlaneRows {
  let width: Int
  let height: Int
  let channels: Int
  let stride: Int
  private let values: GuardedBuffer
  private var table: [UnsafePointer<Float>] = []

  init(width: Int, height: Int, channels: Int, seed: UInt64) {
    self.width = width
    self.height = height
    self.channels = channels
    stride = FeatureLayout.paddedChannels(channels)
    var random = RandomValues(seed: seed)
    // A row of zeros comes first; a voxel of zeros stands before and behind each row.
    var floats = [Float](repeating: 0, count: (height + 1) * (width + 1) * stride + stride)
    for row in 1...height {
      for voxel in 0..<width {
        for channel in 0..<channels {
          floats[(row * (width + 1) + voxel + 1) * stride + channel] = random.next()
        }
      }
    }
    values = GuardedBuffer(floats, misalignment: 1)
    let tileRows = (height + 3) / 4
    table = (-1...4 * tileRows).map { row in
      let isInside = row >= 0 && row < height
      return UnsafePointer(
        values.pointer + ((isInside ? row + 1 : 0) * (width + 1) + 1) * stride)
    }
  }

  /// From the row before the plane to the one behind the last tile.
  func withRows<Result>(_ body: (UnsafePointer<UnsafePointer<Float>>) -> Result) -> Result {
    withExtendedLifetime(values) {
      table.withUnsafeBufferPointer { rows in
        guard let first = rows.baseAddress else { preconditionFailure("no rows") }
        return body(first)
      }
    }
  }

  /// A voxel, zero outside the plane.
  func value(_ channel: Int, i: Int, j: Int) -> Double {
    guard i >= 0, i < width, j >= -1, j + 1 < table.count else { return 0 }
    return Double(table[j + 1][i * stride + channel])
  }

  /// The plane at Winograd's points, `[point][row of numbers]`: `A e A^T` where it is a gradient, else
  /// `B^T d B`; with pairs of tiles where it is summed, else of channels.
  func atPoints(
    _ table: KernelTable, isGradient: Bool = false, isSummed: Bool = false
  ) -> PlaneNumbers {
    let tileRows = (height + 3) / 4
    let tiles = tileRows * ((width + 3) / 4)
    let rows = isSummed ? (tiles + 1) / 2 : (tiles + 1) / 2 * 2
    let rowStride = isSummed ? stride : stride / 2
    let pointStride = rows * rowStride + 16
    let numbers = GuardedBuffer(guarded: 36 * pointStride, misalignment: 3)
    // Values are stored in both orders at once.
    let others = GuardedBuffer(guarded: 36 * (tiles + 1) * stride, misalignment: 1)
    let otherStride = (tiles + 1) * stride
    let scratch = GuardedBuffer(guarded: PlaneTransformArguments.scratchFloats)
    let kernel =
      isGradient ? table.training.transformPlaneGradients : table.training.transformPlaneInputs
    withExtendedLifetime((numbers, others, scratch)) {
      withRows { first in
        kernel(
          PlaneTransformArguments(
            rows: isGradient ? first + 1 : first, voxelStride: stride, width: width,
            tileRows: tileRows, channels: stride,
            values: !isSummed ? numbers.pointer : isGradient ? nil : others.pointer,
            pointStride: isSummed ? otherStride : pointStride,
            tilePairs: isSummed ? numbers.pointer : isGradient ? nil : others.pointer,
            tilePairStride: isSummed ? pointStride : otherStride,
            scratch: scratch.pointer))
      }
    }
    return PlaneNumbers(
      values: numbers, rows: rows, rowStride: rowStride, pointStride: pointStride,
      isIntact: numbers.zonesAreIntact && others.zonesAreIntact && scratch.zonesAreIntact)
  }
}

/// Numbers at Winograd's points.
struct PlaneNumbers {
  let values: GuardedBuffer
  let rows: Int
  let rowStride: Int
  let pointStride: Int
  /// Whether nothing was written beside them.
  let isIntact: Bool
}

/// Products with the absolute values of Winograd's matrices in the plane: bounds of errors.
enum PlaneMatrices {
  static let axis = WinogradAxisMatrices(isLong: true)

  /// `|matrix| square |matrix|^T`.
  static func absolute(_ matrix: [[Double]], _ square: [Double]) -> [Double] {
    let (outputs, inputs) = (matrix.count, matrix[0].count)
    return (0..<outputs * outputs).map { place in
      square.indices.reduce(0.0) { sum, source in
        sum + abs(
          matrix[place / outputs][source / inputs] * matrix[place % outputs][source % inputs])
          * abs(square[source])
      }
    }
  }

  static func turned(_ matrix: [[Double]]) -> [[Double]] {
    matrix[0].indices.map { column in matrix.map { $0[column] } }
  }

  /// What the products at the points may be wrong by, relative to the product of absolute values: as
  /// `ConvolutionOperands.winogradBounds`, 7 roundings per axis and transform, and one of either operand
  /// to 8 digits.
  static func share(terms: Int) -> Double {
    let roundings = Double(2 * 14 + 3 + terms) * 0x1p-24
    let digits = 0x1p-7 + 0x1p-16
    return (1 + digits) / (1 - roundings) - 1
  }
}
