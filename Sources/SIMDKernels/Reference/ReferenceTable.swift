import KernelInterface

/// Output channels that the plain loops compute together; packed weights have such panels only.
let referencePanelWidth = FeatureLayout.channelGranule

/// The kernels of the set `generic`.
let referenceTable = KernelTable(
  instructionSet: .generic,
  layout: PackedLayout(lanes: 1, panelWidth: referencePanelWidth),
  convolve3x3x3: { referenceConvolution($0, extent: 3) },
  convolve1x1x1: { referenceConvolution($0, extent: 1) },
  convolutionScratch: { _, outputChannels in outputChannels },
  convolve1x1x1Pairs: referencePairConvolution,
  pairConvolutionScratch: { _, _, outputChannels in outputChannels },
  convolveWinograd: { referenceWinograd($0, precision: .float32) },
  winogradScratch: referenceWinogradScratch,
  convolveWinogradPairs: { referenceWinograd($0, precision: .bfloat16) },
  pairWinogradScratch: referenceWinogradScratch,
  convolvePlaneWinograd: referencePlaneWinograd,
  transformColumns: referenceColumnTransform,
  similarityPlane: referenceSimilarity,
  decodeRows: referenceRowDecoder,
  rowDecoderScratch: { _, hidden, widest, _ in 2 * max(widest, hidden) + hidden },
  decodePoints: referencePointDecoder,
  pointDecoderScratch: { channels, coordinateCount, widest, _ in
    let inputs = FeatureLayout.paddedChannels(channels + coordinateCount)
    return inputs + 2 * max(widest, inputs)
  },
  related: referenceRelated,
  training: referenceTraining,
  filters: referenceFilters,
  peak: referencePeak,
  // Plain loops take pairs apart and multiply floats.
  peakOfPairs: referencePeak)

/// Multiplications and additions of baseline vectors without memory traffic.
private func referencePeak(iterations: Int, buffer: UnsafeMutablePointer<Float>) -> Int {
  var sums = InlineArray<14, SIMD4<Float>>(repeating: SIMD4(repeating: buffer[0]))
  let factor = SIMD4<Float>(repeating: buffer[16])
  let term = SIMD4<Float>(repeating: buffer[32])
  for _ in 0..<iterations {
    for index in sums.indices { sums[index] = term + sums[index] * factor }
  }
  var total = SIMD4<Float>.zero
  for index in sums.indices { total += sums[index] }
  buffer[48] = total.sum()
  return iterations * 14 * 4 * 2
}
