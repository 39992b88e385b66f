import KernelInterface

/// The kernels of gradient filters of this module.
func filterKernels() -> FilterKernels {
  FilterKernels(
    findBuckets: findBuckets, applyFilter: applyFilter, gatherPatches: gatherPatches,
    addOuterProducts: addOuterProducts, solveTriangle: solveTriangle)
}
