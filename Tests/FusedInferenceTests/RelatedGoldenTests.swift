import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes

@testable import FusedInference

/// The related networks against golden/sisr and golden/espcn on every instruction set.
///
/// Both paths keep the files' tolerances, about ten times the error of float32 in PyTorch: at most
/// 3e-5, which is within the bound that the fast one states. Tiles by themselves are held to that bound on
/// the fast path, whose transforms of so small volumes are all edge.
@Suite struct RelatedGoldenTests {
  private struct Case {
    var network: RelatedNetwork
    var input: GoldenInput
    var folder = "sisr"
    var file: String
    var axes = GoldenImage.Axes.xyz
    var scale = SIMD3<Double>(1, 1, 1)
    var options = Upsampler.Options()
    /// On the fast path, in place of the file's tolerance.
    var fastBound: Double?
  }

  private func check(_ tested: Case, set: InstructionSet, isExact: Bool) throws {
    let golden = try GoldenImage(tested.folder, tested.file, axes: tested.axes)
    let actual = try related(
      tested.network, tested.input, scale: tested.scale, set: set, isExact: isExact,
      options: tested.options)
    try #require(actual.count == golden.values.count, "\(tested.file)")
    let deviation = Deviation(expected: golden.values, actual: actual)
    let stated = try GoldenTolerances(tested.folder).limit(tested.file, golden.values)
    let tolerance = isExact ? stated : tested.fastBound ?? stated
    #expect(
      deviation.maximum <= tolerance,
      "\(tested.file), \(set.rawValue), exact \(isExact): \(deviation)")
  }

  @Test(arguments: InstructionSet.available, [false, true])
  func generatedChainsMatch(_ set: InstructionSet, isExact: Bool) throws {
    let image = try GoldenImage("sisr", "synth20/input.npy", axes: .xyz).input
    let stored = try RelatedNetworks.stored(
      "sisr", "synth20/SRReCNN3D_20L_12ch_synthetic.caffemodel")
    let small = try GoldenImage("sisr", "caffemodel/expected/input.npy", axes: .xyz).input
    for (network, image, file) in [
      (stored, image, "synth20/residual_12ch.npy"),
      (
        try RelatedNetworks.chain(base: 2000, layers: 20, width: 12), image,
        "synth20/residual_12ch.npy"
      ),
      (
        try RelatedNetworks.chain(base: 3000, layers: 20, width: 64), image,
        "synth20/residual_64ch.npy"
      ),
      (
        try RelatedNetworks.stored("sisr", "caffemodel/valid_v1_shape.caffemodel"), small,
        "caffemodel/expected/residual.npy"
      ),
    ] {
      var network = network
      network.layers = .srrecnn3d(
        SRReCNN3D(convolutions: network.convolutions, isResidual: false))
      network.clampsBelow = false
      try check(Case(network: network, input: image, file: file), set: set, isExact: isExact)
    }
  }

  @Test(arguments: InstructionSet.available, [false, true])
  func densenetsMatch(_ set: InstructionSet, isExact: Bool) throws {
    let image = try GoldenImage("sisr", "dcsrn/input.npy", axes: .zyx).input
    let stored = try RelatedNetworks.stored("sisr", "dcsrn/dcsrn_k8_r3_synthetic.safetensors")
    for (network, file) in [
      (stored, "dcsrn/out_k8_r3.npy"),
      (try RelatedNetworks.dcsrn(base: 4000, growth: 8), "dcsrn/out_k8_r3.npy"),
      (try RelatedNetworks.dcsrn(base: 4000, growth: 8, kernel: 1), "dcsrn/out_k8_r1.npy"),
      (
        try RelatedNetworks.dcsrn(base: 4000, growth: 8, epsilon: 1e-3),
        "dcsrn/out_k8_r3_eps1e-3.npy"
      ),
      (try RelatedNetworks.dcsrn(base: 5000, growth: 24), "dcsrn/out_k24_r3.npy"),
    ] {
      try check(
        Case(network: network, input: image, file: file, axes: .zyx), set: set, isExact: isExact)
    }
  }

  @Test(arguments: InstructionSet.available, [false, true])
  func residualNetworksMatch(_ set: InstructionSet, isExact: Bool) throws {
    let image = try GoldenImage("sisr", "dcsrn/input.npy", axes: .zyx).input
    let stored = try RelatedNetworks.stored("sisr", "rescnn/rescnn_c8_synthetic.safetensors")
    for (network, file) in [
      (stored, "rescnn/out_c8.npy"),
      (try RelatedNetworks.resCNN(base: 6000, width: 8), "rescnn/out_c8.npy"),
      (try RelatedNetworks.resCNN(base: 7000, width: 64), "rescnn/out_c64.npy"),
    ] {
      try check(
        Case(network: network, input: image, file: file, axes: .zyx), set: set, isExact: isExact)
    }
  }

  @Test(arguments: InstructionSet.available, [false, true])
  func pixelShuffleNetworksMatch(_ set: InstructionSet, isExact: Bool) throws {
    let image = try GoldenImage("espcn", "r2/input_zyx.npy", axes: .zyx)
    for network in [
      try RelatedNetworks.espcn(base: 700, factor: 2),
      try RelatedNetworks.stored("espcn", "r2/gen_iter_synthetic.npz"),
    ] {
      try check(
        Case(
          network: network, input: image.input, folder: "espcn", file: "r2/output_zyx.npy",
          axes: .zyx),
        set: set, isExact: isExact)
      // Of 7 x 9 x 10 voxels the last tiles go on beyond the volume.
      try check(
        Case(
          network: network, input: image.input, folder: "espcn", file: "r2/output_tiled4_zyx.npy",
          axes: .zyx, options: .init(separateTile: 4), fastBound: 5e-5),
        set: set, isExact: isExact)
    }
    // [:6, :5, :4] of (z, y, x).
    let corner = SIMD3(4, 5, 6)
    let values = voxels(corner).map {
      Float(image.values[($0.z * image.size.y + $0.y) * image.size.x + $0.x])
    }
    try check(
      Case(
        network: try RelatedNetworks.espcn(base: 800, factor: 4),
        input: GoldenInput(size: corner, voxels: values), folder: "espcn",
        file: "r4/output_zyx.npy", axes: .zyx),
      set: set, isExact: isExact)
  }

  /// The last layer, whose channels become voxels of the result: channel (4 a + 2 b + c) of voxel (z, y, x)
  /// lies at (2 z + a, 2 y + b, 2 x + c).
  @Test(arguments: InstructionSet.available, [false, true])
  func channelsBeforeTheShuffleMatch(_ set: InstructionSet, isExact: Bool) throws {
    let image = try GoldenImage("espcn", "r2/input_zyx.npy", axes: .zyx)
    let output = try related(
      RelatedNetworks.espcn(base: 700, factor: 2), image.input, set: set, isExact: isExact)
    let golden = try NumPyArray(
      contentsOf: Golden.folder("espcn").appendingPathComponent("r2/conv3.npy"))
    let size = image.size
    #expect(golden.shape == [8, size.z, size.y, size.x])
    let actual = (0..<8).flatMap { channel in
      voxels(size).map { voxel in
        let place = voxel &* 2 &+ SIMD3(channel & 1, channel >> 1 & 1, channel >> 2)
        return output[(place.z * 2 * size.y + place.y) * 2 * size.x + place.x]
      }
    }
    let deviation = Deviation(expected: golden.values, actual: actual)
    let tolerance = try GoldenTolerances("espcn").limit("r2/conv3.npy", golden.values)
    #expect(deviation.maximum <= tolerance, "\(set.rawValue), exact \(isExact): \(deviation)")
  }

  /// Voxel t of channel c of the stored input is t + 24 c: a network that hands its image on to every
  /// channel and adds 24 c makes it.
  @Test func channelsBecomeVoxelsInTheStoredOrder() throws {
    func layer(_ outputs: Int, bias: [Float]) -> Convolution {
      Convolution(
        weight: [Float](repeating: 1, count: outputs), bias: bias, inputs: 1, outputs: outputs,
        kernel: 1)
    }
    let network = try #require(
      ESPCN3D(
        first: layer(1, bias: [0]), second: layer(1, bias: [0]),
        third: layer(8, bias: (0..<8).map { Float(24 * $0) })))
    let input = GoldenInput(size: SIMD3(4, 3, 2), voxels: (0..<24).map(Float.init))
    let golden = try GoldenImage("espcn", "shuffle/r2_c1.npy", axes: .zyx)
    #expect(try related(RelatedNetwork(.espcn3d(network)), input) == golden.values.map(Float.init))
  }
}
