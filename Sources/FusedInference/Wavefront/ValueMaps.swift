import KernelInterface
import Workers

/// Where the rows of all values of a program are while a block is worked through.
final class ValueMaps: Sendable {
  private let program: EncoderProgram
  private let shape: WavefrontShape
  let volume: SIMD3<Int>
  private let stores: [RowStore]
  /// What every row outside the volume is.
  private let zeros: AlignedBuffer<Float>

  /// Makes room.
  ///
  /// - Parameters:
  ///   - program: Whose values are held.
  ///   - shape: How much of each.
  ///   - volume: Voxels of the LR volume along i, j, k.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    _ program: EncoderProgram, shape: WavefrontShape, volume: SIMD3<Int>
  ) throws(WorkersError) {
    self.program = program
    self.shape = shape
    self.volume = volume
    var stores: [RowStore] = []
    for store in shape.stores { stores.append(try RowStore(store)) }
    self.stores = stores
    zeros = try AlignedBuffer(count: Self.zeroFloats(shape))
  }

  /// The floats of a row of zeros.
  static func zeroFloats(_ shape: WavefrontShape) -> Int {
    shape.stores.map(\.rowFloats).max() ?? 0
  }

  /// What is held of a value.
  func store(ofValue value: Int) -> RowStore { stores[value] }

  /// The voxel at column `column` of a row of a value, which must be held.
  func voxel(_ value: Int, plane: Int, row: Int, column: Int) -> UnsafeMutablePointer<Float> {
    let first = shape.ranges[0].ranges[value].lowerBound
    return stores[value].row(plane: plane, row: row)
      + (column - first) * stores[value].shape.voxelStride
  }

  /// The operands of a convolution on some rows of some planes.
  struct Operands {
    var inputs: UnsafePointer<ConvolutionInput>
    var output: ConvolutionOutput
    var residual: ConvolutionResidual?
  }

  /// Lists the rows that a step reads and writes, from voxel `column` on, for as long as `body` runs.
  ///
  /// What is read may lie outside the volume, what is written may not.
  func withOperands(
    of step: EncoderProgram.Step, reading read: RowBlock, writing written: RowBlock, column: Int,
    _ body: (Operands) -> Void
  ) {
    let capacity = step.inputs.count * read.count + written.count
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: capacity) { sources in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<Float>.self, capacity: written.count
      ) { targets in
        withUnsafeTemporaryAllocation(
          of: ConvolutionInput.self, capacity: step.inputs.count
        ) { inputs in
          guard let list = sources.baseAddress, let inputList = inputs.baseAddress,
            let targetList = targets.baseAddress
          else { return }
          var next = list
          func table(_ value: Int, _ block: RowBlock) -> RowTable {
            let first = next
            for plane in block.planes {
              for row in block.rows {
                next.initialize(to: source(value, plane: plane, row: row, column: column))
                next += 1
              }
            }
            return RowTable(
              rows: UnsafePointer(first), rowsPerPlane: block.rows.count,
              voxelStride: stores[value].shape.voxelStride)
          }
          for (index, value) in step.inputs.enumerated() {
            (inputList + index).initialize(
              to: ConvolutionInput(
                table: table(value, read), channels: program.channels[value]))
          }
          let residual = step.summand.map {
            ConvolutionResidual(
              table: table($0.value, written), isBroadcast: $0.isBroadcast)
          }
          var target = targetList
          for plane in written.planes {
            for row in written.rows {
              target.initialize(to: voxel(step.output, plane: plane, row: row, column: column))
              target += 1
            }
          }
          let stride = stores[step.output].shape.voxelStride
          body(
            Operands(
              inputs: UnsafePointer(inputList),
              output: ConvolutionOutput(
                rows: UnsafePointer(targetList), voxelStride: stride, channels: stride),
              residual: residual))
        }
      }
    }
  }

  private func source(
    _ value: Int, plane: Int, row: Int, column: Int
  ) -> UnsafePointer<Float> {
    guard plane >= 0, plane < volume.z, row >= 0, row < volume.y else {
      let shape = stores[value].shape
      return UnsafePointer(zeros.pointer) + shape.margin * shape.voxelStride
    }
    return UnsafePointer(voxel(value, plane: plane, row: row, column: column))
  }
}

/// Rows of some planes, in the indices of the volume.
struct RowBlock {
  var planes: Range<Int>
  var rows: Range<Int>

  var count: Int { planes.count * rows.count }

  /// This block and `margin` rows and planes more on every side.
  func expanded(by margin: Int) -> RowBlock {
    RowBlock(
      planes: planes.lowerBound - margin..<planes.upperBound + margin,
      rows: rows.lowerBound - margin..<rows.upperBound + margin)
  }
}
