import FusedInference
import KernelInterface
import Networks
import SIMDKernels
import Testing
import Volumes
import Workers

/// Runs a network on an input and collects the output.
func upsampled(
  _ network: ArSSRNetwork, _ input: GoldenInput, sampling: Sampling,
  set: InstructionSet = .best, isExact: Bool = false, threads: Int = 2,
  options: Upsampler.Options = .init()
) throws -> [Float] {
  try upsampled(
    network, input, sampling: sampling, set: set, isExact: isExact,
    pool: WorkerPool(threads: threads), options: options)
}

/// Runs a network on a given pool.
func upsampled(
  _ network: ArSSRNetwork, _ input: GoldenInput, sampling: Sampling,
  set: InstructionSet = .best, isExact: Bool = false, pool: WorkerPool,
  options: Upsampler.Options = .init()
) throws -> [Float] {
  try upsampled(
    Upsampler(
      network: network, kernels: KernelTables.table(for: set), pool: pool, isExact: isExact),
    input, sampling: sampling, options: options)
}

/// Runs a network that is ready.
func upsampled(
  _ upsampler: Upsampler, _ input: GoldenInput, sampling: Sampling,
  options: Upsampler.Options = .init()
) throws -> [Float] {
  let plan = try upsampler.plan(inputSize: input.size, sampling: sampling, options: options)
  var output: [Float] = []
  _ = try upsampler.run(plan, voxels: input.voxels, options: options) { output += $0 }
  return output
}

/// Interpolates an input and collects the output.
func interpolated(
  _ method: InterpolationMethod, _ input: GoldenInput, sampling: Sampling,
  output settings: OutputSettings = .init()
) throws -> [Float] {
  var output: [Float] = []
  _ = try Interpolation.run(
    method, voxels: input.voxels, inputSize: input.size, sampling: sampling, output: settings,
    pool: WorkerPool(threads: 2)
  ) { output += $0 }
  return output
}

extension Upsampler {
  /// The bytes that a refusal of the smallest limit names.
  func leastBytes(
    _ input: GoldenInput, _ sampling: Sampling, options: Options = .init()
  ) throws -> Int {
    var options = options
    options.memoryLimit = 1
    let error = #expect(throws: InferenceError.self) {
      try plan(inputSize: input.size, sampling: sampling, options: options)
    }
    guard case .memoryLimit(let needed, _) = try #require(error) else {
      throw try #require(error)
    }
    return needed
  }

  /// Runs with four limits from what the whole volume takes down to the least that works.
  ///
  /// - Returns: The blocks and the output of each; the first has one block.
  func runsWithFallingLimits(
    _ input: GoldenInput, _ sampling: Sampling, options: Options = .init()
  ) throws -> [(blocks: SIMD3<Int>, output: [Float])] {
    let whole = try plan(inputSize: input.size, sampling: sampling, options: options).peakBytes
    let least = try leastBytes(input, sampling, options: options)
    #expect(least < whole)
    var options = options
    let results = try (0...3).map { part in
      let limit = whole - (whole - least) * part / 3
      options.memoryLimit = limit
      let plan = try self.plan(inputSize: input.size, sampling: sampling, options: options)
      #expect(plan.peakBytes <= limit)
      var output: [Float] = []
      _ = try run(plan, voxels: input.voxels, options: options) { output += $0 }
      return (blocks: plan.blockCounts, output: output)
    }
    #expect(results[0].blocks == SIMD3(1, 1, 1))
    return results
  }
}

/// All voxels of a box, i fastest.
func voxels(_ size: SIMD3<Int>) -> [SIMD3<Int>] {
  (0..<size.z).flatMap { k in
    (0..<size.y).flatMap { j in (0..<size.x).map { SIMD3($0, j, k) } }
  }
}
