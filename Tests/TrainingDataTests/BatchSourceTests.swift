import Foundation
import Testing
import Workers

@testable import Training

/// That a batch is a function of seed, step and number alone.
@Suite struct BatchSourceTests {
  private func volumes() -> TrainingVolumes {
    TrainingVolumes(
      (0..<3).map { number in
        volume { i, j, k in 0.5 + 0.4 * sin(0.3 * i + Double(number)) * cos(0.2 * j - 0.1 * k) }
      })
  }

  private func settings() -> DataSettings {
    var settings = plainSettings(.blurred(0...1))
    settings.mirrors = true
    settings.brightness = 0.2
    settings.noise = 0.01...0.02
    settings.perAxisShare = 0.3
    return settings
  }

  private func batches(
    _ settings: DataSettings, steps: [Int], threads: Int, seed: UInt64 = 7
  ) throws -> [TrainingBatch] {
    let pool = try WorkerPool(threads: threads)
    let source = try BatchSource(volumes(), settings: settings, seed: seed)
    return try steps.map { try source.batch(step: $0, workers: pool) }
  }

  /// Steps 0 to 19 cross five windows of the pool.
  @Test func threadsAndResumingDoNotMatter() throws {
    let all = try batches(settings(), steps: Array(0..<20), threads: 1)
    #expect(try batches(settings(), steps: Array(0..<20), threads: 3) == all)
    for step in [17, 4, 0, 13] {
      #expect(try batches(settings(), steps: [step], threads: 2) == [all[step]])
    }
    #expect(try batches(settings(), steps: [19, 2, 11], threads: 2) == [all[19], all[2], all[11]])
    #expect(try batches(settings(), steps: [0], threads: 2, seed: 8) != [all[0]])
    #expect(Set(all.flatMap { $0.samples.map { $0.targets } }).count == 40)
  }

  @Test func publishedBatchesDoNotDependOnThreadsEither() throws {
    var settings = DataSettings.paper
    settings.batch = 4
    let one = try batches(settings, steps: [0, 1, 5], threads: 1)
    #expect(try batches(settings, steps: [0, 1, 5], threads: 3) == one)
    #expect(try batches(settings, steps: [5], threads: 2) == [one[2]])
  }

  /// Machines that take parts of a batch see together what one would.
  @Test func partsOfABatchAreItsSamples() throws {
    let pool = try WorkerPool(threads: 2)
    let source = try BatchSource(volumes(), settings: settings(), seed: 1)
    let whole = try source.batch(step: 3, samples: 0..<6, workers: pool).samples
    for part in [0..<2, 2..<5, 5..<6] {
      #expect(
        try source.batch(step: 3, samples: part, workers: pool).samples == Array(whole[part]))
    }
  }

  @Test func scalesStayInTheirRangeAndSteps() {
    var settings = DataSettings.paper
    var seen = Set<Int>()
    for number in 0..<2000 {
      var stream = RandomStream(seed: 1, .sample, number)
      let scale = settings.scale(&stream, limit: 100)
      #expect(abs(scale * 10 - (scale * 10).rounded()) < 1e-9)
      seen.insert(Int((scale * 10).rounded()))
    }
    #expect(seen == Set(20...40))
    settings.scaleStep = nil
    for number in 0..<200 {
      var stream = RandomStream(seed: 1, .sample, number)
      #expect((2...2.5).contains(settings.scale(&stream, limit: 2.5)))
    }
  }

  @Test func randomNumbersAreSpreadEvenly() {
    var stream = RandomStream(seed: 1, .sample, 1 << 40, 3)
    var counts = [Int](repeating: 0, count: 10)
    var orders: [[Int]: Int] = [:]
    for _ in 0..<60_000 {
      counts[stream.integer(below: 10)] += 1
      orders[stream.axisOrder(), default: 0] += 1
    }
    // Five standard deviations of a binomial number.
    #expect(counts.allSatisfy { abs($0 - 6000) < 5 * 74 })
    #expect(orders.count == 6 && orders.values.allSatisfy { abs($0 - 10_000) < 5 * 92 })
    for (count, limit) in [(0, 5), (5, 5), (3, 100)] {
      let chosen = stream.distinct(count, below: limit)
      #expect(chosen == Set(chosen).sorted() && chosen.count == count)
      #expect(chosen.allSatisfy { (0..<limit).contains($0) })
    }
    var other = RandomStream(seed: 1, .sample, 0, 3)
    var further = RandomStream(seed: 1, .sample, 1 << 40, 3)
    #expect(other.word() != further.word())
  }

  @Test func volumesTooSmallForAPatchAreRefused() {
    let small = volume(SIMD3(48, 12, 48), path: "small.nii", ramp)
    #expect(throws: TrainingDataError.tooSmall(path: "small.nii", size: small.size, needed: 13)) {
      _ = try BatchSource(TrainingVolumes([small]), settings: plainSettings(), seed: 1)
    }
  }

  /// 14 voxels allow scales up to 14 / 8.5; no LR axis may be smaller than the patch.
  @Test func scalesRespectSmallVolumes() throws {
    let small = volume(SIMD3(48, 14, 48), ramp)
    let pool = try WorkerPool(threads: 2)
    for number in 0..<30 {
      let entry = try DegradedEntry.drawn(
        number, from: TrainingVolumes([small]), plainSettings(), seed: 1, pool: pool)
      #expect(entry.size.min() >= 8)
    }
  }
}
