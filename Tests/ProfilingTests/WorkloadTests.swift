import FusedInference
import KernelInterface
import Networks
import Profiling
import SIMDKernels
import Testing
import Workers

@Suite("Workloads")
struct WorkloadTests {
  /// Small, and of the same form as the published RDN.
  private static let configuration = ArSSRConfiguration(
    encoder: .rdn, width: 16, growth: 16, blocks: 2, layersPerBlock: 2, featureChannels: 20,
    decoderDepth: 3, decoderWidth: 32)

  private func benchmark(
    threads: Int = 2, size: SIMD3<Int> = SIMD3(12, 10, 8), background: Double = 0
  ) throws -> UpsampleBenchmark {
    try UpsampleBenchmark(
      UpsampleBenchmark.Subject(
        name: "small", network: .arssr(ArSSRNetwork(random: Self.configuration)), size: size,
        scale: SIMD3(2, 2, 1), background: background),
      kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: threads),
      memoryLimit: 1 << 30, tile: nil, isExact: false)
  }

  @Test func stepsAccountForAllOperationsAndNoMoreThanTheTime() throws {
    let benchmark = try benchmark()
    let results = try benchmark.measure(
      [.encode, .decode, .upsample], repetition: Repetition(samples: 3, leastSeconds: 0),
      monitor: UpsampleMonitor(recorder: StepRecorder())
    ) { _ in }
    #expect(results.map(\.label) == ["encode", "decode", "upsample"])
    #expect(
      results.map(\.name) == [
        "encode/small/12x10x8-24x20x8/2t", "decode/small/12x10x8-24x20x8/2t",
        "upsample/small/12x10x8-24x20x8/2t",
      ])
    for result in results {
      #expect(result.runs == 3)
      #expect(result.seconds.values.count == 3)
      let cost = result.steps.reduce(into: StepCost()) { $0 += $1.cost }
      #expect(cost.operations == 3 * result.operations, "\(result.label)")
      #expect(cost.directOperations == 3 * result.directOperations, "\(result.label)")
      #expect(cost.bytes == 3 * result.bytes, "\(result.label)")
      let time = result.steps.reduce(0) { $0 + $1.seconds }
      #expect(time <= result.seconds.values.reduce(0, +), "\(result.label)")
      #expect(time > 0)
      #expect(result.peakBytes > 0)
    }
    let blocks = (0..<2).flatMap { block in
      ["rdbs.\(block).layers.0", "rdbs.\(block).layers.1 + rdbs.\(block) + gff.0"]
    }
    // 1x1x1 layers run as one with the layer before.
    let layers = ["image", "sfe1", "sfe2"] + blocks + ["gff.1", "output + decoder"]
    #expect(Set(results[0].steps.map(\.name)).isSuperset(of: layers))
    #expect(results[1].steps.map(\.name).contains("rows"))
  }

  /// What is left out is the same by the counts before a run as by those of its steps.
  @Test func stepsOfAVolumeWithBackgroundCountWhatIsComputed() throws {
    let benchmark = try benchmark(size: SIMD3(48, 40, 36), background: 0.9)
    let results = try benchmark.measure(
      [.encode, .decode], repetition: Repetition(samples: 1, leastSeconds: 0),
      monitor: UpsampleMonitor(recorder: StepRecorder())
    ) { _ in }
    for result in results {
      let cost = result.steps.reduce(into: StepCost()) { $0 += $1.cost }
      #expect(cost.operations == result.operations, "\(result.label)")
      let left = try #require(result.leftOut)
      // An ellipsoid with a tenth of the volume; its box has 0.19 of it.
      #expect(abs(left.voxels - 0.9) < 0.01)
      #expect(left.decoder > 0.5 && left.decoder < 0.9, "\(left)")
      #expect(left.encoder > 0.1 && left.encoder < 0.81, "\(left)")
    }
    #expect(results[0].name == "encode/small/48x40x36-96x80x36-background90/2t")
    let plain = try self.benchmark().measure(
      [.encode], repetition: Repetition(samples: 1, leastSeconds: 0), monitor: UpsampleMonitor()
    ) { _ in }
    #expect(plain[0].leftOut == nil)
  }

  /// 960 voxels in; per voxel every weight of the encoder once.
  @Test func directOperationsAreThoseOfThePublishedFunction() throws {
    let network = ArSSRNetwork(random: Self.configuration)
    let results = try benchmark().measure(
      [.encode, .decode], repetition: Repetition(samples: 1, leastSeconds: 0),
      monitor: UpsampleMonitor()
    ) { _ in }
    let weights = network.encoder.convolutions.reduce(0) { $0 + $1.weight.count }
    #expect(results[0].directOperations == 960 * weights)
    let dense = network.decoder.layers.reduce(0) { $0 + $1.weight.count }
    #expect(results[1].directOperations == 4 * 960 * dense)
    #expect(results[0].voxels == 960)
    #expect(results[1].voxels == 4 * 960)
  }

  /// Those of a related network are its layers', on the grid that they run on.
  @Test(arguments: [(Architecture.srrecnn3d, 8), (.dcsrn, 8), (.espcn3d, 1)])
  func relatedNetworksAreCountedOnTheirGrid(architecture: Architecture, times: Int) throws {
    var sizes = RelatedSizes(architecture)
    sizes.width = 8
    let network = RelatedNetwork(initial: sizes, seed: 1)
    let benchmark = try UpsampleBenchmark(
      UpsampleBenchmark.Subject(
        name: "small", network: .related(network), size: SIMD3(12, 10, 8), scale: SIMD3(2, 2, 2)),
      kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: 2),
      memoryLimit: 1 << 30, tile: nil, isExact: false)
    let results = try benchmark.measure(
      [.encode, .decode, .upsample], repetition: Repetition(samples: 1, leastSeconds: 0),
      monitor: UpsampleMonitor(recorder: StepRecorder())
    ) { _ in }
    #expect(results[0].directOperations == 960 * times * network.operationsPerVoxel)
    #expect(results[2].directOperations == results[0].directOperations)
    #expect(results[1].operations == 0)
    #expect(results.map(\.voxels) == [960 * times, 8 * 960, 8 * 960])
    #expect(try benchmark.output(monitor: UpsampleMonitor()).count == 8 * 960)
  }

  @Test func aRecorderChangesNoValue() throws {
    let benchmark = try benchmark()
    let plain = try benchmark.output(monitor: UpsampleMonitor())
    let recorded = try benchmark.output(monitor: UpsampleMonitor(recorder: StepRecorder()))
    #expect(plain == recorded)
    #expect(plain.count == 24 * 20 * 8)
  }

  @Test func cancellingEndsAMeasurement() throws {
    let benchmark = try benchmark()
    let monitor = UpsampleMonitor()
    monitor.cancel()
    #expect(throws: InferenceError.cancelled) {
      _ = try benchmark.measure(
        [.upsample], repetition: Repetition(samples: 2, leastSeconds: 0), monitor: monitor
      ) { _ in }
    }
  }

  @Test(arguments: EncoderKind.allCases) func randomNetworksAreTheSameForASeed(
    _ kind: EncoderKind
  ) {
    var configuration = Self.configuration
    configuration.encoder = kind
    let one = ArSSRNetwork(random: configuration)
    #expect(one.encoder == ArSSRNetwork(random: configuration).encoder)
    #expect(one.decoder == ArSSRNetwork(random: configuration).decoder)
    #expect(one.encoder != ArSSRNetwork(random: configuration, seed: 2).encoder)
    let layer = one.encoder.convolutions[1]
    let bound = (6 / Float(layer.inputs * 27)).squareRoot()
    #expect(layer.weight.allSatisfy { abs($0) <= bound })
    // The mean square of a uniform value in (-b, b) is b^2/3; 6,912 values scatter by 1.1 %.
    let square = layer.weight.reduce(0) { $0 + Double($1 * $1) } / Double(layer.weight.count)
    #expect(abs(square / Double(bound * bound / 3) - 1) < 0.06)
  }

  @Test func theSyntheticVolumeHasNoConstantNeighbours() {
    let volume = SyntheticVolume(size: SIMD3(30, 20, 10))
    #expect(volume.voxels.count == 6000)
    #expect(volume.voxels.allSatisfy { (0...1).contains($0) })
    #expect(zip(volume.voxels, volume.voxels.dropFirst()).allSatisfy { $0 != $1 })
  }

  @Test func everyKernelShapeCanBeMeasuredOnEverySet() throws {
    for set in [InstructionSet.best, .generic] where set.isAvailable {
      let table = try KernelTables.table(for: set)
      let shapes = KernelShapes.convolutions.filter { $0.multiplyAdds < 10_000 }
      #expect(!shapes.isEmpty)
      for shape in shapes { try KernelWorkload.convolution(shape, table).run() }
      let decoder = DecoderRun(
        shape: DecoderShape(name: "decode/32x6", inputs: 19, hidden: 32, layersPerStage: 3),
        scale: 2, used: 0.5)
      let workload = try KernelWorkload.decoder(decoder, table, tile: 48)
      workload.run()
      let executed = workload.executed?() ?? 0
      #expect(executed <= workload.operations)
      #expect(executed > workload.operations / 10)
    }
  }

  @Test func peaksAreMeasuredForOneAndForAllWorkers() throws {
    let pool = try WorkerPool(threads: 2)
    let peaks = try MachinePeaks(
      kernels: KernelTables.table(for: .best), pool: pool,
      caches: Topology.detect().caches, memoryLimit: 64 << 20)
    #expect(peaks.workers == 2)
    #expect(peaks.oneCore > 1e8)
    #expect(peaks.allCores > 1e8)
    #expect(peaks.pairsOneCore > 1e8)
    #expect(peaks.pairsAllCores > 1e8)
    #expect(peaks.copyOneCore > 1e6)
    #expect(peaks.operationsPerSecond(workers: 1) == peaks.oneCore)
    #expect(peaks.operationsPerSecond(workers: 2) == peaks.allCores)
    #expect(peaks.gain == peaks.allCores / peaks.oneCore)
  }
}
