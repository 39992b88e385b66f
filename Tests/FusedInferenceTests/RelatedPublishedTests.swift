import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@testable import FusedInference

/// The published weights of the deepBrain project against golden/sisr: the network alone, and the whole
/// way from LR intensities to HR ones.
@Suite struct RelatedPublishedTests {
  private static let files = [
    "mono10": "SRReCNN3D_10Layers_IsoScalex2", "multi10": "MultiSRReCNN3D_10Layers_IsoScalex2",
    "srcnn3d": "SRCNN3D_iter_470000",
  ]

  private func network(_ folder: String) throws -> RelatedNetwork {
    let name = try #require(Self.files[folder])
    return try RelatedNetworks.stored("sisr", "weights/\(name).caffemodel")
  }

  private func image(_ file: String) throws -> GoldenImage {
    try GoldenImage("sisr", file, axes: .xyz)
  }

  /// The synthetic second contrast, for the network that takes one.
  private func guide(_ folder: String) throws -> GuideImage? {
    guard folder == "multi10" else { return nil }
    let voxels = try image("multi10/ref_raw.npy").input.voxels
    return GuideImage(voxels: voxels, intensity: .measured(.maximum, voxels: voxels))
  }

  private func expect(
    _ actual: [Float], _ file: String, _ set: InstructionSet, isExact: Bool
  ) throws {
    let golden = try image(file)
    try #require(actual.count == golden.values.count)
    let deviation = Deviation(expected: golden.values, actual: actual)
    let tolerance = try GoldenTolerances("sisr").limit(file, golden.values)
    #expect(
      deviation.maximum <= tolerance,
      "\(file), \(set.rawValue), exact \(isExact): \(deviation)")
  }

  @Test(arguments: InstructionSet.available, [false, true])
  func networksMatchOnTheInterpolatedImage(_ set: InstructionSet, isExact: Bool) throws {
    let input = try image("pipeline/test_ilr.npy").input
    for folder in Self.files.keys.sorted() {
      var network = try network(folder)
      network.clampsBelow = false
      let options = Upsampler.Options(guide: try guide(folder))
      let output = try related(network, input, set: set, isExact: isExact, options: options)
      try expect(output, "\(folder)/sr_norm.npy", set, isExact: isExact)
      guard case .srrecnn3d(var layers) = network.layers else { continue }
      layers.isResidual = false
      network.layers = .srrecnn3d(layers)
      let residual = try related(network, input, set: set, isExact: isExact, options: options)
      try expect(residual, "\(folder)/residual.npy", set, isExact: isExact)
    }
  }

  @Test(arguments: InstructionSet.available, [false, true])
  func intensitiesComeOutAsThePublishedProgramMakesThem(
    _ set: InstructionSet, isExact: Bool
  ) throws {
    let input = try image("pipeline/lr_raw.npy").input
    let intensity = IntensityMap.measured(.maximum, voxels: input.voxels)
    for folder in Self.files.keys.sorted() {
      let output = try related(
        try network(folder), input, scale: SIMD3(2, 2, 2), set: set, isExact: isExact,
        options: .init(intensity: intensity, guide: try guide(folder)))
      try expect(output, "\(folder)/sr_raw.npy", set, isExact: isExact)
      #expect(output.min() == input.voxels.min())
    }
  }

  /// Corners and faces among them: a network whose activations were not zero outside would differ there
  /// by far more than inside.
  @Test(arguments: InstructionSet.available, [false, true])
  func activationsMatchAtCornersAndFaces(_ set: InstructionSet, isExact: Bool) throws {
    let probes = [
      SIMD3(0, 0, 0), SIMD3(25, 23, 19), SIMD3(13, 12, 10), SIMD3(1, 0, 5), SIMD3(24, 22, 18),
      SIMD3(7, 15, 3), SIMD3(18, 4, 11), SIMD3(0, 12, 19),
    ]
    for folder in ["mono10", "multi10"] {
      let network = try network(folder)
      let found = try activations(
        network, try image("pipeline/test_ilr.npy").input, guide: try guide(folder), set: set,
        isExact: isExact, at: probes)
      let url = Golden.folder("sisr").appendingPathComponent("\(folder)/layer_probes.npy")
      let golden = try NumPyArray(contentsOf: url)
      let actual = (1...9).flatMap { layer in
        (0..<64).flatMap { channel in probes.indices.map { found[layer]?[$0]?[channel] ?? .nan } }
      }
      let deviation = Deviation(expected: golden.values, actual: actual)
      let tolerance = try GoldenTolerances("sisr").limit("\(folder)/layer_probes.npy", [])
      #expect(deviation.maximum <= tolerance, "\(set.rawValue), \(isExact): \(deviation)")
    }
  }

  /// The largest activation of every layer over the whole volume; the last layer's is the residual's.
  @Test(arguments: InstructionSet.available, [false, true])
  func activationsAreNowhereLarger(_ set: InstructionSet, isExact: Bool) throws {
    for folder in ["mono10", "multi10"] {
      var network = try network(folder)
      guard case .srrecnn3d(var layers) = network.layers else { continue }
      layers.isResidual = false
      network.layers = .srrecnn3d(layers)
      var largest = [Float](repeating: 0, count: 10)
      try run(
        network, try image("pipeline/test_ilr.npy").input, guide: try guide(folder), set: set,
        isExact: isExact
      ) { value, region, maps, channels in
        for plane in region.planes {
          for row in region.rows {
            for column in region.columns {
              let values = maps.voxel(value, plane: plane, row: row, column: column)
              for channel in 0..<channels {
                largest[value - 1] = max(largest[value - 1], abs(values[channel]))
              }
            }
          }
        }
      }
      let url = Golden.folder("sisr").appendingPathComponent("\(folder)/layer_absmax.npy")
      let golden = try NumPyArray(contentsOf: url)
      let deviation = Deviation(expected: golden.values, actual: largest)
      let tolerance = try GoldenTolerances("sisr").limit(
        "\(folder)/layer_absmax.npy", golden.values)
      #expect(deviation.maximum <= tolerance, "\(set.rawValue), \(isExact): \(deviation)")
    }
  }

  /// The published program for CPUs turns the kernels round and makes another image.
  @Test func theImageOfTheProgramForCPUsIsNotMade() throws {
    let input = try image("pipeline/test_ilr.npy").input
    var network = try network("srcnn3d")
    network.clampsBelow = false
    let other = try image("srcnn3d/sr_norm_legacy_cpu_path.npy")
    let deviation = Deviation(
      expected: other.values, actual: try related(network, input))
    // Measured in double precision: 0.095.
    #expect(abs(deviation.maximum - 0.095) < 5e-4, "\(deviation)")
  }

  /// Per layer from 1 and per probe, the channels.
  private func activations(
    _ network: RelatedNetwork, _ input: GoldenInput, guide: GuideImage?, set: InstructionSet,
    isExact: Bool, at probes: [SIMD3<Int>]
  ) throws -> [Int: [Int: [Float]]] {
    var found: [Int: [Int: [Float]]] = [:]
    try run(network, input, guide: guide, set: set, isExact: isExact) {
      value, region, maps, channels in
      for (number, probe) in probes.enumerated()
      where region.planes.contains(probe.z) && region.rows.contains(probe.y) {
        let values = maps.voxel(value, plane: probe.z, row: probe.y, column: probe.x)
        found[value, default: [:]][number] = (0..<channels).map { values[$0] }
      }
    }
    return found
  }

  /// Runs a network on the HR grid as one block and shows what every layer makes, step by step.
  private func run(
    _ network: RelatedNetwork, _ input: GoldenInput, guide: GuideImage?, set: InstructionSet,
    isExact: Bool,
    observe: @escaping (_ value: Int, EncoderRunner.Region, ValueMaps, _ channels: Int) -> Void
  ) throws {
    let pool = try WorkerPool(threads: 2)
    let program = EncoderProgram(
      network, choice: ConvolutionChoice(instructionSet: set, isExact: isExact))
    let runner = try EncoderRunner(
      program: program, kernels: try KernelTables.table(for: set), pool: pool)
    let ranges = ValueRanges.allAxes(
      program, target: program.result, cells: (0..<3).map { 0..<input.size[$0] }, above: 0,
      volume: input.size)
    let shape = WavefrontShape(
      program, target: program.result, ranges: ranges, bandsPerStep: nil)
    let scratch = try WorkerScratch.forAll(
      pool, kernelFloats: runner.scratch(width: input.size.x), constants: 0, rowCount: 1,
      rowLength: input.size.x, layers: 0)
    let sampling = try network.sampling(of: input.size, scale: SIMD3(1, 1, 1))
    let image = InterpolatedImage(
      Interpolator(
        voxels: input.voxels,
        sampling: PreparedSampling(sampling, inputSize: input.size, method: .cubic), pool: pool),
      guide: guide, padding: 0)
    let wavefront = try Wavefront(
      runner, shape: shape, image: image, scratch: scratch, monitor: UpsampleMonitor())
    for slab in shape.slabs {
      for step in 0..<shape.stepsPerSlab {
        wavefront.advance(slab: slab, step: step) { layer, region in
          observe(layer.output, region, wavefront.maps, program.channels[layer.output])
        }
      }
    }
  }
}
