import Foundation
import KernelInterface
import Networks
import TestSupport
import Workers

@testable import FusedInference

/// A configuration of Tests/Golden/filters.
///
/// Its arrays are [i][j][k] with k fastest; volumes here are i fastest.
struct FilterGolden: Sendable, CustomStringConvertible {
  let name: String
  let factor: Int
  let patch: Int
  let window: Int
  let bins: GradientFilters.Bins

  static let small = FilterGolden(
    name: "small", factor: 2, patch: 3, window: 3,
    bins: .init(azimuth: 4, polar: 4, strength: 3, coherence: 3))
  static let published = FilterGolden(
    name: "default_features", factor: 4, patch: 11, window: 9, bins: .published)

  var description: String { name }

  func array(_ file: String) throws -> NumPyArray {
    try NumPyArray(contentsOf: Golden.folder("filters").appendingPathComponent("\(name)/\(file)"))
  }

  /// Voxels of the cut volumes.
  var size: SIMD3<Int> { get throws { SIMD3(try array("lr.npy").shape) } }

  /// A volume, i fastest.
  func volume(_ file: String) throws -> [Double] {
    let array = try array(file)
    let size = SIMD3(array.shape)
    return Self.reordered(array.values, size)
  }

  static func reordered(_ values: [Double], _ size: SIMD3<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    for i in 0..<size.x {
      for j in 0..<size.y {
        for k in 0..<size.z {
          result[(k * size.y + j) * size.x + i] = values[(i * size.y + j) * size.z + k]
        }
      }
    }
    return result
  }

  /// The voxels whose features are stored, in their order: (i, j, k).
  func usedVoxels() throws -> [SIMD3<Int>] {
    let mask = try array("use_mask.npy")
    let size = SIMD3(mask.shape)
    var voxels: [SIMD3<Int>] = []
    for (place, value) in mask.values.enumerated() where value != 0 {
      voxels.append(SIMD3(place / (size.y * size.z), place / size.z % size.y, place % size.z))
    }
    return voxels
  }

  func hashing() throws -> GradientFilters.Hashing {
    GradientFilters.Hashing(
      window: window, bins: bins, strengthBorders: try array("strength_bounds.npy").values,
      coherenceBorders: try array("coherence_bounds.npy").values)
  }
}

/// A volume with what kernels may read before and behind it.
final class PaddedVolume<Element: BinaryFloatingPoint & BitwiseCopyable> {
  let buffer: AlignedBuffer<Element>
  var pointer: UnsafeMutablePointer<Element> {
    buffer.pointer + StructureTensorArguments.padding
  }

  init(_ values: [Double]) throws {
    buffer = try AlignedBuffer(count: values.count + 2 * StructureTensorArguments.padding)
    for (index, value) in values.enumerated() { pointer[index] = Element(value) }
  }
}

/// The features of all voxels whose patches lie in a volume; i fastest.
struct FilterFeatures {
  var buckets: [Int]
  /// l1, l2, l3, v_i, v_j, v_k.
  var systems: [[Double]]
  var strength: [Double]
  var coherence: [Double]

  init(
    _ image: StructureTensorArguments.Image, size: SIMD3<Int>, reach: Int,
    hashing: GradientFilters.Hashing, kernels: KernelTable
  ) throws {
    let count = size.x * size.y * size.z
    buckets = [Int](repeating: -1, count: count)
    systems = [[Double]](repeating: [], count: count)
    strength = [Double](repeating: 0, count: count)
    coherence = [Double](repeating: 0, count: count)
    let finder = try BucketFinder(hashing, kernels: kernels.filters)
    let rows = reach..<(size.y - reach)
    let columns = reach..<(size.x - reach)
    let scratch = try BucketScratch(
      rows: rows.count, columns: columns.count, radius: finder.radius, wish: .systems)
    let stride = StructureTensorArguments.rowStride(columns: columns.count)
    for plane in reach..<(size.z - reach) {
      finder.find(
        .init(plane: plane, rows: rows, columns: columns), in: image, size: size, into: scratch)
      for (line, row) in rows.enumerated() {
        for (place, column) in columns.enumerated() {
          let voxel = (plane * size.y + row) * size.x + column
          let index = line * stride + place
          buckets[voxel] = Int(scratch.buckets.pointer[index])
          strength[voxel] = scratch.strength?.pointer[index] ?? .nan
          coherence[voxel] = scratch.coherence?.pointer[index] ?? .nan
          systems[voxel] = (0..<6).map {
            scratch.eigensystem?.pointer[$0 * rows.count * stride + index] ?? .nan
          }
        }
      }
    }
  }
}
