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
///
/// With products in float32 the value c of a sample's centre is taken off all of its numbers and kept as one
/// more: neighbouring voxels are so alike that the rounding of their products would come near to what the
/// ridge adds. ``restore(_:)`` puts it back, in float64:
///
///     a_p a_q = (a_p - c) (a_q - c) + (a_p - c) c + (a_q - c) c + c^2
package final class NormalEquations: Sendable {
  /// The buckets.
  package let buckets: Range<Int>
  /// Taps of a filter.
  package let tapCount: Int
  /// The form of a matrix.
  package let panels: SymmetricPanels
  /// The form of a matrix with room for the sums of centres, which only has more rows and columns.
  private let storage: SymmetricPanels
  /// One matrix behind the other, in memory that may be larger.
  let sums: AlignedBuffer<Double>
  /// The matrices alone; valid while ``sums`` live.
  var elements: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(
      start: sums.pointer, count: buckets.count * storage.elementCount)
  }

  private let patch: Int
  private let precision: FilterLearningSettings.Precision
  private let kernels: FilterKernels

  /// Makes room.
  ///
  /// - Parameters:
  ///   - buckets: ``buckets``.
  ///   - patch: Voxels of a patch per axis.
  ///   - precision: Of products.
  ///   - kernels: The instruction set's functions.
  ///   - memory: What is left of other sums, to be used again where it is large enough.
  /// - Throws: If the system refuses memory.
  package init(
    buckets: Range<Int>, patch: Int, precision: FilterLearningSettings.Precision,
    kernels: FilterKernels, memory: AlignedBuffer<Double>? = nil
  ) throws(FilterLearningError) {
    self.buckets = buckets
    self.patch = patch
    self.precision = precision
    self.kernels = kernels
    tapCount = patch * patch * patch
    panels = SymmetricPanels(count: tapCount + 1)
    let storage = PatchSampleArguments.panels(patch: patch)
    self.storage = storage
    let count = buckets.count * storage.elementCount
    if let memory, memory.count >= count {
      memory.pointer.update(repeating: 0, count: count)
      sums = memory
    } else {
      sums = try FilterLearningError.ofWorkers { () throws(WorkersError) in
        try AlignedBuffer(count: count)
      }
    }
  }

  /// Bytes of the matrix of a bucket.
  package static func byteCount(patch: Int) -> Int {
    PatchSampleArguments.panels(patch: patch).elementCount * MemoryLayout<Double>.size
  }

  /// The matrix of a bucket.
  package func matrix(of bucket: Int) -> UnsafeMutablePointer<Double> {
    precondition(buckets.contains(bucket), "bucket: \(bucket)")
    return sums.pointer + (bucket - buckets.lowerBound) * storage.elementCount
  }

  /// Room for the samples that a worker adds.
  ///
  /// - Throws: If the system refuses memory.
  func scratch() throws(FilterLearningError) -> SampleBlock {
    try FilterLearningError.ofWorkers { () throws(WorkersError) in
      try SampleBlock(patch: patch, precision: precision)
    }
  }

  /// Adds the samples of a bucket.
  ///
  /// - Parameters:
  ///   - bucket: One of ``buckets``.
  ///   - samples: Of the pair.
  ///   - pair: The volume.
  ///   - scratch: The worker's.
  func add(_ bucket: Int, _ samples: FilterSamples, of pair: FilterPair, scratch: SampleBlock) {
    let range = samples.range(of: bucket)
    let target = matrix(of: bucket)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: scratch.capacity) {
      let voxels = samples.voxels[first..<min(range.upperBound, first + scratch.capacity)]
      kernels.addOuterProducts(
        OuterProductArguments(
          samples: scratch.gather(voxels, of: pair, kernels: kernels), count: voxels.count,
          sums: target, panels: 0..<storage.panelCount))
    }
    withExtendedLifetime((sums, scratch, pair.memory)) {}
  }

  /// Turns the sums of a bucket, when they are complete, into those of samples with their centres.
  ///
  /// - Parameter bucket: One of ``buckets``; once each.
  func restore(_ bucket: Int) {
    guard precision == .single else { return }
    let matrix = matrix(of: bucket)
    let (count, width) = (tapCount + 1, SymmetricPanels.width)
    let shifts = (0..<count).map { matrix[storage.index($0, count)] }
    let square = matrix[storage.index(count, count)]
    for panel in 0..<panels.panelCount {
      let start = matrix + SymmetricPanels.start(ofPanel: panel)
      let columns = (panel * width)..<min((panel + 1) * width, count)
      for row in 0..<columns.upperBound {
        for column in columns {
          start[row * width + column - columns.lowerBound] +=
            shifts[row] + shifts[column] + square
        }
      }
    }
    withExtendedLifetime(sums) {}
  }
}
