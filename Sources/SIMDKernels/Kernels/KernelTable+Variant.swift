import KernelInterface

/// The kernels of this module; only a machine that has its instruction set may call them.
public func kernelTable() -> KernelTable {
  #if ISA_AVX512BF16
  let instructionSet = InstructionSet.avx512bf16
  #elseif ISA_AVX512
  let instructionSet = InstructionSet.avx512
  #elseif ISA_AVX2
  let instructionSet = InstructionSet.avx2
  #elseif ISA_SSE42
  let instructionSet = InstructionSet.sse42
  #elseif ISA_NEON
  let instructionSet = InstructionSet.neon
  #endif
  return KernelTable(
    instructionSet: instructionSet, layout: Tiling.layout,
    convolve3x3x3: convolve3x3x3, convolve1x1x1: convolve1x1x1,
    convolutionScratch: convolutionScratch, convolve1x1x1Pairs: convolve1x1x1Pairs,
    pairConvolutionScratch: pairConvolutionScratch, convolveWinograd: convolveWinograd,
    winogradScratch: winogradScratch, convolveWinogradPairs: convolveWinogradPairs,
    pairWinogradScratch: pairWinogradScratch, convolvePlaneWinograd: convolvePlaneWinograd,
    transformColumns: transformColumns, similarityPlane: similarityPlane, decodeRows: decodeRows,
    rowDecoderScratch: rowDecoderScratch, decodePoints: decodePoints,
    pointDecoderScratch: pointDecoderScratch,
    related: RelatedKernels(
      convolveCube: convolveCube, convolveToOne: convolveToOne, exponentialUnits: exponentialUnits),
    training: trainingKernels(), filters: filterKernels(), peak: peak, peakOfPairs: peakOfPairs)
}
