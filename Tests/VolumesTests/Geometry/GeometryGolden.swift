import Foundation
import TestSupport
import Volumes

/// `Tests/Golden/resample-geometry/geometry.json`, decoded.
struct GeometryGolden: Decodable {
  struct Case: Decodable {
    struct Quaternion: Decodable {
      var qfac: Double
      var quaternAbcd: [Double]
      var representable: Bool
    }
    var name: String
    var affineIn: [[Double]]
    var shapeIn: [Int]
    var scale: [Double]?
    var size: [Int]?
    var shapeOut: [Int]
    var affineOut: [[Double]]
    var voxelSizeOut: [Double]
    var worldFirstVoxelCentreOut: [Double]
    var worldLastVoxelCentreOut: [Double]
    var worldFovCentre: [Double]
    var worldFovCorners: [[Double]]
    var qformOfAffineOut: Quaternion
  }

  struct Like: Decodable {
    struct Point: Decodable {
      var voxel: [Int]
      var lrVoxel: [Double]
      var inside: Bool
    }
    var name: String
    var affineIn: [[Double]]
    var shapeIn: [Int]
    var affineRef: [[Double]]
    var shapeRef: [Int]
    var refVoxelToLrVoxel: [[Double]]
    var points: [Point]
    var insideCount: Int
    var total: Int
  }

  var cases: [Case]
  var like: [Like]

  static func load() throws -> GeometryGolden {
    let url = Golden.folder("resample-geometry").appendingPathComponent("geometry.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(GeometryGolden.self, from: Data(contentsOf: url))
  }
}

extension Affine {
  init(golden rows: [[Double]]) {
    self.init(rows: SIMD4(rows[0]), SIMD4(rows[1]), SIMD4(rows[2]))
  }

  /// The largest difference of an entry.
  func distance(to other: Affine) -> Double {
    var largest = 0.0
    for row in 0..<3 {
      for column in 0...3 { largest = max(largest, abs(self[row, column] - other[row, column])) }
    }
    return largest
  }
}

extension SIMD3 where Scalar == Double {
  func distance(to other: SIMD3<Double>) -> Double {
    let difference = self - other
    return Swift.max(abs(difference.x), abs(difference.y), abs(difference.z))
  }
}

/// Corners (i fastest) and centre of a grid's field of view in millimetres.
func fieldOfView(_ grid: Grid, _ affine: Affine) -> [SIMD3<Double>] {
  let size = SIMD3<Double>(grid.size)
  var points: [SIMD3<Double>] = []
  for corner in 0..<8 {
    let upper = SIMD3(Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2 & 1))
    points.append(affine.apply(upper * size - 0.5))
  }
  points.append(affine.apply(size / 2 - 0.5))
  return points
}
