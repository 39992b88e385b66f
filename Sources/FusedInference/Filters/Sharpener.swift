import Glibc
import Workers

/// Sharpens a volume in three steps of differences of Gaussians, each limited by a census blend.
///
/// With B(x, s) a 3 x 3 x 3 Gaussian of standard deviation s, mirrored at the faces of the outer voxels,
/// s = 0.85, f = 1.414 and r = 15:
///
///     H0 = x,  G = B(H, s),  H' = B(H, f s),  D = (1 + r) G - r H'        three times, D1, D2, D3
///     b = blend(x, D3);  b = blend(x, b);  b = blend(b, D2);  b = blend(x, b);
///     b = blend(b, D1);  b = blend(x, b);  limited to 0 and 1
///
/// Source: the filter learning project for 3D MR images, which has it but does not call it.
package struct Sharpener: Sendable {
  private static let sigma = 0.85
  private static let ratio = 1.414
  private static let gain = 15.0

  private let size: SIMD3<Int>
  private let blend: CensusBlend

  package init(size: SIMD3<Int>, zeroesFaces: Bool = false) {
    self.size = size
    blend = CensusBlend(
      threshold: CensusBlend.publishedThreshold, size: size, zeroesFaces: zeroesFaces)
  }

  private typealias Image = AlignedBuffer<Double>

  /// Sharpens in place.
  ///
  /// - Parameters:
  ///   - voxels: Values from 0 to 1, i fastest.
  ///   - pool: Shares the rows.
  /// - Throws: If the system refuses memory.
  package func apply(
    to voxels: UnsafeMutablePointer<Double>, pool: WorkerPool
  ) throws(WorkersError) {
    let count = size.x * size.y * size.z
    let source = try Image(count: count)
    source.pointer.update(from: voxels, count: count)
    var details: [Image] = []
    var coarse = source
    for _ in 0..<3 {
      let fine = try blurred(coarse, sigma: Self.sigma, pool: pool)
      coarse = try blurred(coarse, sigma: Self.ratio * Self.sigma, pool: pool)
      let detail = fine
      for index in 0..<count {
        detail.pointer[index] =
          (1 + Self.gain) * fine.pointer[index] - Self.gain * coarse.pointer[index]
      }
      details.append(detail)
    }
    var result = try blended(source, details[2], pool)
    result = try blended(source, result, pool)
    for detail in [details[1], details[0]] {
      result = try blended(result, detail, pool)
      result = try blended(source, result, pool)
    }
    for index in 0..<count { voxels[index] = min(max(result.pointer[index], 0), 1) }
    withExtendedLifetime(result) {}
  }

  private func blended(
    _ image: Image, _ other: Image, _ pool: WorkerPool
  ) throws(WorkersError) -> Image {
    let result = try Image(count: image.count)
    let (size, blend) = (size, blend)
    pool.run(size.y * size.z) { item, _ in
      let (k, j) = item.quotientAndRemainder(dividingBy: size.y)
      blend.row(
        j: j, k: k, image: UnsafePointer(image.pointer), other: UnsafePointer(other.pointer),
        into: result.pointer + item * size.x)
    }
    return result
  }

  private func blurred(
    _ image: Image, sigma: Double, pool: WorkerPool
  ) throws(WorkersError) -> Image {
    let side = exp(-1 / (2 * sigma * sigma))
    let (centre, outer) = (1 / (1 + 2 * side), side / (1 + 2 * side))
    let result = try Image(count: image.count)
    let size = size
    pool.run(size.y * size.z) { item, _ in
      let (k, j) = item.quotientAndRemainder(dividingBy: size.y)
      func weighted(_ i: Int) -> Double {
        var sum = 0.0
        for c in -1...1 {
          for b in -1...1 {
            // Mirrored at the face, the neighbour beyond it is the voxel itself.
            let row =
              min(max(k + c, 0), size.z - 1) * size.y + min(max(j + b, 0), size.y - 1)
            let weight = (c == 0 ? centre : outer) * (b == 0 ? centre : outer)
            sum += weight * image.pointer[row * size.x + i]
          }
        }
        return sum
      }
      var (before, here) = (weighted(0), weighted(0))
      for i in 0..<size.x {
        let after = i + 1 < size.x ? weighted(i + 1) : here
        result.pointer[item * size.x + i] = outer * (before + after) + centre * here
        (before, here) = (here, after)
      }
    }
    return result
  }
}
