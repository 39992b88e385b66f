import Foundation
import TestSupport
import Testing
import Volumes
import Workers

@testable import Degradation

/// Every stored result of Tests/Golden/degrade, within the tolerance that is stored with it.
@Suite struct OperatorGoldenTests {
  private let pool: WorkerPool
  private let input: Volume

  init() throws {
    pool = try WorkerPool(threads: 2)
    input = try DegradeGolden.volume("crop_hr.npy")
  }

  private func expect(
    _ plan: DegradationPlan, of voxels: [Float], gives golden: DegradeGolden,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try plan.run(voxels, pool: pool)
    #expect(plan.grid.size == golden.size, "\(golden.name)", sourceLocation: location)
    let deviation = Deviation(
      expected: golden.expected.values, actual: result.values)
    #expect(
      deviation.maximum <= golden.tolerance, "\(golden.name): \(deviation)",
      sourceLocation: location)
  }

  /// The request gives values and affine of the golden.
  private func expect(
    _ request: DegradationRequest, gives golden: DegradeGolden, affine: Bool = true,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let plan = try input.grid.degraded(by: request)
    try expect(plan, of: input.voxels, gives: golden, location: location)
    guard affine, let expected = golden.affine else { return }
    for column in 0...3 {
      for row in 0..<3 {
        let difference = abs(plan.grid.affine[row, column] - expected[row, column])
        #expect(difference < 1e-9, "\(golden.name): affine \(row), \(column)")
      }
    }
  }

  @Test(arguments: [
    ("zoom_corner_half.npy", Spline.cubic), ("zoom_corner_frac.npy", Spline.cubic),
    ("zoom_corner_half_o0.npy", Spline(order: 0)), ("zoom_corner_half_o1.npy", Spline(order: 1)),
    ("zoom_corner_half_o2_nopre.npy", Spline(order: 2, interpolates: false)),
  ])
  func cornerAlignedSplinesAgree(_ name: String, _ spline: Spline) throws {
    let golden = try DegradeGolden(name)
    var request = DegradationRequest(.corner, .scale(1 / golden.triple("zoom")))
    request.spline = spline
    // SciPy loses the last plane of 48 to 24 voxels: rounding puts it behind the last centre, which gives 0.
    request.spline.isStrict = true
    try expect(request, gives: golden)
  }

  @Test func cornerAlignedUpsamplingAgrees() throws {
    let half = try DegradeGolden.volume("zoom_corner_half.npy")
    let golden = try DegradeGolden("zoom_corner_up2.npy")
    let request = DegradationRequest(.corner, .scale(SIMD3(repeating: 1)))
    try expect(
      resampling(request, from: half.grid, to: golden.size), of: half.voxels, gives: golden)
  }

  @Test func tinyAxesAgree() throws {
    let golden = try DegradeGolden("zoom_tiny.npy")
    // t[i][j][k] = (6 i + 3 j + k)^1.5, 1 x 2 x 3.
    var voxels: [Float] = []
    for j in 0..<2 { for k in 0..<3 { voxels.append(Float(pow(Double(3 * j + k), 1.5))) } }
    let grid = Grid(size: SIMD3(3, 2, 1), affine: .identity)
    let request = DegradationRequest(.corner, .scale(SIMD3(repeating: 1)))
    try expect(resampling(request, from: grid, to: golden.size), of: voxels, gives: golden)
  }

  @Test(arguments: [
    (8, "zoom_lastplane_8_26.npy", 1.875), (30, "zoom_lastplane_30_8.npy", 1 + 29.0 / 30),
  ])
  func theLastPlaneIsLostOnlyWhenAskedFor(_ n: Int, _ name: String, _ last: Double) throws {
    let golden = try DegradeGolden(name)
    let voxels = (0..<n).map { Float(1 + Double($0) / Double(n)) }
    let grid = Grid(size: SIMD3(1, 1, n), affine: .identity)
    var request = DegradationRequest(.corner, .scale(SIMD3(repeating: 1)))
    let plan = resampling(request, from: grid, to: golden.size)
    let result = try plan.run(voxels, pool: pool).values
    #expect(abs(Double(result[result.count - 1]) - last) <= golden.tolerance)
    request.spline.isStrict = true
    try expect(
      resampling(request, from: grid, to: golden.size), of: voxels, gives: golden)
  }

  @Test(arguments: [
    ("zoom_cell_half_mirror.npy", SplineEdge.mirror), ("zoom_cell_frac_mirror.npy", .mirror),
    ("zoom_cell_half_reflect.npy", .reflect),
  ])
  func cellCentredSplinesAgree(_ name: String, _ edge: SplineEdge) throws {
    let golden = try DegradeGolden(name)
    let scale = SIMD3<Double>(input.grid.size) / golden.triple("size")
    var request = DegradationRequest(.cubic, .scale(scale))
    request.spline.edge = edge
    try expect(request, gives: golden)
  }

  @Test func exactFactorsAgree() throws {
    let golden = try DegradeGolden("cell_exact_factor.npy")
    try expect(DegradationRequest(.exact, .scale(golden.triple("factor"))), gives: golden)
  }

  @Test func originAlignedSamplesAgree() throws {
    let golden = try DegradeGolden("origin_aligned_2.npy")
    try expect(DegradationRequest(.origin, .scale(golden.triple("factor"))), gives: golden)
  }

  @Test func gaussianBlurAgrees() throws {
    let golden = try DegradeGolden("psf_blur.npy")
    var request = DegradationRequest(.cubic, .scale(SIMD3(repeating: 1)))
    request.sigma = golden.triple("sigma_vox")
    try expect(request, gives: golden)
  }

  @Test func sliceProfileAgrees() throws {
    let golden = try DegradeGolden("psf_resample.npy")
    try expect(DegradationRequest(.psf, .spacing(golden.triple("target"))), gives: golden)
  }

  @Test func blurBeforeCornerAlignedSamplesAgrees() throws {
    let golden = try DegradeGolden("srrecnn_lr.npy")
    var request = DegradationRequest(.corner, .scale(1 / golden.triple("zoom")))
    request.sigma = golden.triple("sigma_vox")
    request.spline.isStrict = true
    try expect(request, gives: golden)
  }

  @Test(arguments: [
    ("kspace_half.npy", false), ("kspace_odd.npy", false), ("kspace_nyq.npy", false),
    ("kspace_half_centre.npy", true),
  ])
  func truncatedSpectraAgree(_ name: String, _ keepsFieldOfView: Bool) throws {
    let golden = try DegradeGolden(name)
    var request = DegradationRequest(
      .kspace, .scale(SIMD3<Double>(input.grid.size) / golden.triple("size")))
    request.keepsFieldOfView = keepsFieldOfView
    try expect(request, gives: golden)
  }

  @Test func filledUpSpectraAgree() throws {
    let half = try DegradeGolden.volume("kspace_half_centre.npy")
    let golden = try DegradeGolden("zerofill_up2_centre.npy")
    let request = DegradationRequest(.kspace, .scale(SIMD3(repeating: 1)))
    try expect(
      resampling(request, from: half.grid, to: golden.size), of: half.voxels, gives: golden)
  }

  @Test func magnitudesOfBoxesAgree() throws {
    let golden = try DegradeGolden("kspace_box_mag.npy")
    let request = DegradationRequest(.kspaceBox, .scale(SIMD3(repeating: 3)))
    let plan = try input.grid.degraded(by: request)
    for axis in 0..<3 {
      #expect(plan.axes[axis].keptFrequencies == Int(golden.triple("half")[axis]))
    }
    try expect(request, gives: golden)
  }

  @Test(arguments: ["block_mean_2.npy", "block_mean_3_1_5.npy"])
  func blockMeansAgree(_ name: String) throws {
    let golden = try DegradeGolden(name)
    try expect(DegradationRequest(.block, .scale(golden.triple("factor"))), gives: golden)
  }

  @Test func areaMeansAgree() throws {
    let golden = try DegradeGolden("area_frac.npy")
    let scale = SIMD3<Double>(input.grid.size) / golden.triple("size")
    try expect(DegradationRequest(.area, .scale(scale)), gives: golden)
  }

  /// Down without prefilter, up again, limited to the range, 0 where the input is.
  @Test func interpolatedTrainingDataOfFilterLearningAgree() throws {
    let golden = try DegradeGolden("gradfilter_interp_lr.npy")
    var request = DegradationRequest(.corner, .scale(SIMD3(repeating: golden.number("factor"))))
    request.spline = Spline(order: 2, interpolates: false, isStrict: true)
    let down = try input.grid.degraded(by: request)
    let half = try down.run(input.voxels, pool: pool).values
    let up = resampling(request, from: down.grid, to: input.grid.size)
    let result = try up.run(half, pool: pool).values
    let most = input.voxels.max() ?? 0
    let masked = zip(result, input.voxels).map { $1 == 0 ? 0 : min(max($0, 0), most) }
    let deviation = Deviation(expected: golden.expected.values, actual: masked)
    #expect(deviation.maximum <= golden.tolerance, "\(deviation)")
  }
}
