import KernelInterface

/// The training kernels of this module.
func trainingKernels() -> TrainingKernels {
  TrainingKernels(
    addWeightGradient: addWeightGradient, addWeightGradientPairs: addWeightGradientPairs,
    pairRows: pairRows, gate: gateGradient, add: addArrays, sample: sampleVectors,
    spread: spreadVectors, applyOutputRow: applyOutputRow,
    outputRowGradient: outputRowGradient, transformFilters: transformFilters,
    transformInputTile: transformInputTile, transformGradientTile: transformGradientTile,
    filterGradient: filterGradient, transformPlaneFilters: transformPlaneFilters,
    transformPlaneInputs: transformPlaneInputs, transformPlaneGradients: transformPlaneGradients,
    convolvePlane: convolvePlane, planeFilterGradient: planeFilterGradient)
}
