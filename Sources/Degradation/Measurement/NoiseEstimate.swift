/// The standard deviation of a volume's noise, estimated from the volume alone.
///
/// The finest Haar coefficient of a block of 2 x 2 x 2 voxels, (sum of its voxels with the signs of
/// a chessboard) / sqrt 8, holds the noise of one voxel and, of structure, only what changes along
/// all three axes at once. sigma = median |c| / 0.6745 over the blocks (Donoho and Johnstone,
/// 1994). What structure is left raises it, so it is an upper bound on a sharp volume; correlated
/// noise lowers it.
public enum NoiseEstimate {
  /// The median of |x| of a normal distribution of standard deviation 1.
  private static let medianOfNormal = 0.674489750196082

  /// Estimates the noise over blocks that lie in the object.
  ///
  /// - Parameters:
  ///   - voxels: `[k][j][i]` of `size`, finite.
  ///   - size: Voxels along i, j, k.
  ///   - isCounted: Which voxels belong to the object; nil: all.
  /// - Returns: nil where no block of the object has eight voxels.
  public static func standardDeviation(
    _ voxels: [Float], size: SIMD3<Int>, isCounted: [Bool]?
  ) -> Double? {
    var coefficients: [Float] = []
    let (row, plane) = (size.x, size.x * size.y)
    let offsets = [0, 1, row, row + 1, plane, plane + 1, plane + row, plane + row + 1]
    let signs: [Float] = [1, -1, -1, 1, -1, 1, 1, -1]
    for k in stride(from: 0, to: size.z - 1, by: 2) {
      for j in stride(from: 0, to: size.y - 1, by: 2) {
        for i in stride(from: 0, to: size.x - 1, by: 2) {
          let start = (k * size.y + j) * size.x + i
          if let isCounted, !offsets.allSatisfy({ isCounted[start + $0] }) { continue }
          var sum: Float = 0
          for (offset, sign) in zip(offsets, signs) { sum += sign * voxels[start + offset] }
          coefficients.append(abs(sum))
        }
      }
    }
    guard !coefficients.isEmpty else { return nil }
    coefficients.sort()
    let middle = coefficients.count / 2
    let median =
      coefficients.count % 2 == 1
      ? Double(coefficients[middle])
      : (Double(coefficients[middle - 1]) + Double(coefficients[middle])) / 2
    return median / 8.0.squareRoot() / medianOfNormal
  }
}
