import Networks
import Testing
import Volumes

@testable import FusedInference

/// Networks that are to begin a training as an interpolation.
@Suite struct InterpolationStartTests {
  private static func network(
    _ architecture: Architecture, width: Int, residual: Bool? = nil
  ) -> RelatedNetwork {
    var sizes = RelatedSizes(architecture)
    sizes.width = width
    if architecture != .srcnn3d, architecture != .espcn3d { sizes.depth = 3 }
    sizes.isResidual = residual
    return RelatedNetwork(initial: sizes, seed: 5)
  }

  /// The spline through the voxels is the voxels where they lie; its coefficients are sums of a few
  /// tens of values of order 1 in float32.
  @Test(
    arguments: [
      (Architecture.srrecnn3d, nil), (.srrecnn3dMulti, nil), (.srcnn3d, nil), (.dcsrn, false),
      (.dcsrn, true), (.resCNN, nil),
    ] as [(Architecture, Bool?)])
  func theyGiveTheSplineOfTheirInput(architecture: Architecture, residual: Bool?) throws {
    let input = GoldenInput(noiseOf: SIMD3(15, 13, 12))
    let network = Self.network(architecture, width: 8, residual: residual)
    let guide = GuideImage(voxels: input.voxels.reversed(), intensity: .identity)
    let options = Upsampler.Options(guide: network.images == 2 ? guide : nil)
    func error(_ network: RelatedNetwork) throws -> Float {
      let output = try related(network, input, options: options)
      try #require(output.count == input.voxels.count)
      return zip(output, input.voxels).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(try error(network) > 0.01)
    #expect(try error(network.startingAsInterpolation()) <= 1e-5)
  }

  /// Keys' interpolation reproduces polynomials of degree 2; zeros lie around the volume, so the outer
  /// two voxels do not count.
  @Test(arguments: [2, 3, 4])
  func theShuffleReproducesParabolas(factor: Int) throws {
    func value(_ place: SIMD3<Double>) -> Double {
      let (x, y, z) = (place.x / 10, place.y / 10, place.z / 10)
      return 1 + x - 0.5 * y + z * z + 0.3 * x * y - 0.4 * y * y
    }
    let size = SIMD3(11, 10, 9)
    let input = GoldenInput(
      size: size,
      voxels: voxels(size).map { Float(value(SIMD3(Double($0.x), Double($0.y), Double($0.z)))) })
    var sizes = RelatedSizes(.espcn3d)
    sizes.factor = factor
    let network = RelatedNetwork(initial: sizes, seed: 5).startingAsInterpolation()
    let output = try related(network, input)
    let fine = size &* factor
    try #require(output.count == fine.x * fine.y * fine.z)
    for (index, place) in voxels(fine).enumerated() {
      let low = place.min() < 2 * factor
      guard !low, (size &* factor &- place).min() > 2 * factor else { continue }
      let wanted = value(
        SIMD3(Double(place.x), Double(place.y), Double(place.z)) / Double(factor))
      // 64 products of values below 3.
      #expect(abs(Double(output[index]) - wanted) <= 1e-5, "\(place)")
    }
  }

  @Test func tooFewChannelsStayAsTheyAre() {
    let network = Self.network(.espcn3d, width: 6)
    #expect(network.startingAsInterpolation() == network)
  }
}
