import TestSupport
import Testing
import Volumes
import Workers

/// Grids whose corner voxels are those of the input, and grids of blocks.
@Suite struct CornerTargetTests {
  private let grid = Grid(
    size: SIMD3(128, 11, 1), affine: Affine(diagonal: SIMD3(2, 1, 5), translation: SIMD3(-9, 4, 3)))

  @Test func cornersMeetAndTheStepIsTheTrueOne() throws {
    let plan = try grid.cornerTarget(.scale(SIMD3(2, 2.5, 1)))
    // 27.5 is half-way: even.
    #expect(plan.grid.size == SIMD3(256, 28, 1))
    let spacing = plan.grid.affine.columnNorms
    #expect(abs(spacing.x - 2 * 127 / 255) < 1e-12)
    #expect(abs(spacing.y - 10.0 / 27) < 1e-12)
    #expect(spacing.z == 5)
    let last = plan.grid.affine.apply(SIMD3(255, 27, 0))
    let corner = grid.affine.apply(SIMD3(127, 10, 0))
    #expect((0..<3).allSatisfy { abs(last[$0] - corner[$0]) < 1e-9 })
    #expect(plan.grid.affine.translation == grid.affine.translation)
    let sampling = try #require(plan.sampling.separable)
    #expect(sampling.axes[0].positions.last == 127)
    #expect(sampling.axes[1].positions.first == 0)
    #expect(sampling.axes.allSatisfy { $0.inside == 0..<$0.positions.count })
  }

  @Test func thePublishedHeaderHasAnotherSpacingAndSaysSo() throws {
    let plan = try grid.cornerTarget(.scale(SIMD3(2, 1, 1)), placement: .published)
    #expect(abs(plan.grid.affine.columnNorms.x - 1) < 1e-12)
    #expect(plan.notices.contains { $0.code == "volume.affine" && $0.message.contains("0.5") })
    #expect(plan.sampling == (try grid.cornerTarget(.scale(SIMD3(2, 1, 1))).sampling))
  }

  @Test func otherWishesComeToFactors() throws {
    let cubic = Grid(size: SIMD3(10, 12, 8), affine: Affine(diagonal: SIMD3(1, 1, 2)))
    #expect(try cubic.cornerTarget(.isotropic).grid.size == SIMD3(10, 12, 16))
    #expect(try cubic.cornerTarget(.spacing(SIMD3(0.5, 1, 1))).grid.size == SIMD3(20, 12, 16))
    let sized = try cubic.cornerTarget(.size(SIMD3(19, 12, 15)))
    #expect(sized.grid.affine.columnNorms == SIMD3(0.5, 1, 1))
    let like = try cubic.cornerTarget(.like(sized.grid))
    #expect(like.sampling == sized.sampling)
    #expect(throws: GridError.self) {
      try cubic.cornerTarget(.like(cubic.target(.scale(SIMD3(2, 2, 2))).grid))
    }
  }

  @Test func refusalsNameTheOptionThatAsked() throws {
    let cubic = Grid(size: SIMD3(10, 12, 8), affine: Affine(diagonal: SIMD3(1, 1, 2)))
    let small = Grid(size: SIMD3(9, 12, 8), affine: Affine(diagonal: SIMD3(1, 1, 2)))
    let flat = Grid(size: SIMD3(10, 12, 8), affine: Affine(diagonal: SIMD3(1, 1, 1e-7)))
    let vast = SIMD3<Int>(10, 12, 1 << 40)
    let wishes: [(grid: Grid, wish: TargetRequest, code: String)] = [
      (cubic, .scale(SIMD3(0.5, 1, 1)), "usage.target"),
      (cubic, .spacing(SIMD3(1.5, 1, 1)), "usage.target"),
      (cubic, .size(SIMD3(9, 12, 8)), "usage.target"), (cubic, .like(small), "usage.target"),
      (cubic, .scale(SIMD3(1e12, 1, 1)), "usage.value"),
      (cubic, .spacing(SIMD3(1e-12, 1, 1)), "usage.value"),
      (flat, .isotropic, "usage.value"), (cubic, .size(vast), "usage.value"),
    ]
    for (grid, wish, code) in wishes {
      let error = #expect(throws: GridError.self) { try grid.cornerTarget(wish) }
      #expect(error?.subject == wish.option.rawValue, "\(error as Any)")
      #expect(error?.code == code, "\(error as Any)")
    }
  }

  @Test func blocksKeepTheOriginAndRefuseOtherFactors() throws {
    let plan = try grid.blockTarget(factor: 4, nil)
    #expect(plan.grid.size == SIMD3(512, 44, 4))
    #expect(plan.grid.affine.translation == grid.affine.translation)
    #expect(plan.grid.affine.columnNorms == SIMD3(0.5, 0.25, 1.25))
    let sampling = try #require(plan.sampling.separable)
    #expect(sampling.axes[0].positions[513 - 2] == 511.0 / 4)
    #expect(sampling.axes[0].inside == 0..<512)
    #expect(try grid.blockTarget(factor: 4, .scale(SIMD3(4, 4, 4))) == plan)
    #expect(try grid.blockTarget(factor: 4, .size(SIMD3(512, 44, 4))) == plan)
    #expect(try grid.blockTarget(factor: 4, .spacing(SIMD3(0.5, 0.25, 1.25))) == plan)
    #expect(try grid.blockTarget(factor: 4, .like(plan.grid)) == plan)
    for wish: TargetRequest in [.scale(SIMD3(2, 2, 2)), .isotropic, .size(SIMD3(256, 22, 2))] {
      #expect(throws: GridError.fixedFactor(4, asked: wish.option)) {
        try grid.blockTarget(factor: 4, wish)
      }
    }
    // A grid of that size whose field of view is the input's lies elsewhere.
    let reference = try grid.target(.size(plan.grid.size)).grid
    let error = #expect(throws: GridError.self) {
      try grid.blockTarget(factor: 4, .like(reference))
    }
    #expect(error?.message.contains("whose first voxel is the input's") == true, "\(error as Any)")
  }

  @Test func splinesOnCornerGridsAreThoseOfTheGoldens() throws {
    for (file, scale) in [
      ("out_o3_z2p5_1p7_3", SIMD3(2.5, 1.7, 3)), ("out_o3_z2", SIMD3(2, 2, 2)),
    ] {
      try check("zoom/in_7x6x5.npy", "zoom/\(file).npy", scale, divisor: 1)
    }
    // What gradient filters start from.
    try check(
      "zoom/in_7x6x5.npy", "zoom/out_o2np_z4.npy", SIMD3(4, 4, 4), divisor: 1,
      method: .quadratic)
    let raw = try array("pipeline/lr_raw.npy")
    try check(
      "pipeline/lr_raw.npy", "pipeline/test_ilr.npy", SIMD3(2, 2, 2),
      divisor: try #require(raw.values.max()))
  }

  private func array(_ file: String) throws -> NumPyArray {
    try NumPyArray(contentsOf: Golden.folder("sisr").appendingPathComponent(file))
  }

  /// Arrays are (x, y, z), taken as (k, j, i): nothing depends on which axis is which.
  private func check(
    _ input: String, _ output: String, _ scale: SIMD3<Double>, divisor: Double,
    method: InterpolationMethod = .cubic
  ) throws {
    let (input, expected) = (try array(input), try array(output))
    let size = SIMD3(input.shape[2], input.shape[1], input.shape[0])
    let plan = try Grid(size: size, spacing: SIMD3(1, 1, 1))
      .cornerTarget(.scale(SIMD3(scale.z, scale.y, scale.x)))
    let out = plan.grid.size
    #expect([out.z, out.y, out.x] == expected.shape)
    let pool = try WorkerPool(threads: 2)
    let values = Interpolator(
      voxels: input.values.map { Float($0 / divisor) },
      sampling: PreparedSampling(plan.sampling, inputSize: size, method: method), pool: pool
    ).interpolated(pool: pool)
    let deviation = Deviation(expected: expected.values, actual: values)
    #expect(deviation.maximum <= 2e-6, "\(output): \(deviation)")
  }
}
