import FusedInference
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

/// Every run is a process of its own, whose largest resident set nothing else can raise.
@Suite("The planned peak of memory against the resident set of a run")
struct MemoryModelTests {
  @Test func theWholeVolumeAtOnceStaysWithinThePlan() async {
    await #expect(processExitsWith: .success) {
      try MemoryRun(sharePercent: 100).check()
    }
  }

  @Test func aTightLimitIsKept() async {
    await #expect(processExitsWith: .success) {
      try MemoryRun(sharePercent: 20).check()
    }
  }

  @Test func interpolationStaysWithinThePlan() async {
    await #expect(processExitsWith: .success) {
      let run = try MemoryRun(sharePercent: 100)
      let plan = try Interpolation.plan(
        .cubic, inputSize: run.input.size, sampling: run.sampling, output: run.settings,
        memoryLimit: nil)
      _ = try Interpolation.run(
        .cubic, voxels: run.input.voxels, inputSize: run.input.size, sampling: run.sampling,
        output: run.settings, pool: WorkerPool(threads: 2)
      ) { _ in }
      try MemoryRun.check(planned: plan.peakBytes)
    }
  }
}

/// A run with all that takes memory: base, mask, intensity map.
private struct MemoryRun {
  let input = GoldenInput(noiseOf: SIMD3(80, 72, 64))
  let sampling: Sampling
  let settings: OutputSettings
  /// How far above the least limit that works, towards what the whole volume takes.
  let sharePercent: Int

  init(sharePercent: Int) throws {
    self.sharePercent = sharePercent
    sampling = try input.sampling(scale: [1.5, 1.5, 1.5])
    let size = sampling.outputSize
    settings = OutputSettings(
      mask: RegionMask(
        voxels: [Float](repeating: 1, count: size.x * size.y * size.z), size: size),
      outside: .linear)
  }

  func check() throws {
    var network = try GoldenNetworks.network("rdn_small")
    network.variants.residual = .bspline3
    let upsampler = try Upsampler(
      network: network, kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: 2))
    var options = Upsampler.Options(
      intensity: IntensityMap(low: -1, high: 2), output: settings)
    let whole = try upsampler.plan(
      inputSize: input.size, sampling: sampling, options: options
    ).peakBytes
    let least = try upsampler.leastBytes(input, sampling, options: options)
    options.memoryLimit = least + (whole - least) * sharePercent / 100
    let plan = try upsampler.plan(inputSize: input.size, sampling: sampling, options: options)
    let counts = plan.blockCounts
    try #require((counts.x * counts.y * counts.z == 1) == (sharePercent == 100))
    _ = try upsampler.run(plan, voxels: input.voxels, options: options) { _ in }
    try Self.check(planned: plan.peakBytes)
  }

  /// The plan bounds the resident set, and is not above it by more than a half and the room that it
  /// keeps for a program's code and buffers.
  static func check(planned: Int) throws {
    let resident = MemoryLimit.peakResidentBytes()
    try #require(resident <= planned, "resident \(resident >> 20) MiB, planned \(planned >> 20)")
    try #require(
      planned <= resident * 3 / 2 + 48 << 20,
      "resident \(resident >> 20) MiB, planned \(planned >> 20)")
  }
}
