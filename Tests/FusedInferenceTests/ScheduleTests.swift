import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import FusedInference

/// How a plan's steps are shared by any number of workers.
@Suite struct ScheduleTests {
  private func upsampler() throws -> Upsampler {
    try Upsampler(
      network: try GoldenNetworks.network("rdn_small"), kernels: KernelTables.table(for: .best),
      pool: WorkerPool(threads: 2))
  }

  private func plan(_ upsampler: Upsampler, _ input: GoldenInput) throws -> UpsamplePlan {
    try upsampler.plan(
      inputSize: input.size, sampling: try input.sampling(scale: [2, 2, 2]),
      options: Upsampler.Options())
  }

  @Test func oneWorkerDoesOneThingAtATimeAndMoreNeverMoreThanTheyAre() throws {
    let upsampler = try upsampler()
    let plan = try plan(upsampler, GoldenInput(noiseOf: SIMD3(40, 36, 20)))
    for step in upsampler.schedule(plan, workers: 1) {
      #expect(abs(step.parallelism - 1) < 1e-9, "\(step)")
    }
    var before = upsampler.schedule(plan, workers: 1)
    for workers in [2, 4, 8, 16, 128] {
      let steps = upsampler.schedule(plan, workers: workers)
      #expect(steps.map(\.name) == before.map(\.name))
      for (step, fewer) in zip(steps, before) {
        #expect(step.parallelism <= Double(workers) + 1e-9, "\(step)")
        // More workers cut the items finer and lose at most the rounding of the last round.
        #expect(step.parallelism >= 0.99 * fewer.parallelism, "\(workers): \(step), \(fewer)")
        #expect(step.calls == fewer.calls)
      }
      before = steps
    }
  }

  @Test func callsAreThoseOfARun() throws {
    let upsampler = try upsampler()
    let input = GoldenInput(noiseOf: SIMD3(24, 20, 12))
    let plan = try plan(upsampler, input)
    let recorder = StepRecorder()
    _ = try upsampler.run(
      plan, voxels: input.voxels, options: Upsampler.Options(),
      monitor: UpsampleMonitor(recorder: recorder)
    ) { _ in }
    for step in upsampler.schedule(plan, workers: 2) where step.name != "image" {
      let record = try #require(recorder.steps.first { $0.name == step.name })
      #expect(record.calls == step.calls, "\(step.name)")
    }
  }
}
