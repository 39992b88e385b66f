import Volumes

/// One of the three planes in which volumes are looked at, as radiologists hang them: the patient
/// faces the viewer, so the patient's right is on the left; front or head up; in sagittal planes
/// the front is on the left.
public enum PatientPlane: String, Sendable, CaseIterable {
  case axial
  case coronal
  case sagittal

  /// The patient axis (0 left-right, 1 back-front, 2 foot-head) across the plane.
  var normal: Int {
    switch self {
    case .axial: 2
    case .coronal: 1
    case .sagittal: 0
    }
  }

  /// The letters towards which a picture's columns and rows run.
  var directions: (across: Character, down: Character) {
    switch self {
    case .axial: ("L", "P")
    case .coronal: ("L", "I")
    case .sagittal: ("P", "I")
    }
  }

  /// The letters at the left, right and upper edge of a picture.
  var edgeLetters: (left: String, right: String, top: String) {
    switch self {
    case .axial: ("R", "L", "A")
    case .coronal: ("R", "L", "S")
    case .sagittal: ("A", "P", "S")
    }
  }
}

/// One slice of a volume, turned as its plane is hung.
///
/// Slices follow the voxel axes: nothing is interpolated, so an oblique volume shows its own planes,
/// named by the patient axes nearest to them.
struct SliceImage {
  /// Columns and rows.
  let width: Int
  let height: Int
  /// Extent of a pixel in millimetres, across and down.
  let pixelWidth: Double
  let pixelHeight: Double
  /// `[row][column]`.
  let values: [Float]
  /// Where the point that was asked for lies in the picture, in millimetres from the upper left.
  let point: SIMD2<Double>

  /// Takes the slice whose voxels lie nearest to a point of scanner space.
  init(_ volume: Volume, plane: PatientPlane, through position: SIMD3<Double>) {
    let grid = volume.grid
    let letters = Array(grid.orientation ?? "RAS")
    let voxelAxes = (0..<3).map { patientAxis in
      letters.firstIndex { PatientPlane.patientAxis(of: $0) == patientAxis } ?? patientAxis
    }
    let directions = plane.directions
    let across = voxelAxes[PatientPlane.patientAxis(of: directions.across)]
    let down = voxelAxes[PatientPlane.patientAxis(of: directions.down)]
    let normal = voxelAxes[plane.normal]
    let isAcrossFlipped = letters[across] != directions.across
    let isDownFlipped = letters[down] != directions.down
    let u = grid.affine.inverse?.apply(position) ?? SIMD3<Double>(grid.size) / 2
    let slice = min(max(Int(u[normal].rounded()), 0), grid.size[normal] - 1)

    let size = grid.size
    width = size[across]
    height = size[down]
    let spacing = grid.affine.columnNorms
    pixelWidth = spacing[across]
    pixelHeight = spacing[down]
    let column = isAcrossFlipped ? Double(size[across] - 1) - u[across] : u[across]
    let row = isDownFlipped ? Double(size[down] - 1) - u[down] : u[down]
    point = SIMD2((column + 0.5) * pixelWidth, (row + 0.5) * pixelHeight)

    var values: [Float] = []
    values.reserveCapacity(width * height)
    var voxel = SIMD3(repeating: 0)
    voxel[normal] = slice
    for row in 0..<height {
      voxel[down] = isDownFlipped ? size[down] - 1 - row : row
      for column in 0..<width {
        voxel[across] = isAcrossFlipped ? size[across] - 1 - column : column
        values.append(volume[voxel.x, voxel.y, voxel.z])
      }
    }
    self.values = values
  }

  /// Extent of the picture in millimetres, across and down.
  var extent: SIMD2<Double> {
    SIMD2(Double(width) * pixelWidth, Double(height) * pixelHeight)
  }

  /// A square of a picture, by its upper left corner in millimetres.
  struct Square {
    let corner: SIMD2<Double>
    /// The mean gray step between neighbours, 1 from black to white; 0 for a square that reaches
    /// into the background, which would win by its outline.
    let structure: Double
  }

  /// The square with most structure in the gray window.
  ///
  /// - Parameters:
  ///   - side: Side of the square in millimetres, not above the picture's.
  ///   - window: Brings black to 0 and white to 1.
  /// - Returns: The first of the best, scanning in steps of an eighth of the side.
  func richestSquare(side: Double, window: IntensityMap) -> Square {
    let levels = values.map { min(max(window.normalise($0), 0), 1) }
    let columns = min(width, max(2, Int((side / pixelWidth).rounded())))
    let rows = min(height, max(2, Int((side / pixelHeight).rounded())))
    var best = Square(corner: .zero, structure: -1)
    for top in stride(from: 0, through: height - rows, by: max(1, rows / 8)) {
      for left in stride(from: 0, through: width - columns, by: max(1, columns / 8)) {
        let structure = Self.structure(
          of: levels, width: width, rows: top..<(top + rows), columns: left..<(left + columns))
        if structure > best.structure {
          let corner = SIMD2(Double(left) * pixelWidth, Double(top) * pixelHeight)
          let room = extent - side
          best = Square(
            corner: SIMD2(max(min(corner.x, room.x), 0), max(min(corner.y, room.y), 0)),
            structure: structure)
        }
      }
    }
    return best
  }

  private static func structure(
    of levels: [Float], width: Int, rows: Range<Int>, columns: Range<Int>
  ) -> Double {
    var sum: Float = 0
    var background = 0
    for row in rows.dropLast() {
      for column in columns.dropLast() {
        let index = row * width + column
        sum += abs(levels[index + 1] - levels[index]) + abs(levels[index + width] - levels[index])
        background += levels[index] == 0 ? 1 : 0
      }
    }
    let count = rows.count * columns.count
    return background * 50 > count ? 0 : Double(sum) / Double(2 * count)
  }
}

extension PatientPlane {
  /// The patient axis that a letter belongs to: 0 for R and L, 1 for A and P, 2 for S and I.
  static func patientAxis(of letter: Character) -> Int {
    switch letter {
    case "R", "L": 0
    case "A", "P": 1
    default: 2
    }
  }
}
