import KernelInterface
import SIMDKernels
import Testing
import Workers

@testable import FusedInference
@testable import Networks

@Suite("The order of the decoder's hidden units")
struct UnitOrderTests {
  @Test func unitsThatAreActiveTogetherBecomeNeighbours() {
    var activity = UnitActivity(units: 7, points: 130)
    // 0 and 3 share all points, 1 and 6 most of theirs; 2 is never active, nor is 5; 4 is alone.
    for point in 0..<130 {
      if point % 2 == 0 { for unit in [0, 3] { activity.insert(unit, point: point) } }
      if point % 5 < 3 { activity.insert(1, point: point) }
      if point % 5 < 2 { activity.insert(6, point: point) }
      if point == 129 { activity.insert(4, point: point) }
    }
    #expect(activity.pairs == [0, 3, 2, 5, 1, 6, 4])
  }

  @Test func everyUnitHasOnePlace() {
    for count in [1, 2, 5, 64] {
      var activity = UnitActivity(units: count, points: 64)
      for unit in 0..<count { activity.insert(unit, point: unit * 7 % 64) }
      #expect(activity.pairs.sorted() == Array(0..<count))
    }
  }

  /// Whole numbers, so that no order of a sum changes it.
  @Test(arguments: [false, true])
  func theReorderedDecoderIsTheSameFunction(keepsSum: Bool) {
    var number = 0
    func layer(_ inputs: Int, _ outputs: Int) -> Linear {
      func values(_ count: Int) -> [Float] {
        (0..<count).map { _ in
          number = (number * 13 + 5) % 17
          return Float(number % 5 - 2)
        }
      }
      return Linear(
        weight: values(inputs * outputs), bias: values(outputs), inputs: inputs, outputs: outputs)
    }
    let decoder = Decoder(
      stageOne: [layer(6, 9), layer(9, 8), layer(8, 6)],
      stageTwo: [layer(6, 7), layer(7, 10), layer(10, 1)])
    let order = UnitOrder(
      (decoder.stageOne + decoder.stageTwo.dropLast()).map { layer in
        var activity = UnitActivity(units: layer.outputs, points: 64)
        for unit in 0..<layer.outputs {
          for point in 0..<64 where (unit * unit + point) % 3 == 0 || point % (unit + 2) == 0 {
            activity.insert(unit, point: point)
          }
        }
        return activity
      })
    let natural = UnitOrder(natural: decoder)
    #expect(order != natural)
    #expect(order.places.last == natural.places.last)

    let input: [Float] = [3, -1, 2, 0, 1, -2]
    let layers = order.layers(of: decoder, keepsSum: keepsSum)
    var values = input
    for (index, layer) in layers.enumerated() {
      if index == 3 && keepsSum { values = zip(values, input).map(+) }
      values = layer.applied(to: values)
      if index == 3 && !keepsSum {
        // V (x + h) + d = (V x + d) + V h; the layer's own bias is in both.
        let skip = order.skipLayer(of: decoder)
        #expect(skip.bias == layer.bias)
        values = zip(zip(values, skip.applied(to: input)).map(+), skip.bias).map(-)
      }
      values = values.map { max($0, 0) }
    }
    var expected = input
    for (index, layer) in natural.layers(of: decoder, keepsSum: true).enumerated() {
      if index == 3 { expected = zip(expected, input).map(+) }
      expected = layer.applied(to: expected).map { max($0, 0) }
    }
    #expect(values == expected)
    #expect(values.contains { $0 > 0 })
  }

  @Test(arguments: InstructionSet.available)
  func theOrderIsTheModelsAlone(_ set: InstructionSet) throws {
    let network = try GoldenNetworks.network("rdn_odd")
    let kernels = try KernelTables.table(for: set)
    let orders = try [1, 2, 3].map { threads in
      let encoder = try EncoderRunner(
        program: EncoderProgram(
          network,
          choice: ConvolutionChoice(instructionSet: set, isExact: false, precision: .bfloat16)),
        kernels: kernels, pool: WorkerPool(threads: threads))
      return try UnitOrder(measuring: network, encoder: encoder)
    }
    #expect(orders[0] == orders[1] && orders[1] == orders[2])
    #expect(orders[0] != UnitOrder(natural: network.decoder))
  }
}

extension Linear {
  fileprivate func applied(to values: [Float]) -> [Float] {
    (0..<outputs).map { output in
      values.indices.reduce(bias[output]) { $0 + weight[output * inputs + $1] * values[$1] }
    }
  }
}
