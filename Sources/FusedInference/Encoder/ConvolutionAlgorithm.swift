import KernelInterface

/// How a convolution is computed; the raw value is the word for sidecars and reports.
public enum ConvolutionAlgorithm: String, Sendable {
  /// Every product of the definition, in one fixed order.
  case direct
  /// F(4x4x4, 3x3x3), and F(2) at the ends of the volume.
  case winograd
}

/// What decides between the algorithms: the exact path and the costs on an instruction set, never a
/// timing or the size of a block, because the choice changes the last bits of the result.
package struct ConvolutionChoice: Sendable {
  let instructionSet: InstructionSet
  /// Direct convolution everywhere.
  let isExact: Bool
  /// What the fast path may round what it multiplies to.
  let precision: Precision
  /// Whether layers of Winograd's algorithm may be rounded too.
  var roundsTransforms = true

  /// The choice on an instruction set.
  package init(
    instructionSet: InstructionSet, isExact: Bool, precision: Precision = .float32
  ) {
    self.instructionSet = instructionSet
    self.isExact = isExact
    self.precision = precision
  }

  /// The algorithm of a layer that costs least, what it multiplies, and its cost relative to the
  /// direct one in float32.
  ///
  /// Costs are multiply-adds at the float32 peak per voxel: products by the share of the peak that they
  /// reach, and the transforms per channel in and out. The direct path multiplies by real input
  /// channels only; both make padded outputs. 1x1x1 layers are rounded wherever they may be, direct
  /// layers of other kernels never.
  package func algorithm(
    kernel: Int, inputs: [Int], outputs: Int
  ) -> (algorithm: ConvolutionAlgorithm, precision: Precision, relativeCost: Double) {
    guard kernel == 3 else { return (.direct, kernel == 1 ? precision : .float32, 1) }
    guard !isExact else { return (.direct, .float32, 1) }
    let channels = inputs.reduce(0, +)
    let padded = inputs.reduce(0) { $0 + FeatureLayout.paddedChannels($1) }
    let paddedOutputs = FeatureLayout.paddedChannels(outputs)
    let products = Double(channels * paddedOutputs)
    let direct = 27 * products / Self.directShare
    var best = (algorithm: ConvolutionAlgorithm.direct, precision: Precision.float32, cost: direct)
    let rounded = roundsTransforms ? precision : .float32
    for precision in Precision.allCases where precision == .float32 || precision == rounded {
      guard let costs = Self.costs(instructionSet, precision) else { continue }
      let cost =
        27.0 / 8 * products / costs.productShare
        + costs.transform * Double(padded + paddedOutputs)
      if cost < best.cost { best = (.winograd, precision, cost) }
    }
    return (best.algorithm, best.precision, best.cost / direct)
  }

  /// Share of the peak that direct convolution reaches.
  private static let directShare = 0.9

  /// Share of the float32 peak that the products of Winograd's algorithm reach, and multiply-adds per
  /// voxel and channel that take as long as its transforms.
  private struct Costs {
    var productShare: Double
    var transform: Double
  }

  /// The costs on an instruction set; nil where everything stays direct.
  ///
  /// Solved from the rates of 16->16, 32->32 and 64->64 at 48 x 48 x 48 voxels (`kernel-benchmark`,
  /// one core of AMD family 26); those of bfloat16 from their ratios to float32 in one run. NEON, not
  /// measured, is taken to be like AVX2. The plain loops define the truth.
  private static func costs(_ set: InstructionSet, _ precision: Precision) -> Costs? {
    switch (set, precision) {
    case (.generic, _): nil
    case (.sse42, .float32): Costs(productShare: 0.75, transform: 50)
    case (.neon, .float32), (.avx2, .float32): Costs(productShare: 0.85, transform: 42)
    case (.avx512, .float32), (.avx512bf16, .float32): Costs(productShare: 0.85, transform: 66)
    case (.sse42, .bfloat16): Costs(productShare: 0.52, transform: 68)
    case (.neon, .bfloat16), (.avx2, .bfloat16): Costs(productShare: 0.64, transform: 69)
    case (.avx512, .bfloat16): Costs(productShare: 1.18, transform: 118)
    case (.avx512bf16, .bfloat16): Costs(productShare: 1.6, transform: 65)
    }
  }
}
