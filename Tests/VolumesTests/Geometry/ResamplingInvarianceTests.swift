import Testing
import Volumes

@Suite struct ResamplingInvarianceTests {
  private static let size = SIMD3(10, 13, 7)

  @Test func cornersAndCentreStayForAllOrientationsObliquesAndShears() throws {
    for affine in RandomGrids.affines() {
      let grid = Grid(size: Self.size, affine: affine)
      let requests: [TargetRequest] = [
        .scale(SIMD3(2, 2, 2)), .scale(SIMD3(1, 2.5, 3.3)), .size(SIMD3(11, 40, 7)),
      ]
      for request in requests {
        let output = try grid.target(request).grid
        let before = fieldOfView(grid, grid.affine)
        let after = fieldOfView(output, output.affine)
        for (old, new) in zip(before, after) {
          #expect(old.distance(to: new) <= 1e-9, "\(request) \(affine)")
        }
      }
    }
  }

  @Test func voxelCentresLieWhereThePositionsSay() throws {
    for affine in RandomGrids.affines() {
      let grid = Grid(size: Self.size, affine: affine)
      for request in [TargetRequest.scale(SIMD3(2, 1.7, 3)), .spacing(SIMD3(repeating: 0.29))] {
        let plan = try grid.target(request)
        let sampling = try #require(plan.sampling.separable)
        let last = plan.grid.size &- 1
        let u = SIMD3(
          sampling.axes[0].positions[last.x], sampling.axes[1].positions[last.y],
          sampling.axes[2].positions[last.z])
        let expected = plan.grid.affine.apply(SIMD3<Double>(last))
        #expect(affine.apply(u).distance(to: expected) <= 1e-9)
        #expect(sampling.axes.allSatisfy { $0.inside == 0..<$0.positions.count })
      }
    }
  }

  @Test func scaleOneIsTheIdentity() throws {
    for affine in RandomGrids.affines() {
      let grid = Grid(
        size: Self.size, spacing: affine.columnNorms, sform: PlacedAffine(affine: affine, code: 4),
        qform: PlacedAffine(affine: affine, code: 1))
      let plan = try grid.target(.scale(SIMD3(1, 1, 1)))
      #expect(plan.grid == grid)
      let sampling = try #require(plan.sampling.separable)
      for axis in 0..<3 { #expect(sampling.axes[axis].isIdentity(inputSize: Self.size[axis])) }
    }
  }

  @Test func twoStepsEqualOne() throws {
    for affine in RandomGrids.affines() {
      let grid = Grid(size: Self.size, affine: affine)
      let twice = try grid.target(.scale(SIMD3(2, 3, 2))).grid.target(.scale(SIMD3(3, 2, 1.5))).grid
      let once = try grid.target(.scale(SIMD3(6, 6, 3))).grid
      #expect(twice.size == once.size)
      #expect(twice.affine.distance(to: once.affine) <= 1e-9)
    }
  }

  @Test func permutingAxesCommutesWithResampling() throws {
    for affine in RandomGrids.affines() {
      // Axes i, j, k of the permuted grid are j, k, i of the first.
      let permute = Affine(i: SIMD3(0, 1, 0), j: SIMD3(0, 0, 1), k: SIMD3(1, 0, 0))
      let grid = Grid(size: Self.size, affine: affine)
      let permuted = Grid(
        size: SIMD3(Self.size.y, Self.size.z, Self.size.x), affine: affine * permute)
      let first = try grid.target(.scale(SIMD3(2, 2.5, 3))).grid
      let second = try permuted.target(.scale(SIMD3(2.5, 3, 2))).grid
      #expect(second.size == SIMD3(first.size.y, first.size.z, first.size.x))
      #expect((first.affine * permute).distance(to: second.affine) <= 1e-9)
    }
  }

  @Test func flippingAnAxisCommutesWithResampling() throws {
    for affine in RandomGrids.affines() {
      func flipped(_ grid: Grid) -> Grid {
        let flip = Affine(
          diagonal: SIMD3(1, -1, 1), translation: SIMD3(0, Double(grid.size.y - 1), 0))
        return Grid(size: grid.size, affine: grid.affine * flip)
      }
      let grid = Grid(size: Self.size, affine: affine)
      let request = TargetRequest.scale(SIMD3(2, 2.7, 3))
      let first = try flipped(grid).target(request).grid
      let second = try flipped(grid.target(request).grid)
      #expect(first.size == second.size)
      #expect(first.affine.distance(to: second.affine) <= 1e-9)
    }
  }
}
