import KernelInterface
import Workers

/// The sums over samples that filters follow from, of some buckets.
///
/// Per bucket one symmetric matrix of the samples' taps and, as one more row and column, of what they
/// should become:
///
///     | Q    V   |      Q = sum of a a^T,  V = sum of a y
///     | V^T  y^2 |
///
/// Taps are counted with i fastest. Only the upper triangle is kept (`SymmetricPanels`).
package final class NormalEquations: Sendable {
  /// The buckets.
  package let buckets: Range<Int>
  /// Taps of a filter.
  package let tapCount: Int
  /// The form of a matrix.
  package let panels: SymmetricPanels
  /// One matrix behind the other.
  let sums: AlignedBuffer<Double>

  private let patch: Int
  private let kernels: FilterKernels

  /// Samples that are added together: their columns stay in L1, and a sum is rounded once per so many.
  package static let samplesPerBlock = 64

  /// Makes room.
  ///
  /// - Throws: If the system refuses memory.
  package init(
    buckets: Range<Int>, patch: Int, kernels: FilterKernels
  ) throws(FilterLearningError) {
    self.buckets = buckets
    self.patch = patch
    self.kernels = kernels
    tapCount = patch * patch * patch
    let panels = SymmetricPanels(count: tapCount + 1)
    self.panels = panels
    sums = try FilterLearningError.ofWorkers { () throws(WorkersError) in
      try AlignedBuffer(count: buckets.count * panels.elementCount)
    }
  }

  /// Bytes of the matrix of a bucket.
  package static func byteCount(patch: Int) -> Int {
    SymmetricPanels(count: patch * patch * patch + 1).elementCount * MemoryLayout<Double>.size
  }

  /// Bytes that a worker needs to add samples.
  package static func scratchBytes(patch: Int) -> Int {
    SymmetricPanels(count: patch * patch * patch + 1).panelCount * SymmetricPanels.width
      * samplesPerBlock * MemoryLayout<Double>.size
  }

  /// The matrix of a bucket.
  package func matrix(of bucket: Int) -> UnsafeMutablePointer<Double> {
    precondition(buckets.contains(bucket), "bucket: \(bucket)")
    return sums.pointer + (bucket - buckets.lowerBound) * panels.elementCount
  }

  /// Room for samples: `[panel][sample][32]`.
  func scratch() throws(FilterLearningError) -> AlignedBuffer<Double> {
    let count = Self.scratchBytes(patch: patch) / MemoryLayout<Double>.size
    return try FilterLearningError.ofWorkers { () throws(WorkersError) in
      try AlignedBuffer(count: count)
    }
  }

  /// The offsets of the taps from the first one of a patch.
  private func tapOffsets(_ size: SIMD3<Int>) -> [Int] {
    (0..<tapCount).map { tap in
      let (row, i) = tap.quotientAndRemainder(dividingBy: patch)
      let (k, j) = row.quotientAndRemainder(dividingBy: patch)
      return (k * size.y + j) * size.x + i
    }
  }

  /// Adds the samples of a bucket.
  ///
  /// - Parameters:
  ///   - bucket: One of ``buckets``.
  ///   - samples: Of the pair.
  ///   - pair: The volume.
  ///   - scratch: The worker's.
  func add(
    _ bucket: Int, _ samples: FilterSamples, of pair: FilterPair, scratch: AlignedBuffer<Double>
  ) {
    let range = samples.range(of: bucket)
    let size = pair.size
    let half = patch / 2
    let corner = half * (1 + size.x + size.x * size.y)
    let target = matrix(of: bucket)
    let offsets = tapOffsets(size)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.samplesPerBlock) {
      let block = samples.voxels[first..<min(range.upperBound, first + Self.samplesPerBlock)]
      offsets.withUnsafeBufferPointer { offsets in
        gather(block, of: pair, corner: corner, offsets: offsets, into: scratch.pointer)
      }
      kernels.addOuterProducts(
        OuterProductArguments(
          samples: scratch.pointer, count: block.count, sums: target,
          panels: 0..<panels.panelCount))
    }
    withExtendedLifetime((sums, scratch, pair.memory)) {}
  }

  private func gather(
    _ block: ArraySlice<Int>, of pair: FilterPair, corner: Int,
    offsets: UnsafeBufferPointer<Int>, into target: UnsafeMutablePointer<Double>
  ) {
    let width = SymmetricPanels.width
    for (number, voxel) in block.enumerated() {
      let patch = pair.image + (voxel - corner)
      for panel in 0..<panels.panelCount {
        let place = target + (panel * block.count + number) * width
        let first = panel * width
        let end = min(first + width, tapCount)
        if end - first < width { place.update(repeating: 0, count: width) }
        for tap in first..<max(first, end) { place[tap - first] = patch[offsets[tap]] }
      }
      let (panel, column) = tapCount.quotientAndRemainder(dividingBy: width)
      target[(panel * block.count + number) * width + column] = pair.truth[voxel]
    }
  }
}
