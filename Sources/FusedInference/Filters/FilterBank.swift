import KernelInterface
import Networks
import Workers

/// Filters packed for the kernels.
package final class FilterBank: Sendable {
  /// The filters as a file has them.
  package let filters: GradientFilters

  private let kernels: FilterKernels
  private let finder: BucketFinder
  /// `[bucket][k][j][row of taps]`.
  private let taps: AlignedBuffer<Float>
  /// Whether a bucket has a filter, be it that of its like.
  private let isFiltered: [Bool]

  /// Rows of a plane that are sorted into buckets together.
  ///
  /// Their surroundings (74 rows of 11 planes) stay in L2, and a bucket has some voxels there that share
  /// the loads of its filter.
  package static let rowsPerItem = 64

  /// Packs filters.
  ///
  /// - Throws: If the system refuses memory.
  package init(_ filters: GradientFilters, kernels: FilterKernels) throws(WorkersError) {
    self.filters = filters
    self.kernels = kernels
    finder = try BucketFinder(filters.hashing, kernels: kernels)
    let patch = filters.patch
    let rowFloats = PatchFilterArguments.rowFloats(patch: patch)
    let filterFloats = PatchFilterArguments.filterFloats(patch: patch)
    taps = try AlignedBuffer(count: filters.bucketCount * filterFloats)
    let applied = filters.appliedFilters
    for bucket in 0..<filters.bucketCount {
      let source = bucket * filters.tapCount
      for i in 0..<patch {
        for j in 0..<patch {
          for k in 0..<patch {
            taps.pointer[bucket * filterFloats + (k * patch + j) * rowFloats + i] =
              applied[source + (i * patch + j) * patch + k]
          }
        }
      }
    }
    isFiltered = (0..<filters.bucketCount).map { bucket in
      applied[filters.taps(of: bucket)].contains { $0 != 0 }
    }
  }

  /// Bytes of the packed filters.
  package static func byteCount(_ filters: GradientFilters) -> Int {
    filters.bucketCount * PatchFilterArguments.filterFloats(patch: filters.patch)
      * MemoryLayout<Float>.size
  }

  /// The voxels of an axis whose patches lie in the volume.
  package func interior(_ size: Int) -> Range<Int> {
    filters.reach..<max(filters.reach, size - filters.reach)
  }

  /// Filters some rows of a plane.
  ///
  /// Voxels that are 0, those whose patches leave the volume and those of buckets without a filter stay
  /// as they are in `target`.
  ///
  /// - Parameters:
  ///   - columns: Some of ``interior(_:)``.
  ///   - rows: Some of ``interior(_:)``, at most ``rowsPerItem``.
  ///   - plane: One of ``interior(_:)``.
  ///   - image: Voxel (0, 0, 0) of the interpolated volume; the planes from `reach + 1` before to as many
  ///     behind are read.
  ///   - size: Voxels of the volume.
  ///   - highest: Results are limited to 0 and this.
  ///   - target: Voxel (0, 0) of the plane, in the volume's layout.
  ///   - scratch: The worker's.
  package func apply(
    columns: Range<Int>, rows: Range<Int>, plane: Int, of image: UnsafePointer<Float>,
    size: SIMD3<Int>, highest: Float, to target: UnsafeMutablePointer<Float>,
    scratch: FilterScratch
  ) {
    let planeStart = plane * size.x * size.y
    guard
      let columns = Self.columns(
        of: image + planeStart, width: size.x, rows: rows, within: columns)
    else { return }
    let region = StructureTensorArguments.Region(plane: plane, rows: rows, columns: columns)
    finder.find(region, in: .single(image), size: size, into: scratch.buckets)
    scratch.sort(region, image: image, size: size, isFiltered: isFiltered)
    let filterFloats = PatchFilterArguments.filterFloats(patch: filters.patch)
    scratch.forEachBucket { bucket, voxels, count, values in
      kernels.applyFilter(
        PatchFilterArguments(
          image: image, rowStride: size.x, planeStride: size.x * size.y, patch: filters.patch,
          filter: taps.pointer + bucket * filterFloats, voxels: voxels, count: count,
          values: values))
      for index in 0..<count {
        let value = values[index]
        target[voxels[index] - planeStart] = value < 0 ? 0 : value > highest ? highest : value
      }
    }
    withExtendedLifetime(taps) {}
  }

  /// From the first to the last column in which any voxel is not 0.
  private static func columns(
    of plane: UnsafePointer<Float>, width: Int, rows: Range<Int>, within: Range<Int>
  ) -> Range<Int>? {
    var (first, end) = (within.upperBound, within.lowerBound)
    for row in rows {
      let values = plane + row * width
      var low = within.lowerBound
      while low < first, values[low] == 0 { low += 1 }
      first = min(first, low)
      var high = within.upperBound
      while high > end, values[high - 1] == 0 { high -= 1 }
      end = max(end, high)
    }
    return first < end ? first..<end : nil
  }
}
