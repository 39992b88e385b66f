import Testing
import Volumes

@Suite struct ResamplingGoldenTests {
  @Test func allStoredTargetsAgreeTo1e9OfTheLargestCoordinate() throws {
    let golden = try GeometryGolden.load()
    #expect(golden.cases.count == 94)
    for stored in golden.cases {
      let input = Grid(size: SIMD3(stored.shapeIn), affine: Affine(golden: stored.affineIn))
      let output = try target(of: input, for: stored)
      let affine = output.affine
      let corners = fieldOfView(output, affine)
      let scale = stored.worldFovCorners.joined().reduce(1) { max($0, abs($1)) }
      let limit = 1e-9 * scale
      let name = Comment(rawValue: stored.name)
      #expect(output.size == SIMD3(stored.shapeOut), name)
      #expect(affine.distance(to: Affine(golden: stored.affineOut)) <= limit, name)
      #expect(output.spacing.distance(to: SIMD3(stored.voxelSizeOut)) <= limit, name)
      #expect(
        affine.apply(.zero).distance(to: SIMD3(stored.worldFirstVoxelCentreOut)) <= limit, name)
      let last = affine.apply(SIMD3<Double>(output.size &- 1))
      #expect(last.distance(to: SIMD3(stored.worldLastVoxelCentreOut)) <= limit, name)
      #expect(corners[8].distance(to: SIMD3(stored.worldFovCentre)) <= limit, name)
      for (corner, expected) in zip(corners, stored.worldFovCorners) {
        #expect(corner.distance(to: SIMD3(expected)) <= limit, name)
      }
    }
  }

  @Test func quaternionFormsAgreeAndShearsAreNotRepresentable() throws {
    for stored in try GeometryGolden.load().cases {
      let affine = Affine(golden: stored.affineOut)
      let form = QuaternionForm(affine)
      let expected = stored.qformOfAffineOut
      let name = Comment(rawValue: stored.name)
      #expect(form.qfac == expected.qfac, name)
      #expect((form.misfit(to: affine) <= 1e-6) == expected.representable, name)
      #expect((affine.shear <= 1e-6) == expected.representable, name)
      guard expected.representable else { continue }
      let own = SIMD3(form.b, form.c, form.d)
      let other = SIMD3(expected.quaternAbcd[1...])
      // At a half turn q and -q are the same rotation.
      let distance = min(own.distance(to: other), own.distance(to: -other))
      #expect(distance <= 1e-9, "\(stored.name): \(form), expected \(expected)")
    }
  }

  /// Cases with a factor below 1 are coarser, which a request may not be; the geometry is the same.
  private func target(of input: Grid, for stored: GeometryGolden.Case) throws -> Grid {
    if let size = stored.size { return try input.target(.size(SIMD3(size))).grid }
    guard let scale = stored.scale, scale.allSatisfy({ $0 >= 1 }) else {
      return input.resampled(toSize: SIMD3(stored.shapeOut))
    }
    return try input.target(.scale(SIMD3(scale))).grid
  }
}

@Suite struct ReferenceGridGoldenTests {
  @Test func allStoredReferenceGridsAgree() throws {
    let golden = try GeometryGolden.load()
    #expect(golden.like.count == 7)
    for stored in golden.like {
      let input = Grid(size: SIMD3(stored.shapeIn), affine: Affine(golden: stored.affineIn))
      let reference = Grid(
        size: SIMD3(stored.shapeRef), affine: Affine(golden: stored.affineRef), code: 4)
      guard stored.insideCount > 0 else {
        #expect(throws: GridError.noOverlap) { try input.target(.like(reference)) }
        continue
      }
      let plan = try input.target(.like(reference))
      let name = Comment(rawValue: stored.name)
      #expect(plan.grid == reference, name)
      #expect(plan.sampling.insideCount == stored.insideCount, name)
      #expect(plan.outsideCount == stored.total - stored.insideCount, name)
      for point in stored.points {
        let (position, inside) = locate(SIMD3(point.voxel), in: plan.sampling)
        let limit = 1e-9 * point.lrVoxel.reduce(1) { max($0, abs($1)) }
        #expect(inside == point.inside, "\(stored.name) \(point.voxel)")
        #expect(
          position.distance(to: SIMD3(point.lrVoxel)) <= limit,
          "\(stored.name) \(point.voxel): \(position), expected \(point.lrVoxel)")
      }
    }
  }

  private func locate(
    _ voxel: SIMD3<Int>, in sampling: Sampling
  ) -> (position: SIMD3<Double>, inside: Bool) {
    switch sampling {
    case .general(let general):
      let position = general.position(i: voxel.x, j: voxel.y, k: voxel.z)
      let range = general.insideRange(j: voxel.y, k: voxel.z)
      return (position, general.isInside(position) && range.contains(voxel.x))
    case .separable(let separable):
      var position = SIMD3<Double>.zero
      var inside = true
      for (inputAxis, axis) in separable.axes.enumerated() {
        let index = voxel[axis.outputAxis]
        position[inputAxis] = axis.positions[index]
        inside = inside && axis.inside.contains(index)
      }
      return (position, inside)
    }
  }
}
