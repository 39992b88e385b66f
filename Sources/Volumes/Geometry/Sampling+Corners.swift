extension Sampling {
  /// The places of a finer grid whose outer voxel centres lie on those of the input.
  ///
  /// Along each axis, from n voxels to m:
  ///
  ///     x(o) = o (n - 1) / (m - 1)
  ///
  /// An axis that gets one voxel has it at 0. Nothing lies beyond the outer centres.
  package static func corners(inputSize: SIMD3<Int>, outputSize: SIMD3<Int>) -> Sampling {
    .separable(
      SeparableSampling(
        axes: (0..<3).map { axis in
          let (n, m) = (inputSize[axis], outputSize[axis])
          return SeparableSampling.Axis(
            positions: (0..<m).map { m > 1 ? Double($0 * (n - 1)) / Double(m - 1) : 0 },
            outputAxis: axis, inputSize: n)
        }))
  }
}
