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

  /// The letters towards which a picture's columns and rows run, and slices are counted.
  var directions: (across: Character, down: Character, through: Character) {
    switch self {
    case .axial: ("L", "P", "S")
    case .coronal: ("L", "I", "A")
    case .sagittal: ("P", "I", "L")
    }
  }

  /// The letters at the edges of a picture.
  public var edgeLetters: (left: String, right: String, top: String, bottom: String) {
    switch self {
    case .axial: ("R", "L", "A", "P")
    case .coronal: ("R", "L", "S", "I")
    case .sagittal: ("A", "P", "S", "I")
    }
  }
}

/// One slice of a volume, turned as its plane is hung.
struct SliceImage {
  /// How slices hang.
  let geometry: PlaneGeometry
  /// `[row][column]`.
  let values: [Float]
  /// Where the point that was asked for lies in the picture, in millimetres from the upper left.
  let point: SIMD2<Double>

  /// Takes the slice whose voxels lie nearest to a point of scanner space.
  init(_ volume: Volume, plane: PatientPlane, through position: SIMD3<Double>) {
    let geometry = PlaneGeometry(volume.grid, plane: plane)
    self.geometry = geometry
    let u = volume.grid.affine.inverse?.apply(position) ?? SIMD3<Double>(volume.grid.size) / 2
    let nearest = min(max(Int(u[geometry.normal].rounded()), 0), geometry.count - 1)
    values = geometry.slice(geometry.voxelIndex(ofSlice: nearest), of: volume.voxels)
    let (across, down) = (u[geometry.across], u[geometry.down])
    let column = geometry.isAcrossFlipped ? Double(geometry.width - 1) - across : across
    let row = geometry.isDownFlipped ? Double(geometry.height - 1) - down : down
    point = (SIMD2(column, row) + 0.5) * geometry.pixel
  }

  /// Takes a slice by its number.
  init(_ geometry: PlaneGeometry, number: Int, voxels: [Float]) {
    self.geometry = geometry
    values = geometry.slice(number, of: voxels)
    point = geometry.extent / 2
  }

  /// Columns and rows.
  var width: Int { geometry.width }
  var height: Int { geometry.height }

  /// Extent of the picture in millimetres, across and down.
  var extent: SIMD2<Double> { geometry.extent }

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
    let columns = min(width, max(2, Int((side / geometry.pixel.x).rounded())))
    let rows = min(height, max(2, Int((side / geometry.pixel.y).rounded())))
    var best = Square(corner: .zero, structure: -1)
    for top in stride(from: 0, through: height - rows, by: max(1, rows / 8)) {
      for left in stride(from: 0, through: width - columns, by: max(1, columns / 8)) {
        let structure = Self.structure(
          of: levels, width: width, rows: top..<(top + rows), columns: left..<(left + columns))
        if structure > best.structure {
          let corner = SIMD2(Double(left) * geometry.pixel.x, Double(top) * geometry.pixel.y)
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
