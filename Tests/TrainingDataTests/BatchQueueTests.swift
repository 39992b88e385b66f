import Testing
import Workers

@testable import Training

@Suite struct BatchQueueTests {
  /// The queue hands out what the source draws, whoever drew it and in whatever order it is asked.
  @Test(arguments: [1, 2, 3]) func batchesAreThoseOfTheSource(_ threads: Int) throws {
    let pool = try WorkerPool(threads: threads)
    let volumes = TrainingVolumes([volume(SIMD3(48, 44, 40), ramp)])
    let settings = plainSettings()
    let source = try BatchSource(volumes, settings: settings, seed: 3)
    let queue = try BatchQueue(source, pool: pool)
    let alone = try BatchSource(volumes, settings: settings, seed: 3)
    let single = try WorkerPool(threads: 1)
    for step in [0, 1, 2, 3, 7, 8, 2, 9] {
      let batch = try queue.batch(step: step, end: 10)
      let same = try batch == alone.batch(step: step, workers: single)
      #expect(same, "step \(step), \(threads) threads")
    }
  }
}
