extension Interpolator {
  /// The value at one point of the input's field of view, in input voxels.
  ///
  /// For a separable sampling of the cubic method this is meaningful only if all axes were
  /// filtered, so it belongs to general samplings.
  func value(at u: SIMD3<Double>) -> Float {
    let method = sampling.method
    let size = sampling.inputSize
    let count = method.tapCount
    let (firstI, weightsI) = method.taps(at: u.x, size: size.x)
    let (firstJ, weightsJ) = method.taps(at: u.y, size: size.y)
    let (firstK, weightsK) = method.taps(at: u.z, size: size.z)
    let factorsI = SIMD8<Float>(weightsI)
    let factorsJ = SIMD8<Float>(weightsJ)
    let factorsK = SIMD8<Float>(weightsK)
    return coefficients.withUnsafeBufferPointer { source in
      let isInteriorRow = firstI >= 0 && firstI + count <= size.x
      var total: Float = 0
      for tapK in 0..<count {
        let plane = method.extended(firstK + tapK, size: size.z) * size.y
        var planeTotal: Float = 0
        for tapJ in 0..<count {
          let start = (plane + method.extended(firstJ + tapJ, size: size.y)) * size.x
          var rowTotal: Float = 0
          if isInteriorRow {
            for tap in 0..<count { rowTotal += factorsI[tap] * source[start + firstI + tap] }
          } else {
            for tap in 0..<count {
              let voxel = method.extended(firstI + tap, size: size.x)
              rowTotal += factorsI[tap] * source[start + voxel]
            }
          }
          planeTotal += factorsJ[tapJ] * rowTotal
        }
        total += factorsK[tapK] * planeTotal
      }
      return total
    }
  }

  /// Stores or adds the part of a general sampling's row that is in the field of view, and returns
  /// which part that is.
  func generalRow(
    _ general: GeneralSampling, j: Int, k: Int, into row: UnsafeMutableBufferPointer<Float>,
    adding: Bool
  ) -> Range<Int> {
    let inside = general.insideRange(j: j, k: k)
    for i in inside {
      let total = value(at: general.position(i: i, j: j, k: k))
      row[i] = adding ? row[i] + total : total
    }
    return inside
  }
}
