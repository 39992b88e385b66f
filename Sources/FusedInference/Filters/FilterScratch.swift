import KernelInterface
import Networks
import Workers

/// What one worker needs to apply filters; touched first, and only, by that worker.
package final class FilterScratch: Sendable {
  let buckets: BucketScratch
  private let bucketCount: Int
  /// Per bucket, where its voxels begin, and behind the last one the end.
  private let starts: AlignedBuffer<Int>
  private let voxels: AlignedBuffer<Int>
  private let values: AlignedBuffer<Float>

  /// Makes room for rows of volumes of a width.
  ///
  /// - Throws: If the system refuses memory.
  package init(_ filters: GradientFilters, width: Int) throws(WorkersError) {
    let rows = FilterBank.rowsPerItem
    buckets = try BucketScratch(rows: rows, columns: width, radius: filters.hashing.window / 2)
    bucketCount = filters.bucketCount
    starts = try AlignedBuffer(count: bucketCount + 2)
    voxels = try AlignedBuffer(count: rows * width)
    values = try AlignedBuffer(count: rows * width)
  }

  /// Bytes of one.
  package static func byteCount(_ filters: GradientFilters, width: Int) -> Int {
    let radius = filters.hashing.window / 2
    let voxelBytes = MemoryLayout<Int>.size + MemoryLayout<Float>.size + MemoryLayout<Int32>.size
    return FilterBank.rowsPerItem * (width + 8) * voxelBytes
      + StructureTensorArguments.scratchCount(columns: width, radius: radius) * 8
      + filters.bucketCount * MemoryLayout<Int>.size
  }

  /// Sorts the voxels of a region that are filtered by their buckets; within one they keep their order.
  func sort(
    _ region: StructureTensorArguments.Region, image: UnsafePointer<Float>, size: SIMD3<Int>,
    isFiltered: [Bool]
  ) {
    let stride = StructureTensorArguments.rowStride(columns: region.columns.count)
    // Counted two places on, so that filling moves every start to its own place.
    let counts = starts.pointer
    for place in 0..<(bucketCount + 2) { counts[place] = 0 }
    let numbers = buckets.buckets.pointer
    isFiltered.withUnsafeBufferPointer { isFiltered in
      for (line, row) in region.rows.enumerated() {
        let values = image + (region.plane * size.y + row) * size.x + region.columns.lowerBound
        let places = numbers + line * stride
        for column in 0..<region.columns.count {
          let bucket = Int(places[column])
          if values[column] != 0, isFiltered[bucket] {
            counts[bucket + 2] += 1
          } else {
            places[column] = -1
          }
        }
      }
    }
    for bucket in 0..<bucketCount { counts[bucket + 2] += counts[bucket + 1] }
    for (line, row) in region.rows.enumerated() {
      let first = (region.plane * size.y + row) * size.x + region.columns.lowerBound
      let places = numbers + line * stride
      for column in 0..<region.columns.count where places[column] >= 0 {
        let bucket = Int(places[column])
        voxels.pointer[counts[bucket + 1]] = first + column
        counts[bucket + 1] += 1
      }
    }
  }

  /// Calls `body` with the voxels of each bucket that has any, and room for their values.
  func forEachBucket(
    _ body: (
      _ bucket: Int, _ voxels: UnsafePointer<Int>, _ count: Int,
      _ values: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    for bucket in 0..<bucketCount {
      let (start, end) = (starts.pointer[bucket], starts.pointer[bucket + 1])
      if start < end { body(bucket, voxels.pointer + start, end - start, values.pointer) }
    }
  }
}
