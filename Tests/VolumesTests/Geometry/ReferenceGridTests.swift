import RandomNumbers
import Testing
import Volumes

@Suite struct ReferenceGridTests {
  private let size = SIMD3(9, 7, 11)

  @Test func permutedAndFlippedReferencesAreSeparable() throws {
    let base = RandomGrids.orientations[0]
    for reference in RandomGrids.orientations {
      let input = Grid(size: size, affine: base)
      let output = Grid(size: SIMD3(12, 13, 14), affine: reference)
      // Brings the middles of both fields of view together.
      var shifted = output.affine
      shifted.translation += fieldOfView(input, base)[8] - fieldOfView(output, output.affine)[8]
      let plan = try input.target(.like(Grid(size: output.size, affine: shifted)))
      let sampling = try #require(plan.sampling.separable)
      #expect(sampling.outputSize == output.size)
      let inverse = try #require(base.inverse)
      for voxel in [SIMD3(0, 0, 0), SIMD3(11, 3, 7)] {
        let expected = inverse.apply(shifted.apply(SIMD3<Double>(voxel)))
        for (inputAxis, axis) in sampling.axes.enumerated() {
          let position = axis.positions[voxel[axis.outputAxis]]
          #expect(abs(position - expected[inputAxis]) <= 1e-9)
        }
      }
    }
  }

  @Test func headersRoundedToFloat32StillGiveTheInputsOwnVoxels() throws {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<20 {
      let affine = RandomGrids.oblique(&generator)
      var rounded = affine
      for row in 0..<3 {
        for column in 0...3 { rounded[row, column] = Double(Float(affine[row, column])) }
      }
      let input = Grid(size: size, affine: affine)
      let plan = try input.target(.like(Grid(size: size, affine: rounded)))
      let sampling = try #require(plan.sampling.separable)
      for axis in 0..<3 { #expect(sampling.axes[axis].isIdentity(inputSize: size[axis])) }
    }
  }

  @Test func obliqueReferencesAreGeneralAndTheirRangesAgreeWithTheTestPerPoint() throws {
    var generator = SplitMix64(seed: 6)
    for _ in 0..<30 {
      let input = Grid(size: size, affine: RandomGrids.oblique(&generator))
      var affine = RandomGrids.sheared(&generator)
      affine.translation = input.affine.apply(SIMD3(-2, 1, 3))
      guard let plan = try? input.target(.like(Grid(size: SIMD3(15, 9, 8), affine: affine))),
        case .general(let sampling) = plan.sampling
      else { continue }
      var count = 0
      for k in 0..<8 {
        for j in 0..<9 {
          let range = sampling.insideRange(j: j, k: k)
          for i in 0..<15 {
            let inside = sampling.isInside(sampling.position(i: i, j: j, k: k))
            #expect(inside == range.contains(i))
            count += inside ? 1 : 0
          }
        }
      }
      #expect(count == sampling.insideCount)
      #expect(plan.outsideCount == 15 * 9 * 8 - count)
      #expect(plan.notices.contains { $0.code == "volume.overlap" } == (plan.outsideCount > 0))
    }
  }

  @Test func coarseReferencesBringANoticeOnly() throws {
    let input = Grid(size: size, affine: .identity)
    let coarse = Grid(size: SIMD3(4, 3, 5), affine: Affine(diagonal: SIMD3(2, 1.4, 2)))
    let plan = try input.target(.like(coarse))
    #expect(plan.notices.filter { $0.code == "usage.target" }.count == 2)
  }

  @Test func anInverseUndoesItsMapAndNearlyDependentAxesHaveNone() throws {
    for affine in RandomGrids.affines() {
      let inverse = try #require(affine.inverse)
      #expect((inverse * affine).distance(to: .identity) <= 1e-10)
    }
    let flat = Affine(i: SIMD3(1, 0, 0), j: SIMD3(0, 1, 0), k: SIMD3(1, 1, 1e-9))
    #expect(flat.inverse == nil)
    #expect(Affine(diagonal: SIMD3(1e-6, 1e6, 1)).inverse != nil)
    #expect(Affine(diagonal: SIMD3(1, 0, 1)).inverse == nil)
  }
}
