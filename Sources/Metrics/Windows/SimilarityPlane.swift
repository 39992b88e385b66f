import KernelInterface
import Workers

/// Computes planes of the map of structural similarity and adds them up.
///
/// `@unchecked Sendable`: one thread at a time may use it; each worker has its own.
final class SimilarityPlane: @unchecked Sendable {
  private let pair: ImagePair
  private let weights: [Double]
  private let range: Double
  private let kernels: KernelTable
  private let map: AlignedBuffer<Double>
  private let scratch: AlignedBuffer<Double>
  private let mapStride: Int

  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  init(
    _ pair: ImagePair, weights: [Double], range: Double, kernels: KernelTable
  ) throws(WorkersError) {
    self.pair = pair
    self.weights = weights
    self.range = range
    self.kernels = kernels
    let taps = weights.count
    mapStride = SimilarityArguments.mapStride(width: pair.size.x, taps: taps)
    map = try AlignedBuffer(count: (pair.size.y - taps + 1) * mapStride)
    scratch = try AlignedBuffer(
      count: SimilarityArguments.scratchCount(width: pair.size.x, taps: taps))
  }

  /// Per mask the sum of the map over the voxels that count, and their number, for the windows that begin
  /// at `plane`.
  func sums(plane: Int, _ masks: [[UInt8]?]) -> [SIMD2<Double>] {
    computeMap(plane)
    let taps = weights.count
    let count = pair.size.x - taps + 1
    return masks.map { mask in
      var total = SIMD2<Double>.zero
      for row in 0..<pair.size.y - taps + 1 {
        let values = map.pointer + row * mapStride
        let first =
          ((plane + taps / 2) * pair.size.y + row + taps / 2) * pair.size.x + taps / 2
        var sum = 0.0
        var counted = 0
        if let mask {
          for index in 0..<count where mask[first + index] != 0 {
            sum += values[index]
            counted += 1
          }
        } else {
          for index in 0..<count { sum += values[index] }
          counted = count
        }
        total += SIMD2(sum, Double(counted))
      }
      return total
    }
  }

  private func computeMap(_ plane: Int) {
    let offset = plane * pair.size.y * pair.size.x
    pair.image.withUnsafeBufferPointer { image in
      pair.reference.withUnsafeBufferPointer { reference in
        weights.withUnsafeBufferPointer { weights in
          guard let image = image.baseAddress, let reference = reference.baseAddress,
            let first = weights.baseAddress
          else { return }
          kernels.similarityPlane(
            SimilarityArguments(
              image: image + offset, reference: reference + offset, width: pair.size.x,
              rows: pair.size.y, weights: first, taps: weights.count,
              c1: 0.01 * range * (0.01 * range), c2: 0.03 * range * (0.03 * range),
              map: map.pointer, mapStride: mapStride, scratch: scratch.pointer))
        }
      }
    }
  }
}
