import KernelInterface
import SIMDKernels
import Testing

/// 3x3 convolutions of images by Winograd's algorithm against a double-precision loop of the definition.
struct PlaneWinogradTests {
  /// Images, one below the other, and a layer.
  struct Problem: CustomStringConvertible {
    var images = 1
    var rows: Int
    var width: Int
    var inputs: Int
    var outputs: Int
    var rectified = false

    var description: String {
      "\(images) x \(rows) x \(width), \(inputs) to \(outputs)\(rectified ? ", ReLU" : "")"
    }
  }

  @Test(arguments: allTables)
  func everyRemainderIsWithinTheRoundingBound(_ table: KernelTable) {
    for (rows, width) in [(1, 1), (2, 3), (3, 2), (4, 4), (5, 7), (6, 9), (7, 6), (8, 5), (9, 13)] {
      check(Problem(rows: rows, width: width, inputs: 16, outputs: 16), table)
    }
  }

  @Test(arguments: allTables)
  func channelsAndSeveralImagesAreWithinTheRoundingBound(_ table: KernelTable) {
    for inputs in [16, 48] {
      for outputs in [16, 48, 64, 112] {
        check(
          Problem(
            images: 3, rows: 6, width: 10, inputs: inputs, outputs: outputs,
            rectified: inputs == 48), table)
      }
    }
  }

  @Test(arguments: allTables)
  func moreTilesThanABlockHasAreWithinTheRoundingBound(_ table: KernelTable) {
    check(Problem(rows: 30, width: 45, inputs: 16, outputs: 32), table)
  }

  @Test(arguments: allTables)
  func anImageHasTheSameBytesAloneAndAmongOthers(_ table: KernelTable) {
    var problem = Problem(images: 3, rows: 21, width: 30, inputs: 32, outputs: 48)
    let operands = Operands(problem)
    let all = operands.run(table)
    problem.images = 1
    for image in 0..<3 {
      let alone = Operands(problem, first: image).run(table)
      let count = alone.count
      #expect(
        alone.map(\.bitPattern)
          == all[image * count..<(image + 1) * count].map(\.bitPattern))
    }
  }

  private func check(_ problem: Problem, _ table: KernelTable) {
    let operands = Operands(problem)
    expectWithin(
      operands.bounds(), expected: operands.expected(), actual: operands.run(table),
      "\(table.instructionSet) \(problem)")
  }
}

extension PlaneWinogradTests {
  /// Random values, the definition, and a run.
  struct Operands {
    let problem: Problem
    private let voxels: [Float]
    private let weights: [Float]
    private let bias: [Float]

    /// - Parameters:
    ///   - problem: Sizes.
    ///   - first: The image of the sequence with which the values begin.
    init(_ problem: Problem, first: Int = 0) {
      self.problem = problem
      let count = problem.rows * problem.width * problem.inputs
      voxels = (0..<problem.images).flatMap { image -> [Float] in
        var random = RandomValues(seed: UInt64(100 + first + image))
        return random.values(count)
      }
      var random = RandomValues(seed: 7)
      weights = random.values(problem.outputs * problem.inputs * 9)
      bias = random.values(problem.outputs)
    }

    private func place(_ image: Int, _ row: Int, _ column: Int) -> Int? {
      guard (0..<problem.rows).contains(row), (0..<problem.width).contains(column) else {
        return nil
      }
      return ((image * problem.rows + row) * problem.width + column) * problem.inputs
    }

    /// `[image][row][column][output]`.
    private func forEachOutput(
      _ body: (_ image: Int, _ row: Int, _ column: Int, _ output: Int) -> Double
    ) -> [Double] {
      (0..<problem.images).flatMap { image in
        (0..<problem.rows).flatMap { row in
          (0..<problem.width).flatMap { column in
            (0..<problem.outputs).map { body(image, row, column, $0) }
          }
        }
      }
    }

    func expected() -> [Double] {
      forEachOutput { image, row, column, output in
        var sum = Double(bias[output])
        for tap in 0..<9 {
          guard let first = place(image, row + tap / 3 - 1, column + tap % 3 - 1) else { continue }
          for channel in 0..<problem.inputs {
            sum +=
              Double(weights[(output * problem.inputs + channel) * 9 + tap])
              * Double(voxels[first + channel])
          }
        }
        return problem.rectified ? max(sum, 0) : sum
      }
    }

    /// As `ConvolutionOperands.winogradBounds`, along two axes.
    func bounds() -> [Double] {
      let matrices = WinogradAxisMatrices(isLong: true)
      let n = Double(2 * 14 + 1 + 1 + problem.inputs + 1) * 0x1p-24
      func transformed(_ values: [Double], _ width: Int, _ matrix: [[Double]]) -> [Double] {
        let lines = values.count / width
        let alongRows = (0..<lines).map { line in
          matrix.map { row in
            row.enumerated().reduce(0) { $0 + abs($1.element) * values[line * width + $1.offset] }
          }
        }
        return matrix.flatMap { row in
          matrix.indices.map { column in
            row.enumerated().reduce(0) { $0 + abs($1.element) * alongRows[$1.offset][column] }
          }
        }
      }
      let filters = (0..<problem.outputs * problem.inputs).map { pair in
        transformed(
          weights[pair * 9..<pair * 9 + 9].map { Double(abs($0)) }, 3, matrices.filter)
      }
      var tiles: [[Int]: [Double]] = [:]
      func tile(_ image: Int, _ tileRow: Int, _ tileColumn: Int, _ output: Int) -> [Double] {
        let key = [image, tileRow, tileColumn, output]
        if let known = tiles[key] { return known }
        var sums = [Double](repeating: 0, count: 36)
        for channel in 0..<problem.inputs {
          let values = (0..<36).map { index -> Double in
            place(image, 4 * tileRow + index / 6 - 1, 4 * tileColumn + index % 6 - 1)
              .map { Double(abs(voxels[$0 + channel])) } ?? 0
          }
          let inputs = transformed(values, 6, matrices.input)
          for index in 0..<36 {
            sums[index] += inputs[index] * filters[output * problem.inputs + channel][index]
          }
        }
        let result = transformed(sums, 6, matrices.output)
        tiles[key] = result
        return result
      }
      return forEachOutput { image, row, column, output in
        let sums = tile(image, row / 4, column / 4, output)
        return (sums[row % 4 * 4 + column % 4] + abs(Double(bias[output]))) * n / (1 - n)
      }
    }

    func run(_ table: KernelTable) -> [Float] {
      let filters = PlaneWinogradFilters(
        layout: table.layout, inputs: problem.inputs, outputs: problem.outputs)
      let packed = GuardedBuffer(guarded: filters.count)
      var channel = 0
      while channel < problem.outputs {
        channel += weights.withUnsafeBufferPointer { weights in
          weights.baseAddress.map {
            filters.pack($0, panelAt: channel, into: packed.pointer)
          } ?? problem.outputs
        }
      }
      let tileRows = (problem.rows + 3) / 4
      // Rows with a pixel of zeros before and at most five behind.
      let rowFloats = (problem.width + 6) * problem.inputs
      let input = GuardedBuffer(
        [Float](repeating: 0, count: problem.images * problem.rows * rowFloats))
      for line in 0..<problem.images * problem.rows {
        for index in 0..<problem.width * problem.inputs {
          input.pointer[line * rowFloats + problem.inputs + index] =
            voxels[line * problem.width * problem.inputs + index]
        }
      }
      let zeros = GuardedBuffer([Float](repeating: 0, count: rowFloats))
      let outputFloats = problem.width * problem.outputs
      let output = GuardedBuffer(guarded: problem.images * problem.rows * outputFloats)
      let spare = GuardedBuffer(guarded: outputFloats)
      let scratch = GuardedBuffer(
        guarded: PlaneWinogradArguments.scratchFloats(
          inputChannels: problem.inputs, outputChannels: problem.outputs))
      let bias = GuardedBuffer(bias)
      var reads: [UnsafePointer<Float>] = []
      var writes: [UnsafeMutablePointer<Float>] = []
      for image in 0..<problem.images {
        for tile in 0..<tileRows {
          for line in (4 * tile - 1)...(4 * tile + 4) {
            let first =
              (0..<problem.rows).contains(line)
              ? input.pointer + (image * problem.rows + line) * rowFloats : zeros.pointer
            reads.append(UnsafePointer(first + problem.inputs))
          }
          for line in 4 * tile..<4 * tile + 4 {
            writes.append(
              line < problem.rows
                ? output.pointer + (image * problem.rows + line) * outputFloats : spare.pointer)
          }
        }
      }
      reads.withUnsafeBufferPointer { reads in
        writes.withUnsafeBufferPointer { writes in
          guard let reads = reads.baseAddress, let writes = writes.baseAddress else { return }
          table.convolvePlaneWinograd(
            PlaneWinogradArguments(
              input: ConvolutionInput(
                table: RowTable(rows: reads, rowsPerPlane: 6, voxelStride: problem.inputs),
                channels: problem.inputs),
              filters: packed.pointer, bias: bias.pointer,
              output: ConvolutionOutput(
                rows: writes, voxelStride: problem.outputs, channels: problem.outputs),
              rectified: problem.rectified, width: problem.width,
              tileRows: problem.images * tileRows, scratch: scratch.pointer))
        }
      }
      withExtendedLifetime((input, zeros, packed, bias)) {}
      for buffer in [output, spare, scratch] { #expect(buffer.zonesAreIntact) }
      return output.values
    }
  }
}
