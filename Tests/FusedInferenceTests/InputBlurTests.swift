import Checkpoints
import FusedInference
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@Suite("What networks make of the blur of their input")
struct InputBlurTests {
  private static let lambda = 0.02
  private let input = GoldenInput(noiseOf: SIMD3(26, 22, 19))

  /// The default model's sizes, with a condition in place of its own.
  private func network(_ condition: ArSSRVariants.Condition) throws -> ArSSRNetwork {
    let path = Repository.folder.appendingPathComponent("Models/interim.safetensors").path
    var network = try ArSSRNetwork(checkpoint: Checkpoint.load(path: path))
    network.variants.condition = condition
    return network
  }

  private var deconvolving: ArSSRNetwork {
    get throws { try network(.deconvolution(lambda: Self.lambda, default: 0)) }
  }

  private func sharpened(_ widths: SIMD3<Double>) throws -> GoldenInput {
    var voxels = input.voxels
    Deconvolution(lambda: Self.lambda).apply(
      to: &voxels, size: input.size, widths: widths, pool: try WorkerPool(threads: 1))
    return GoldenInput(size: input.size, voxels: voxels)
  }

  /// Network and base see the volume without its blur, and the decoder is told the largest blur.
  @Test func theBlurIsDividedOutOfInputAndBase() throws {
    let network = try deconvolving
    let told = try self.network(.psf(default: 0))
    let sampling = try input.sampling(scale: [2, 1.5, 1])
    for widths in [SIMD3(0, 0.8, 1.3), SIMD3(1.1, 0, 0), .zero] {
      let output = try upsampled(
        network, input, sampling: sampling, options: .init(blur: .perAxis(widths)))
      let expected = try upsampled(
        told, sharpened(widths), sampling: sampling,
        options: .init(blur: .uniform(widths.max())))
      #expect(output == expected, "\(widths)")
    }
  }

  /// One number holds for the axes that become finer: j and k here, of an array order (k, j, i).
  @Test func oneNumberIsForTheAxesThatBecomeFiner() throws {
    let network = try deconvolving
    let sampling = try input.sampling(scale: [2, 1.5, 1])
    let uniform = try upsampled(
      network, input, sampling: sampling, options: .init(blur: .uniform(0.9)))
    let each = try upsampled(
      network, input, sampling: sampling, options: .init(blur: .perAxis(SIMD3(0, 0.9, 0.9))))
    #expect(uniform == each)
    let plain = try upsampled(network, input, sampling: sampling)
    #expect(plain != uniform)
    #expect(
      try upsampled(network, input, sampling: sampling, options: .init(blur: .uniform(0))) == plain)
  }

  /// Grids that a header's rounding turns are not turned, and steps that it shortens are not finer.
  @Test func roundingOfHeadersMakesNoAxisFiner() throws {
    let upsampler = try Upsampler(
      network: try deconvolving, kernels: try KernelTables.table(for: .best),
      pool: try WorkerPool(threads: 1))
    let size = input.size
    func divided(_ sampling: Sampling) throws -> SIMD3<Double> {
      try upsampler.plan(
        inputSize: size, sampling: sampling, options: .init(blur: .uniform(0.9))
      ).blur.divided
    }
    func turned(by tangent: Double) -> Sampling {
      .general(
        GeneralSampling(
          matrix: Affine(i: SIMD3(1, tangent, 0), j: SIMD3(-tangent, 1, 0), k: SIMD3(0, 0, 0.5)),
          outputSize: SIMD3(size.x, size.y, 2 * size.z), inputSize: size))
    }
    #expect(try divided(turned(by: 5e-4)) == SIMD3(0, 0, 0.9))
    #expect(try divided(turned(by: 0.1)) == SIMD3(repeating: 0.9))
    let steps = [1 - 3e-5, 1 - 1e-6, 0.5]
    let axes = (0..<3).map { axis in
      SeparableSampling.Axis(
        positions: (0..<size[axis]).map { Double($0) * steps[axis] }, outputAxis: axis,
        inputSize: size[axis])
    }
    #expect(try divided(.separable(SeparableSampling(axes: axes))) == SIMD3(0, 0, 0.9))
  }

  /// Blur that the caller has divided out is not divided out again.
  @Test func whatWasRemovedIsOnlyTold() throws {
    let network = try deconvolving
    let sampling = try input.sampling(scale: [2, 2, 2])
    let whole = try upsampled(
      network, input, sampling: sampling, options: .init(blur: .uniform(1)))
    let removed = try upsampled(
      network, sharpened(SIMD3(1, 1, 1)), sampling: sampling, options: .init(blur: .removed(1)))
    #expect(whole == removed)
  }

  /// The filter runs over lines of the whole volume, whatever is encoded at a time.
  @Test(arguments: InstructionSet.available)
  func threadsAndBlocksGiveTheSameBytes(_ set: InstructionSet) throws {
    let network = try deconvolving
    let sampling = try input.sampling(scale: [2, 1.5, 1.2])
    let blur = InputBlur.perAxis(SIMD3(1.2, 0.5, 1))
    let reference = try upsampled(
      network, input, sampling: sampling, set: set, threads: 1, options: .init(blur: blur))
    let upsampler = try Upsampler(
      network: network, kernels: try KernelTables.table(for: set),
      pool: try WorkerPool(threads: 3))
    let whole = try upsampler.plan(
      inputSize: input.size, sampling: sampling, options: .init(blur: blur))
    #expect(
      whole.peakBytes
        == (try upsampler.plan(inputSize: input.size, sampling: sampling, options: .init()))
        .peakBytes + 4 * input.voxels.count)
    for run in try upsampler.runsWithFallingLimits(
      input, sampling, options: .init(blur: blur))
    {
      #expect(run.output == reference, "blocks \(run.blocks)")
    }
  }

  @Test func aNetworkThatIsToldOneBlurTakesNoOtherPerAxis() throws {
    let upsampler = try Upsampler(
      network: try network(.psf(default: 0)), kernels: try KernelTables.table(for: .best),
      pool: try WorkerPool(threads: 1))
    let sampling = try input.sampling(scale: [2, 2, 2])
    func plan(_ blur: InputBlur) throws -> UpsamplePlan {
      try upsampler.plan(inputSize: input.size, sampling: sampling, options: .init(blur: blur))
    }
    let unlike = InputBlur.perAxis(SIMD3(0, 0, 1))
    #expect(throws: InferenceError.blurOfEachAxisNotTaken(unlike)) { try plan(unlike) }
    #expect(try plan(.perAxis(SIMD3(1, 1, 1))).blur.told == 1)
    #expect(try plan(.uniform(0.5)).blur.divided == .zero)
  }

  @Test(arguments: [InputBlur.uniform(10.1), .uniform(-1), .uniform(.nan), .perAxis([1, 11, 0])])
  func blursThatCannotBeUndoneAreRefused(_ blur: InputBlur) throws {
    let sampling = try input.sampling(scale: [2, 2, 2])
    for condition in [
      ArSSRVariants.Condition.psf(default: 0), .deconvolution(lambda: 0.01, default: 0),
    ] {
      let upsampler = try Upsampler(
        network: try network(condition), kernels: try KernelTables.table(for: .best),
        pool: try WorkerPool(threads: 1))
      let error = #expect(throws: InferenceError.self) {
        try upsampler.plan(inputSize: input.size, sampling: sampling, options: .init(blur: blur))
      }
      #expect(error?.code == "usage.value")
      #expect(error?.message.hasSuffix("must be from 0 to 10") == true)
    }
  }

  /// The model's file names the rule that this engine has.
  @Test func versionsAgree() {
    #expect(Deconvolution.version == MetadataKey.deconvolutionVersionRead)
    #expect(Deconvolution.widths == ArSSRVariants.Condition.widths)
  }
}
