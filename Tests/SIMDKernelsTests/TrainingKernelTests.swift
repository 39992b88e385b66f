import KernelInterface
import SIMDKernels
import Testing

/// The kernels of training against their definitions in double precision.
struct TrainingKernelTests {
  /// Inputs that reach every remainder of every register tile, and outputs of every panel.
  private static let inputCounts = Array(1...34)
  private static let gradientCounts = [16, 32, 48, 64, 80, 112]

  @Test(arguments: allTables)
  func weightGradientsMatchDoublePrecision(_ table: KernelTable) {
    for inputs in Self.inputCounts {
      for gradients in Self.gradientCounts {
        checkWeightGradient(table, inputs: inputs, gradients: gradients)
      }
    }
  }

  private func checkWeightGradient(_ table: KernelTable, inputs: Int, gradients: Int) {
    var random = RandomValues(seed: UInt64(100 * inputs + gradients))
    let (rows, width, offset) = (3, 5, 2)
    let stride = inputs + 7
    let values = GuardedBuffer(random.values(rows * width * stride + offset), misalignment: 1)
    let slopes = GuardedBuffer(random.values(rows * width * gradients), misalignment: 3)
    let before = random.values(inputs * gradients)
    let sums = GuardedBuffer(before, misalignment: 1)
    let inputRows = (0..<rows).map { UnsafePointer(values.pointer + $0 * width * stride) }
    let gradientRows = (0..<rows).map { UnsafePointer(slopes.pointer + $0 * width * gradients) }
    withExtendedLifetime((values, slopes, sums)) {
      inputRows.withUnsafeBufferPointer { inputRows in
        gradientRows.withUnsafeBufferPointer { gradientRows in
          guard let inputRows = inputRows.baseAddress, let gradientRows = gradientRows.baseAddress
          else { return }
          table.training.addWeightGradient(
            WeightGradientArguments(
              inputs: inputRows, inputOffset: offset, inputStride: stride, inputCount: inputs,
              gradients: gradientRows, gradientStride: gradients, gradientCount: gradients,
              rowCount: rows, width: width, sums: sums.pointer, sumStride: gradients))
        }
      }
      var expected: [Double] = []
      var bounds: [Double] = []
      for input in 0..<inputs {
        for gradient in 0..<gradients {
          let terms = (0..<rows * width).map { voxel in
            Double(values.pointer[voxel * stride + offset + input])
              * Double(slopes.pointer[voxel * gradients + gradient])
          }
          let start = Double(before[input * gradients + gradient])
          let magnitude = terms.reduce(abs(start)) { $0 + abs($1) }
          expected.append(terms.reduce(start, +))
          // A product, at most all additions of the sum, and the last one.
          let roundings = Double(rows * width + 2) * 0x1p-24
          bounds.append(magnitude * roundings / (1 - roundings))
        }
      }
      let name = "\(table.instructionSet), \(inputs) x \(gradients)"
      expectWithin(bounds, expected: expected, actual: sums.values, name)
      #expect(sums.zonesAreIntact, "\(name)")
    }
  }

  @Test(arguments: allTables)
  func spreadingIsTheTransposeOfSampling(_ table: KernelTable) {
    // <sample(map), points> = <map, spread(points)>, each side a sum of the same products.
    for (tapCount, length) in [(2, 16), (2, 48), (8, 16), (8, 64)] {
      var random = RandomValues(seed: UInt64(tapCount * length))
      let (voxels, count) = (9, 13)
      let taps = (0..<count * tapCount).map { _ in Int(abs(random.next()) * 9) * length }
      let weights = (0..<count * tapCount).map { $0 % 5 == 0 ? 0 : random.next() }
      let map = GuardedBuffer(random.values(voxels * length), misalignment: 1)
      let sampled = GuardedBuffer(guarded: count * length)
      let points = GuardedBuffer(random.values(count * length), misalignment: 2)
      let spread = GuardedBuffer([Float](repeating: 0, count: voxels * length))
      withExtendedLifetime((map, sampled, points, spread)) {
        run(table.training.sample, taps, weights, tapCount, map, sampled, length)
        run(table.training.spread, taps, weights, tapCount, spread, points, length)
        let forward = dot(sampled.values, points.values)
        let backward = dot(map.values, spread.values)
        // Every number is at most 1, and a sum of either side has at most all the products.
        let products = Double(count * tapCount * length)
        let name = "\(table.instructionSet), \(tapCount) taps, \(length) floats"
        #expect(
          abs(forward - backward) <= products * Double(count * tapCount + 2) * 0x1p-24, "\(name)")
        #expect(sampled.zonesAreIntact && spread.zonesAreIntact, "\(name)")
      }
    }
  }

  private func run(
    _ kernel: (SamplingArguments) -> Void, _ taps: [Int], _ weights: [Float], _ tapCount: Int,
    _ map: GuardedBuffer, _ points: GuardedBuffer, _ length: Int
  ) {
    taps.withUnsafeBufferPointer { taps in
      weights.withUnsafeBufferPointer { weights in
        guard let first = taps.baseAddress, let weights = weights.baseAddress else { return }
        kernel(
          SamplingArguments(
            map: map.pointer, taps: first, weights: weights, tapCount: tapCount,
            count: taps.count / tapCount, length: length, points: points.pointer,
            pointStride: length))
      }
    }
  }

  private func dot(_ first: [Float], _ second: [Float]) -> Double {
    zip(first, second).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  @Test(arguments: allTables)
  func aSampleIsTheWeightedSumOfItsTaps(_ table: KernelTable) {
    let map = GuardedBuffer((0..<48).map(Float.init))
    let points = GuardedBuffer(guarded: 16)
    withExtendedLifetime((map, points)) {
      run(table.training.sample, [0, 32], [0.25, 0.75], 2, map, points, 16)
      #expect(points.values == (0..<16).map { Float($0) + 24 })
    }
  }

  @Test(arguments: allTables)
  func aGatePassesWhereTheActivationIsPositive(_ table: KernelTable) {
    let gradient = GuardedBuffer((0..<32).map { Float($0) - 7 }, misalignment: 1)
    let kinds: [Float] = [-1, -0.0, 0, 2, .infinity, .leastNonzeroMagnitude]
    let activations = (0..<32).map { kinds[$0 % 6] }
    let activation = GuardedBuffer(activations)
    let result = GuardedBuffer(guarded: 32, misalignment: 1)
    withExtendedLifetime((gradient, activation, result)) {
      table.training.gate(gradient.pointer, activation.pointer, result.pointer, 32)
      let expected = zip(gradient.values, activations).map { $1 > 0 ? $0 : 0 }
      #expect(result.values == expected && result.zonesAreIntact)
    }
  }

  @Test(arguments: allTables)
  func theOutputRowAndItsGradientFollowTheirFormulas(_ table: KernelTable) {
    for length in [16, 32, 48, 256] {
      var random = RandomValues(seed: UInt64(length))
      let count = 5
      let activations = GuardedBuffer(
        random.values(count * length).map { max($0, 0) }, misalignment: 1)
      let weights = GuardedBuffer(random.values(length))
      let values = GuardedBuffer(guarded: count, misalignment: 3)
      let gradients = GuardedBuffer(guarded: count * length, misalignment: 1)
      withExtendedLifetime((activations, weights, values, gradients)) {
        let arguments = OutputRowArguments(
          activations: activations.pointer, stride: length, length: length, count: count,
          weights: weights.pointer, bias: 0.5, values: values.pointer,
          gradients: gradients.pointer)
        table.training.applyOutputRow(arguments)
        let expected = (0..<count).map { point in
          (0..<length).reduce(0.5) {
            $0 + Double(activations.pointer[point * length + $1]) * Double(weights.pointer[$1])
          }
        }
        let bound = Double(length + 2) * (Double(length) + 0.5) * 0x1p-24
        expectWithin(
          [Double](repeating: bound, count: count), expected: expected, actual: values.values,
          "\(table.instructionSet), \(length)")
        table.training.outputRowGradient(arguments)
        let slopes = (0..<count * length).map { index in
          activations.pointer[index] > 0
            ? values.pointer[index / length] * weights.pointer[index % length] : 0
        }
        #expect(gradients.values == slopes && gradients.zonesAreIntact)
      }
    }
  }
}

/// Filters at Winograd's points.
struct FilterTransformTests {
  @Test(arguments: allTables)
  func transformedFiltersAreThoseOfDoublePrecision(_ table: KernelTable) {
    let (channels, outputs) = (3, 32)
    var random = RandomValues(seed: 7)
    let weights = random.values(outputs * channels * 27)
    let layout = WinogradFilters(layout: table.layout, inputs: channels, outputs: outputs)
    let expected = GuardedBuffer(guarded: layout.count)
    let direct = GuardedBuffer(guarded: outputs * channels * 27)
    let filters = GuardedBuffer(guarded: layout.count)
    let scratch = GuardedBuffer(guarded: FilterTransformArguments.scratchFloats)
    withExtendedLifetime((expected, direct, filters, scratch)) {
      weights.withUnsafeBufferPointer { weights in
        guard let first = weights.baseAddress else { return }
        for part in 0..<layout.parts {
          layout.pack(
            { first + ($0 * channels + $1) * 27 }, part: part, into: expected.pointer)
        }
        table.layout.pack(
          first, rowLength: channels * 27, outputs: outputs, paddedOutputs: outputs,
          reduction: channels * 27, source: { $0 % channels * 27 + $0 / channels },
          into: direct.pointer)
      }
      var panel = 0
      while panel < outputs {
        let width = table.layout.width(ofPanelAt: panel, channels: outputs)
        table.training.transformFilters(
          FilterTransformArguments(
            taps: direct.pointer + panel * channels * 27, channels: channels, width: width,
            filters: filters.pointer + panel * channels, frequencyStride: channels * outputs,
            scratch: scratch.pointer))
        panel += width
      }
      // A row of |G| sums to at most 1.2, so a filter at a point stays below 1.8 times the largest
      // tap, which is 1; each of three transforms rounds at most five times, constants included.
      let bound = 1.8 * 16 * 0x1p-24
      expectWithin(
        [Double](repeating: bound, count: layout.count), expected: expected.values.map(Double.init),
        actual: filters.values, "\(table.instructionSet)")
      #expect(filters.zonesAreIntact && scratch.zonesAreIntact)
    }
  }
}

/// The transforms of a tile for gradients of filters.
struct TileTransformTests {
  /// The three together are the gradient of a filter: its definition in double precision.
  @Test(arguments: allTables)
  func aTileMakesTheGradientOfAFilter(_ table: KernelTable) {
    // Along an axis the sum of |G^T| |B^T| |A| is at most 26.5, and a product passes at most 25
    // roundings: 5 per transform along i, j and k, the product and the sums in between.
    let growth: Double = 26.5 * 26.5 * 26.5
    let bound = growth * 25 * 0x1p-24
    for (column, width) in [(-1, 9), (3, 7), (-1, 2)] {
      var random = RandomValues(seed: UInt64(10 + width))
      let voxels = 12
      let input = GuardedBuffer(random.values(36 * voxels * 16), misalignment: 1)
      let slopes = GuardedBuffer(random.values(16 * voxels * 16), misalignment: 2)
      let gradient = GuardedBuffer([Float](repeating: 0.5, count: 27 * 16))
      withExtendedLifetime((input, slopes, gradient)) {
        gradientOfTile(table, input, slopes, column: column, width: width, into: gradient)
        func value(_ buffer: GuardedBuffer, _ row: Int, _ place: Int) -> Double {
          place >= 0 && place < width ? Double(buffer.pointer[(row * voxels + place) * 16 + 5]) : 0
        }
        for tap in 0..<27 {
          let (k, j, i) = (tap / 9, tap / 3 % 3, tap % 3)
          var expected = 0.5
          for place in 0..<64 {
            let (c, b, a) = (place / 16, place / 4 % 4, place % 4)
            // The tile begins one voxel behind the inputs' first column.
            expected +=
              value(input, (c + k) * 6 + b + j, column + a + i)
              * value(slopes, c * 4 + b, column + 1 + a)
          }
          let actual = Double(gradient.pointer[tap * 16 + 5])
          #expect(abs(actual - expected) <= bound, "tap \(tap)")
        }
        #expect(gradient.zonesAreIntact)
      }
    }
  }

  private func gradientOfTile(
    _ table: KernelTable, _ input: GuardedBuffer, _ slopes: GuardedBuffer, column: Int, width: Int,
    into gradient: GuardedBuffer
  ) {
    let scratch = GuardedBuffer(guarded: TileTransformArguments.scratchFloats)
    let atInputs = GuardedBuffer(guarded: 216 * 16)
    let atSlopes = GuardedBuffer(guarded: 216 * 16)
    func rows(_ buffer: GuardedBuffer, _ count: Int) -> [UnsafePointer<Float>] {
      (0..<count).map { UnsafePointer(buffer.pointer + $0 * 12 * 16) }
    }
    func transform(
      _ kernel: (TileTransformArguments) -> Void, _ rows: [UnsafePointer<Float>], _ first: Int,
      _ values: GuardedBuffer
    ) {
      rows.withUnsafeBufferPointer { rows in
        guard let rows = rows.baseAddress else { return }
        kernel(
          TileTransformArguments(
            rows: rows, voxelStride: 16, column: first, width: width, channels: 16,
            values: values.pointer, frequencyStride: 16, scratch: scratch.pointer))
      }
    }
    withExtendedLifetime((scratch, atInputs, atSlopes)) {
      transform(table.training.transformInputTile, rows(input, 36), column, atInputs)
      transform(table.training.transformGradientTile, rows(slopes, 16), column + 1, atSlopes)
      for index in 0..<216 * 16 { atInputs.pointer[index] *= atSlopes.pointer[index] }
      table.training.filterGradient(
        FilterGradientArguments(
          values: atInputs.pointer, frequencyStride: 16, outputs: 16,
          gradient: gradient.pointer, tapStride: 16, scratch: scratch.pointer))
      #expect(scratch.zonesAreIntact && atInputs.zonesAreIntact && atSlopes.zonesAreIntact)
    }
  }
}
