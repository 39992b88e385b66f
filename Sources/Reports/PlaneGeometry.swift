import Volumes

/// How the slices of a grid are hung in one plane: which voxel axes run across and down, and which
/// way.
///
/// Slices follow the voxel axes: nothing is interpolated, so an oblique volume shows its own
/// planes, named by the patient axes nearest to them. A grid whose place is not known counts as
/// RAS.
public struct PlaneGeometry: Sendable {
  /// The plane.
  public let plane: PatientPlane
  /// Columns of a slice.
  public let width: Int
  /// Rows of a slice.
  public let height: Int
  /// Slices, counted towards the patient's head, front or left.
  public let count: Int
  /// Extent of a pixel in millimetres, across and down.
  public let pixel: SIMD2<Double>
  /// Millimetres from slice to slice.
  public let step: Double

  /// Voxel axes across, down and through the slices.
  let across: Int
  let down: Int
  let normal: Int
  let isAcrossFlipped: Bool
  let isDownFlipped: Bool
  private let isNormalFlipped: Bool
  private let size: SIMD3<Int>

  /// Finds the axes of a grid for a plane.
  public init(_ grid: Grid, plane: PatientPlane) {
    let letters = Array(grid.orientation ?? "RAS")
    func voxelAxis(_ patientAxis: Int) -> Int {
      letters.firstIndex { PatientPlane.patientAxis(of: $0) == patientAxis } ?? patientAxis
    }
    let directions = plane.directions
    self.plane = plane
    across = voxelAxis(PatientPlane.patientAxis(of: directions.across))
    down = voxelAxis(PatientPlane.patientAxis(of: directions.down))
    normal = voxelAxis(plane.normal)
    isAcrossFlipped = letters[across] != directions.across
    isDownFlipped = letters[down] != directions.down
    isNormalFlipped = letters[normal] != directions.through
    size = grid.size
    width = size[across]
    height = size[down]
    count = size[normal]
    let spacing = grid.affine.columnNorms
    pixel = SIMD2(spacing[across], spacing[down])
    step = spacing[normal]
  }

  /// Extent of a slice in millimetres, across and down.
  public var extent: SIMD2<Double> { SIMD2(Double(width), Double(height)) * pixel }

  /// The index along the voxel axis of slice `number`, and the other way round.
  func voxelIndex(ofSlice number: Int) -> Int { isNormalFlipped ? count - 1 - number : number }

  /// Takes a slice out of a volume.
  ///
  /// - Parameters:
  ///   - number: 0..<``count``.
  ///   - voxels: All voxels of the grid, i fastest.
  /// - Returns: Its values, `[row][column]`.
  public func slice(_ number: Int, of voxels: [Float]) -> [Float] {
    let strides = SIMD3(1, size.x, size.x * size.y)
    let start = voxelIndex(ofSlice: number) * strides[normal]
    let rowStep = isDownFlipped ? -strides[down] : strides[down]
    let columnStep = isAcrossFlipped ? -strides[across] : strides[across]
    let corner =
      start + (isDownFlipped ? (height - 1) * strides[down] : 0)
      + (isAcrossFlipped ? (width - 1) * strides[across] : 0)
    return [Float](unsafeUninitializedCapacity: width * height) { values, filled in
      for row in 0..<height {
        var index = corner + row * rowStep
        for column in 0..<width {
          values.initializeElement(at: row * width + column, to: voxels[index])
          index += columnStep
        }
      }
      filled = width * height
    }
  }
}
