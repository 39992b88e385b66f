import RandomNumbers
import Testing
import Volumes

@Suite struct TargetTests {
  private let thick = Grid(
    size: SIMD3(40, 50, 12),
    affine: Affine(diagonal: SIMD3(0.9, 0.8, 4), translation: SIMD3(1, 2, 3)))

  // MARK: - Sizes and spacings

  @Test func sizesAreProductsCutInDoublePrecision() throws {
    let cases: [(Int, Double, Int)] = [
      (90, 1.4, 125), (100, 2.3, 229), (190, 2.3, 436), (181, 2.5, 452), (1, 1.9, 1), (3, 1, 3),
    ]
    for (size, factor, expected) in cases {
      let grid = Grid(size: SIMD3(size, 4, 4), affine: .identity)
      #expect(try grid.target(.scale(SIMD3(factor, 1, 1))).grid.size.x == expected)
    }
  }

  @Test func aVoxelLostToBinaryFractionsBringsANotice() throws {
    let grid = Grid(size: SIMD3(100, 45, 10), affine: .identity)
    let plan = try grid.target(.scale(SIMD3(2.3, 1.4, 2.5)))
    #expect(plan.notices.count == 2)
    #expect(plan.notices.first?.message.contains("230") == true)
    #expect(try grid.target(.scale(SIMD3(2, 1.5, 2.25))).notices.isEmpty)
  }

  @Test func spacingIsMetExactlyAndTheFirstOuterCornerStays() throws {
    let wanted = SIMD3(0.7, 0.8, 0.5)
    let plan = try thick.target(.spacing(wanted))
    // floor(n d / t + 0.5): 36 / 0.7 = 51.43, 40 / 0.8 = 50, 48 / 0.5 = 96.
    #expect(plan.grid.size == SIMD3(51, 50, 96))
    #expect(plan.grid.spacing.distance(to: wanted) <= 1e-12)
    let corner = SIMD3(repeating: -0.5)
    #expect(plan.grid.affine.apply(corner).distance(to: thick.affine.apply(corner)) <= 1e-12)
    let sampling = try #require(plan.sampling.separable)
    #expect(abs(sampling.axes[0].positions[10] - (10.5 * 0.7 / 0.9 - 0.5)) <= 1e-12)
    #expect(sampling.axes[1].isIdentity(inputSize: 50))
  }

  @Test func isotropicTakesTheFinestSpacingAndLeavesThatAxisAlone() throws {
    let plan = try thick.target(.isotropic)
    #expect(plan.grid.size == SIMD3(45, 50, 60))
    #expect(plan.grid.spacing.distance(to: SIMD3(repeating: 0.8)) <= 1e-12)
    let sampling = try #require(plan.sampling.separable)
    #expect(sampling.axes[1].isIdentity(inputSize: 50))
  }

  @Test func aSpacingThatDiffersByFloat32RoundingKeepsTheVoxels() throws {
    let spacing = Double(Float(0.868))
    let grid = Grid(
      size: SIMD3(288, 288, 181), affine: Affine(diagonal: SIMD3(spacing, spacing, 1)))
    let plan = try grid.target(.spacing(SIMD3(0.868, 0.868, 1)))
    #expect(plan.grid == grid)
  }

  // MARK: - Refusals

  @Test func coarserTargetsNameTheAxis() {
    #expect(
      throws: GridError.coarser(option: .scale, axis: 1, requested: 0.5, input: 1)
    ) { try thick.target(.scale(SIMD3(2, 0.5, 2))) }
    #expect(
      throws: GridError.coarser(option: .size, axis: 2, requested: 11, input: 12)
    ) { try thick.target(.size(SIMD3(40, 50, 11))) }
    #expect(
      throws: GridError.coarser(option: .spacing, axis: 0, requested: 1, input: 0.9)
    ) { try thick.target(.spacing(SIMD3(1, 0.8, 1))) }
    let error = GridError.coarser(option: .size, axis: 2, requested: 11, input: 12)
    #expect(error.code == "usage.target")
    #expect(error.subject == "--size")
    #expect(error.message.contains("axis k"))
  }

  @Test(arguments: [0, -2, Double.nan, Double.infinity])
  func senselessFactorsAreRefused(_ value: Double) {
    #expect(throws: GridError.self) { try thick.target(.scale(SIMD3(value, 1, 1))) }
    #expect(throws: GridError.self) { try thick.target(.spacing(SIMD3(1, 1, value))) }
  }

  @Test func hugeTargetsAreRefusedBeforeAnythingIsAllocated() {
    #expect(throws: GridError.self) { try thick.target(.scale(SIMD3(repeating: 1e9))) }
    #expect(throws: GridError.self) { try thick.target(.scale(SIMD3(repeating: 1e300))) }
    #expect(throws: GridError.self) { try thick.target(.spacing(SIMD3(repeating: 1e-12))) }
    #expect(throws: GridError.self) { try thick.target(.size(SIMD3(repeating: .max))) }
    #expect(throws: GridError.self) { try thick.target(.size(SIMD3(repeating: 1 << 23))) }
    let like = Grid(size: SIMD3(repeating: .max), spacing: SIMD3(repeating: 1))
    #expect(throws: GridError.self) { try thick.target(.like(like)) }
  }

  // MARK: - Forms

  @Test func bothFormsGoTheSameWayEachWithItsMatrixAndCode() throws {
    var generator = SplitMix64(seed: 3)
    let (scanner, template) = (
      RandomGrids.oblique(&generator), RandomGrids.sheared(&generator)
    )
    let grid = Grid(
      size: SIMD3(8, 9, 10), spacing: scanner.columnNorms,
      sform: PlacedAffine(affine: template, code: 4), qform: PlacedAffine(affine: scanner, code: 1))
    let output = try grid.target(.scale(SIMD3(2, 2, 4))).grid
    #expect(output.sform?.code == 4)
    #expect(output.qform?.code == 1)
    let sform = try #require(output.sform).affine
    let qform = try #require(output.qform).affine
    for (old, new) in zip(fieldOfView(grid, template), fieldOfView(output, sform)) {
      #expect(old.distance(to: new) <= 1e-9)
    }
    for (old, new) in zip(fieldOfView(grid, scanner), fieldOfView(output, qform)) {
      #expect(old.distance(to: new) <= 1e-9)
    }
    #expect(output.spacing.distance(to: qform.columnNorms) <= 1e-12)
    let (before, after) = (QuaternionForm(scanner), QuaternionForm(qform))
    let turn = SIMD3(before.b, before.c, before.d)
    #expect(turn.distance(to: SIMD3(after.b, after.c, after.d)) < 1e-12)
    #expect(before.qfac == after.qfac)
  }

  @Test func aQformAloneBringsAnSformOfTheSameCode() throws {
    let form = PlacedAffine(affine: thick.affine, code: 2)
    let grid = Grid(size: thick.size, spacing: thick.spacing, qform: form)
    let output = try grid.target(.scale(SIMD3(2, 2, 2))).grid
    #expect(output.qform != nil)
    #expect(output.sform == output.qform)
    #expect(try grid.target(.like(grid)).grid.sform == form)
  }

  @Test func anSformAloneStaysAlone() throws {
    let output = try thick.target(.scale(SIMD3(2, 2, 2))).grid
    #expect(output.qform == nil)
    #expect(output.sform?.code == 1)
  }

  @Test func messagesPrintNumbersThatAreNoInt() {
    for value in [1e15, 9.3e18, 1e30, -1e300] {
      let error = GridError.elsewhere(value, keeps: .corners)
      #expect(error.message.contains("\(value) mm"), "\(error.message)")
    }
  }

  @Test func messagesPrintSixDigits() {
    let spacing = GridError.coarser(
      option: .spacing, axis: 0, requested: 5, input: 1.7361111596884546)
    #expect(spacing.message.hasSuffix("is 5, which is coarser than the input's 1.73611"))
    for (value, text) in [
      (-3.814697265625e-06, "-3.8147e-06"), (0.1, "0.1"), (0.99999999, "1"), (-2, "-2"),
      (123_456.789, "123456.8"), (1e-300, "1e-300"), (0, "0"), (.infinity, "inf"),
    ] as [(Double, String)] {
      let error = GridError.notPositive(option: .scale, axis: 2, value: value)
      #expect(error.message == "factor of axis k is \(text), must be above 0")
    }
  }

  @Test func aGridWithoutFormsStaysWithout() throws {
    let grid = Grid(size: SIMD3(4, 5, 6), spacing: SIMD3(1, 2, 3))
    let output = try grid.target(.scale(SIMD3(2, 2, 2))).grid
    #expect(output.sform == nil)
    #expect(output.qform == nil)
    #expect(output.orientation == nil)
    #expect(output.spacing == SIMD3(0.5, 1, 1.5))
  }

  @Test func thePublishedHeaderKeepsTheOriginAndChangesNoVoxel() throws {
    let request = TargetRequest.scale(SIMD3(2, 2.5, 2.3))
    let plan = try thick.target(request)
    let published = try thick.target(request, placement: .published)
    #expect(published.sampling == plan.sampling)
    #expect(published.grid.affine.translation == thick.affine.translation)
    #expect(published.grid.spacing.distance(to: SIMD3(0.45, 0.32, 4 / 2.3)) <= 1e-12)
    #expect(published.notices.contains { $0.message.contains("0.25") })
    #expect(throws: GridError.publishedHeaderOfReference) {
      try thick.target(.like(thick), placement: .published)
    }
  }

  @Test func farOriginsBringANotice() throws {
    let far = Grid(
      size: SIMD3(4, 4, 4),
      affine: Affine(diagonal: SIMD3(1, 1, 1), translation: SIMD3(3e5, 0, 0)))
    #expect(try far.target(.scale(SIMD3(2, 2, 2))).notices.contains { $0.code == "volume.affine" })
  }
}
