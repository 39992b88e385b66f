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

  @Test func aBlockOfBackgroundTakesNoMemory() async {
    await #expect(processExitsWith: .success) {
      try MemoryRun(sharePercent: 20).checkOfNothing()
    }
  }

  @Test func aTightLimitIsKept() async {
    await #expect(processExitsWith: .success) {
      try MemoryRun(sharePercent: 20).check()
    }
  }

  @Test func aVolumeThatIsContinuedStaysWithinThePlan() async {
    await #expect(processExitsWith: .success) {
      try MemoryRun(sharePercent: 100, margin: 4).check()
    }
  }

  /// Of a size at which one more copy of the input would show.
  @Test func aContinuedVolumeWhoseBlurIsDividedOutStaysWithinThePlan() async {
    await #expect(processExitsWith: .success) {
      try MemoryRun(
        sharePercent: 100, margin: 4, blur: .uniform(1), size: SIMD3(144, 128, 96)
      ).check()
    }
  }

  /// Rows of as many runs of cells as there can be.
  @Test func cellsOfAStripedVolumeStayWithinThePlan() async {
    await #expect(processExitsWith: .success) {
      try StripedVolume().check()
    }
  }

  @Test func interpolationStaysWithinThePlan() async {
    await #expect(processExitsWith: .success) {
      let run = try MemoryRun(sharePercent: 100)
      let pool = try WorkerPool(threads: 2)
      let plan = try Interpolation.plan(
        .cubic, inputSize: run.input.size, sampling: run.sampling, output: run.settings,
        held: run.held, memoryLimit: nil)
      _ = try Interpolation.run(
        .cubic, voxels: run.input.voxels, inputSize: run.input.size, sampling: run.sampling,
        output: run.settings, pool: pool
      ) { _ in }
      try MemoryRun.check(planned: plan.peakBytes)
    }
  }
}

/// A volume that is background but for a plane in seven.
private struct StripedVolume {
  private let input: GoldenInput

  init() {
    MemoryLimit.returnLargeArrays()
    let size = SIMD3(448, 96, 96)
    input = GoldenInput(
      size: size,
      voxels: (0..<size.x * size.y * size.z).map { $0 % size.x % 7 == 3 ? 5 : 0 })
  }

  /// What is noted of the kept cells takes what the plan says.
  func check() throws {
    let upsampler = try Upsampler(
      network: GoldenNetworks.network("rdn_small"), kernels: KernelTables.table(for: .best),
      pool: WorkerPool(threads: 2))
    let sampling = try input.sampling(scale: [1, 1, 1])
    func plan(_ background: OutputSettings.BackgroundPolicy) throws -> UpsamplePlan {
      try upsampler.plan(
        inputSize: input.size, sampling: sampling,
        options: .init(output: OutputSettings(background: background)))
    }
    let keeping = try plan(.keep)
    let planned = keeping.peakBytes - (try plan(.compute)).peakBytes
    // Where the system does not allow it, nothing can be seen.
    guard MemoryLimit.resetPeakResidentBytes() else { return }
    let before = MemoryLimit.residentBytes()
    let work = upsampler.work(
      keeping, voxels: input.voxels, settings: OutputSettings(background: .keep))
    let taken = MemoryLimit.peakResidentBytes() - before
    try #require(work.background != nil)
    try #require(
      taken <= planned + 2 << 20, "taken \(taken >> 10) KiB, planned \(planned >> 10)")
  }
}

/// A run with all that takes memory: base, mask, intensity map.
private struct MemoryRun {
  let input: GoldenInput
  let network: ArSSRNetwork
  /// What the test program has resident before the input exists.
  let held: HeldMemory
  let sampling: Sampling
  let settings: OutputSettings
  /// What is divided out; nil: the network knows nothing of blur.
  let blur: InputBlur?
  /// How far above the least limit that works, towards what the whole volume takes.
  let sharePercent: Int

  init(
    sharePercent: Int, margin: Int = 0, blur: InputBlur? = nil, size: SIMD3<Int> = [80, 72, 64]
  ) throws {
    self.sharePercent = sharePercent
    self.blur = blur
    MemoryLimit.returnLargeArrays()
    var network = try GoldenNetworks.network("rdn_small")
    network.variants.residual = .bspline3
    network.variants.margin = margin
    if blur != nil { network.variants.condition = .deconvolution(lambda: 0.01, default: 0) }
    self.network = network
    // The plan counts the weights.
    held = HeldMemory(
      bytes: MemoryLimit.residentBytes() - MemoryLayout<Float>.size * network.parameterCount)
    input = GoldenInput(noiseOf: size)
    sampling = try input.sampling(scale: [1.5, 1.5, 1.5])
    let outputSize = sampling.outputSize
    settings = OutputSettings(
      mask: RegionMask(
        voxels: [Float](repeating: 1, count: outputSize.x * outputSize.y * outputSize.z),
        size: outputSize),
      outside: .linear)
  }

  func check() throws {
    let upsampler = try Upsampler(
      network: network, kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: 2))
    var options = Upsampler.Options(
      held: held, blur: blur, intensity: IntensityMap(low: -1, high: 2), output: settings)
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

  /// A volume that is one background leaves nothing of what the plan holds for blocks.
  func checkOfNothing() throws {
    let upsampler = try Upsampler(
      network: network, kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: 2))
    let options = Upsampler.Options(held: held, output: OutputSettings(background: .keep))
    let plan = try upsampler.plan(inputSize: input.size, sampling: sampling, options: options)
    let zeros = [Float](repeating: 0, count: input.voxels.count)
    var made = 0
    _ = try upsampler.run(plan, voxels: zeros, options: options) { planes in
      made += planes.count
      for voxel in planes where voxel != 0 { Issue.record("\(voxel)") }
    }
    let size = plan.outputSize
    try #require(made == size.x * size.y * size.z)
    let resident = MemoryLimit.peakResidentBytes()
    // Rows of 24 and 48 channels of 80 x 72 voxels, several of each, are 20 MiB and more.
    try #require(resident < plan.peakBytes - 20 << 20, "resident \(resident >> 20) MiB")
  }

  /// The plan bounds the resident set, and is not above it by more than a tenth and some code: of that
  /// a test program has touched more before than the command, which `MemoryTests` measures.
  static func check(planned: Int) throws {
    let resident = MemoryLimit.peakResidentBytes()
    try #require(resident <= planned, "resident \(resident >> 20) MiB, planned \(planned >> 20)")
    try #require(
      planned <= resident * 11 / 10 + 4 << 20,
      "resident \(resident >> 20) MiB, planned \(planned >> 20)")
  }
}
