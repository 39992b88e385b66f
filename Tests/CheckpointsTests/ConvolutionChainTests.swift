import Testing

@testable import Checkpoints

@Suite("Chains of convolutions")
struct ConvolutionChainTests {
  /// A chain of one layer; its values are left out, as only sizes are checked.
  private func chain(_ sizes: [Int]) throws(ConvolutionChainFault) -> ConvolutionChain {
    let weight = Tensor(name: "conv1.weight", shape: sizes, values: [])
    let bias = Tensor(name: "conv1.bias", shape: [sizes[0]], values: [])
    return try ConvolutionChain([ForeignConvolution(name: "conv1", weight: weight, bias: bias)])
  }

  @Test(arguments: [
    [0, 1, 3, 3, 3], [1, 0, 3, 3, 3], [1, 1, 0, 0, 0], [-1, 1, 3, 3, 3], [65_537, 1, 1, 1, 1],
    [1, 65_537, 1, 1, 1], [1, 1, 65_537, 65_537, 65_537], [Int.max, 1, 1, 1, 1],
  ])
  func sizesOutOfBoundsAreRefused(sizes: [Int]) {
    let error = #expect(throws: ConvolutionChainFault.self) { try chain(sizes) }
    #expect(error == .sizes("conv1", sizes))
  }

  @Test(arguments: [[1, 1, 1, 1, 1], [65_536, 65_536, 65_535, 65_535, 65_535]])
  func sizesAtTheBoundsAreRead(sizes: [Int]) throws {
    #expect(try chain(sizes).tensors.first?.shape == sizes)
  }
}
