import KernelInterface
import SIMDKernels
import Testing

/// How output channels are cut into panels and where weights lie.
struct PackedLayoutTests {
  @Test
  func panelsHalveUntilTheChannelsAreCovered() {
    let layout = PackedLayout(lanes: 16, panelWidth: 64)
    #expect(widths(layout, channels: 16) == [16])
    #expect(widths(layout, channels: 32) == [32])
    #expect(widths(layout, channels: 48) == [32, 16])
    #expect(widths(layout, channels: 112) == [64, 32, 16])
    #expect(widths(layout, channels: 128) == [64, 64])
    #expect(widths(PackedLayout(lanes: 4, panelWidth: 8), channels: 16) == [8, 8])
  }

  @Test(arguments: allTables)
  func everyWeightHasOnePlaceAndPaddingIsZero(_ table: KernelTable) {
    for (outputs, reduction) in [(1, 3), (28, 5), (64, 27), (100, 2)] {
      let padded = FeatureLayout.paddedChannels(outputs)
      let weights = (0..<(outputs * reduction)).map { Float($0 + 1) }
      var packed = [Float](repeating: .nan, count: padded * reduction)
      table.layout.pack(
        weights, rowLength: reduction, outputs: outputs, paddedOutputs: padded,
        reduction: reduction,
        source: { reduction - 1 - $0 }, into: &packed)
      #expect(packed.filter { $0 != 0 }.sorted() == weights)
      #expect(packed.filter { $0 == 0 }.count == (padded - outputs) * reduction)
      // Output 0 leads every row of its panel; the reduction runs in packed order.
      let width = table.layout.width(ofPanelAt: 0, channels: padded)
      for index in 0..<reduction {
        #expect(packed[index * width] == Float(reduction - index))
      }
    }
  }

  private func widths(_ layout: PackedLayout, channels: Int) -> [Int] {
    var widths: [Int] = []
    var channel = 0
    while channel < channels {
      widths.append(layout.width(ofPanelAt: channel, channels: channels))
      channel += widths[widths.count - 1]
    }
    return widths
  }
}
