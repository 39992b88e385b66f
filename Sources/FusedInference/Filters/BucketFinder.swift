import Glibc
import KernelInterface
import Networks
import Workers

/// Finds the buckets of voxels: the rules of a set of filters as tables for the kernel.
package final class BucketFinder: Sendable {
  /// The rules.
  package let hashing: GradientFilters.Hashing

  private let kernels: FilterKernels
  /// Weights of the window, then the borders of each feature.
  private let tables: AlignedBuffer<Double>

  /// Works out the tables.
  ///
  /// - Throws: If the system refuses memory.
  package init(
    _ hashing: GradientFilters.Hashing, kernels: FilterKernels
  ) throws(WorkersError) {
    self.hashing = hashing
    self.kernels = kernels
    let bins = hashing.bins
    let azimuth = (1..<max(bins.azimuth, 1)).flatMap { border -> [Double] in
      let angle = Double(border) * (Double.pi / Double(bins.azimuth))
      return [cos(angle), sin(angle)]
    }
    let polar = (1..<max(bins.polar, 1)).map { cos(Double($0) * (Double.pi / Double(bins.polar))) }
    tables = try AlignedBuffer(
      Self.weights(window: hashing.window, sigma: hashing.sigma) + azimuth + polar
        + hashing.strengthBorders + hashing.coherenceBorders)
  }

  /// Voxels to each side that a window reaches.
  package var radius: Int { hashing.window / 2 }

  /// A Gaussian along one axis, with sum 1; the product of three is the window.
  private static func weights(window: Int, sigma: Double) -> [Double] {
    let shape = (0..<window).map { place -> Double in
      let distance = Double(place - window / 2)
      return exp(-distance * distance / (2 * sigma * sigma))
    }
    let sum = shape.reduce(0, +)
    return shape.map { $0 / sum }
  }

  /// Finds the buckets of a region.
  ///
  /// - Parameters:
  ///   - region: Part of a plane whose windows lie in the volume.
  ///   - image: Voxel (0, 0, 0) of the volume; only what the windows cover is read, and a little
  ///     before and behind it (`StructureTensorArguments.padding`).
  ///   - size: Voxels of the volume along i, j, k.
  ///   - scratch: Receives the buckets, and strengths and coherences where it has room for them.
  package func find(
    _ region: StructureTensorArguments.Region, in image: StructureTensorArguments.Image,
    size: SIMD3<Int>, into scratch: BucketScratch
  ) {
    scratch.check(region, radius: radius)
    kernels.findBuckets(
      StructureTensorArguments(
        image: image, size: size, region: region,
        window: .init(weights: tables.pointer, radius: radius), bins: bins,
        strength: scratch.strength?.pointer, coherence: scratch.coherence?.pointer,
        eigensystem: scratch.eigensystem?.pointer, buckets: scratch.buckets.pointer,
        scratch: scratch.kernel.pointer))
    withExtendedLifetime((tables, scratch)) {}
  }

  private var bins: BucketTables {
    let bins = hashing.bins
    let azimuth = tables.pointer + hashing.window
    let polar = azimuth + 2 * (bins.azimuth - 1)
    let strength = polar + (bins.polar - 1)
    return BucketTables(
      azimuthCount: bins.azimuth, azimuth: azimuth, polarCount: bins.polar, polar: polar,
      strengthCount: bins.strength, strength: strength, coherenceCount: bins.coherence,
      coherence: strength + (bins.strength - 1), usesTrace: hashing.features.usesTrace,
      usesAnisotropy: hashing.features.usesAnisotropy)
  }
}

/// What one worker needs to find buckets; touched first, and only, by that worker.
package final class BucketScratch: Sendable {
  /// What is found beside the buckets.
  package enum Wish: Sendable {
    /// Nothing.
    case buckets
    /// Strengths and coherences.
    case measures
    /// Those, and the eigenvalues with the leading vector.
    case systems
  }

  /// Rows of `StructureTensorArguments.rowStride(columns:)` numbers.
  package let buckets: AlignedBuffer<Int32>
  /// As ``buckets``.
  package let strength: AlignedBuffer<Double>?
  /// As ``buckets``.
  package let coherence: AlignedBuffer<Double>?
  /// Six such sets of rows: l1, l2, l3, v_i, v_j, v_k.
  package let eigensystem: AlignedBuffer<Double>?
  let kernel: AlignedBuffer<Double>

  /// Makes room for regions of at most so many rows and columns.
  ///
  /// - Throws: If the system refuses memory.
  package init(
    rows: Int, columns: Int, radius: Int, wish: Wish = .buckets
  ) throws(WorkersError) {
    let count = rows * StructureTensorArguments.rowStride(columns: columns)
    buckets = try AlignedBuffer(count: count)
    let hasMeasures = wish != .buckets
    strength = hasMeasures ? try AlignedBuffer(count: count) : nil
    coherence = hasMeasures ? try AlignedBuffer(count: count) : nil
    eigensystem = wish == .systems ? try AlignedBuffer(count: 6 * count) : nil
    kernel = try AlignedBuffer(
      count: StructureTensorArguments.scratchCount(columns: columns, radius: radius))
  }

  func check(_ region: StructureTensorArguments.Region, radius: Int) {
    let stride = StructureTensorArguments.rowStride(columns: region.columns.count)
    precondition(
      region.rows.count * stride <= buckets.count
        && StructureTensorArguments.scratchCount(columns: region.columns.count, radius: radius)
          <= kernel.count,
      "region: \(region)")
  }
}
