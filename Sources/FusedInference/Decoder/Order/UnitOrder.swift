import Networks

/// The order in which the decoder's hidden units lie in memory.
///
/// Two neighbours make a pair of bfloat16 numbers, which is left out of the sums only where both are
/// zero; so units that are active together are made neighbours. Another order of a sum gives other
/// last bits: it depends on the model alone, and float32 keeps the model's.
struct UnitOrder: Equatable, Sendable {
  /// Per layer, stage one's and then stage two's but the last: the unit at each place.
  let places: [[Int]]

  /// The order of the model.
  init(natural decoder: Decoder) {
    places = UnitOrder.layers(decoder).map { Array(0..<$0.outputs) }
  }

  /// Neighbours are active together, judged by one activity per layer.
  ///
  /// The last layer's units keep the model's order: what reads them multiplies floats.
  init(_ activities: [UnitActivity]) {
    places = activities.dropLast().map(\.pairs) + activities.suffix(1).map { Array(0..<$0.count) }
  }

  /// Stage one's layers, then stage two's without its last, in this order.
  ///
  /// - Parameters:
  ///   - decoder: The layers as the model has them.
  ///   - keepsSum: Stage one's result is added to the decoder's input, so it keeps the model's order;
  ///     otherwise stage two's first layer reads it alone.
  /// - Returns: The layers, with outputs and inputs moved.
  func layers(of decoder: Decoder, keepsSum: Bool) -> [Linear] {
    let last = decoder.stageOne.count - 1
    let natural = Array(0..<decoder.inputs)
    func outputs(_ index: Int) -> [Int] { keepsSum && index == last ? natural : places[index] }
    return UnitOrder.layers(decoder).enumerated().map { index, layer in
      layer.reordered(
        outputs: outputs(index), inputs: index == 0 ? natural : outputs(index - 1))
    }
  }

  /// Stage two's first layer with its outputs in this order and its inputs in the model's.
  func skipLayer(of decoder: Decoder) -> Linear {
    decoder.stageTwo[0].reordered(
      outputs: places[decoder.stageOne.count], inputs: Array(0..<decoder.inputs))
  }

  private static func layers(_ decoder: Decoder) -> [Linear] {
    decoder.stageOne + decoder.stageTwo.dropLast()
  }
}

extension Linear {
  /// The layer whose output and input at each place are those of another place.
  fileprivate func reordered(outputs rows: [Int], inputs columns: [Int]) -> Linear {
    var moved = self
    for (row, output) in rows.enumerated() {
      moved.bias[row] = bias[output]
      for (column, input) in columns.enumerated() {
        moved.weight[row * inputs + column] = weight[output * inputs + input]
      }
    }
    return moved
  }
}
