import KernelInterface
import Workers

/// Where the rows of all values of a program are while a block is worked through.
final class ValueMaps: Sendable {
  private let program: EncoderProgram
  private let shape: WavefrontShape
  private let volume: SIMD3<Int>
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

  /// The operands of a convolution on some rows of one plane.
  struct Operands {
    var inputs: UnsafePointer<ConvolutionInput>
    var output: ConvolutionOutput
    var residual: ConvolutionResidual?
  }

  /// Lists the rows that a step reads and writes, for as long as `body` runs.
  func withOperands(
    of step: EncoderProgram.Step, plane: Int, rows: Range<Int>, columns: Range<Int>,
    _ body: (Operands) -> Void
  ) {
    let reach = step.weights.kernel / 2
    let readRows = rows.lowerBound - reach..<rows.upperBound + reach
    let readPlanes = plane - reach..<plane + reach + 1
    let perInput = readRows.count * readPlanes.count
    let capacity = step.inputs.count * perInput + rows.count
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: capacity) { sources in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<Float>.self, capacity: rows.count
      ) { targets in
        withUnsafeTemporaryAllocation(
          of: ConvolutionInput.self, capacity: step.inputs.count
        ) { inputs in
          guard let list = sources.baseAddress, let inputList = inputs.baseAddress,
            let targetList = targets.baseAddress
          else { return }
          var next = list
          func table(_ value: Int, _ planes: Range<Int>, _ rows: Range<Int>) -> RowTable {
            let first = next
            for plane in planes {
              for row in rows {
                next.initialize(
                  to: source(value, plane: plane, row: row, column: columns.lowerBound))
                next += 1
              }
            }
            return RowTable(
              rows: UnsafePointer(first), rowsPerPlane: rows.count,
              voxelStride: stores[value].shape.voxelStride)
          }
          for (index, value) in step.inputs.enumerated() {
            (inputList + index).initialize(
              to: ConvolutionInput(
                table: table(value, readPlanes, readRows), channels: program.channels[value]))
          }
          let residual = step.summand.map {
            ConvolutionResidual(
              table: table($0.value, plane..<plane + 1, rows), isBroadcast: $0.isBroadcast)
          }
          for (index, row) in rows.enumerated() {
            (targetList + index).initialize(
              to: voxel(step.output, plane: plane, row: row, column: columns.lowerBound))
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
      return UnsafePointer(zeros.pointer) + stores[value].shape.voxelStride
    }
    return UnsafePointer(voxel(value, plane: plane, row: row, column: column))
  }
}
