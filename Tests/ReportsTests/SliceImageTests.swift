import Testing
import Volumes

@testable import Reports

@Suite struct SliceImageTests {
  /// Every voxel holds its own scanner position along one patient axis.
  private func volume(_ affine: Affine, holding patientAxis: Int) -> Volume {
    let grid = Grid(size: SIMD3(5, 6, 7), affine: affine)
    var voxels: [Float] = []
    for k in 0..<7 {
      for j in 0..<6 {
        for i in 0..<5 {
          let position = affine.apply(SIMD3(Double(i), Double(j), Double(k)))
          voxels.append(Float(position[patientAxis]))
        }
      }
    }
    return Volume(grid: grid, voxels: voxels)
  }

  /// The 48 ways in which voxel axes can run along patient axes.
  private static let orientations: [Affine] = {
    let axes = [SIMD3<Double>(1, 0, 0), SIMD3<Double>(0, 1, 0), SIMD3<Double>(0, 0, 1)]
    return [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)].flatMap { order in
      (0..<8).map { signs in
        func step(_ axis: Int, _ bit: Int) -> SIMD3<Double> {
          axes[axis] * (signs >> bit & 1 == 0 ? 1 + Double(axis) : -1 - Double(axis))
        }
        return Affine(i: step(order.0, 0), j: step(order.1, 1), k: step(order.2, 2))
      }
    }
  }()

  @Test(arguments: PatientPlane.allCases)
  func picturesHangAsStatedForAllOrientations(_ plane: PatientPlane) {
    for affine in Self.orientations {
      for patientAxis in 0..<3 {
        let volume = volume(affine, holding: patientAxis)
        let middle = affine.apply(SIMD3(2, 3, 3))
        let slice = SliceImage(volume, plane: plane, through: middle)
        let name = Comment(rawValue: "\(plane) of \(affine.orientation), axis \(patientAxis)")
        let first = slice.values[0]
        let right = slice.values[slice.width - 1]
        let bottom = slice.values[(slice.height - 1) * slice.width]
        if patientAxis == plane.normal {
          // The whole slice lies where it was asked for.
          #expect(slice.values.allSatisfy { $0 == Float(middle[patientAxis]) }, name)
        } else if patientAxis == PatientPlane.patientAxis(of: plane.directions.across) {
          // Columns run towards the patient's left or back: scanner coordinates fall.
          #expect(right < first && bottom == first, name)
        } else {
          // Rows run towards the back or the feet: scanner coordinates fall.
          #expect(bottom < first && right == first, name)
        }
        let spacing = 1 + Double(PatientPlane.patientAxis(of: plane.directions.across))
        #expect(slice.geometry.pixel.x == spacing, name)
      }
    }
  }

  @Test func thePointLiesAtOnePlaceInCoarseAndFinePictures() throws {
    for affine in Self.orientations {
      let coarse = Grid(size: SIMD3(5, 6, 7), affine: affine)
      let fine = coarse.resampled(toSize: SIMD3(10, 12, 14))
      let position = affine.apply(SIMD3(2.25, 3.25, 3.25))
      for plane in PatientPlane.allCases {
        let slices = [coarse, fine].map { grid in
          SliceImage(
            Volume(grid: grid, voxels: [Float](repeating: 0, count: grid.voxelCount)),
            plane: plane, through: position)
        }
        let distance = slices[0].point - slices[1].point
        #expect(max(abs(distance.x), abs(distance.y)) <= 1e-9)
        #expect(slices[0].extent == slices[1].extent)
      }
    }
  }
}

@Suite struct ContactSheetTests {
  @Test func aSheetIsAPNGFile() throws {
    let grid = Grid(size: SIMD3(8, 9, 10), affine: .identity)
    let volume = Volume(grid: grid, voxels: (0..<720).map { Float($0 % 17) })
    let column = ContactSheet.Column(title: "one", captions: ["a"], volume: volume)
    let bytes = try ContactSheet(columns: [column, column], footnote: "note").drawn()
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(bytes.count > 1000)
  }

  @Test func constantVolumesAndEmptySheetsDoNotTrap() throws {
    let grid = Grid(size: SIMD3(1, 1, 1), affine: .identity)
    let column = ContactSheet.Column(
      title: "", captions: [], volume: Volume(grid: grid, voxels: [3]))
    #expect(throws: Never.self) { try ContactSheet(columns: [column], footnote: "").drawn() }
    #expect(throws: ReportError.empty) { try ContactSheet(columns: [], footnote: "").drawn() }
  }
}
