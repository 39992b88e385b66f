import Foundation
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@testable import Training

/// What a learning's result depends on, and what it does not.
@Suite struct FilterLearnerTests {
  private static let volumeCount = 3

  private static var settings: FilterLearningSettings {
    var settings = FilterLearningSettings()
    settings.factor = 2
    settings.patch = 5
    settings.window = 3
    settings.bins = .init(azimuth: 4, polar: 4, strength: 3, coherence: 3)
    settings.fewestSamples = 8
    return settings
  }

  /// Waves whose directions change from place to place, with a dark frame.
  private static func volume(_ number: Int) -> (volume: Volume, path: String) {
    let size = SIMD3(31, 28, 26)
    var voxels: [Float] = []
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x {
          let isFrame = i < 2 || j < 3 || k < 2 || i > 28
          let phase = Double(i * i + 2 * j * k + number * 40) * 0.011
          let value = 50 + 30 * sin(phase) + 12 * cos(0.7 * Double(j + number) - 0.4 * Double(k))
          voxels.append(isFrame ? 0 : Float(value))
        }
      }
    }
    return (Volume(grid: Grid(size: size, affine: .identity), voxels: voxels), "\(number)")
  }

  private static func learner(
    _ settings: FilterLearningSettings = settings, threads: Int, memory: Int = 1 << 30,
    state: FilterLearningState? = nil
  ) throws -> FilterLearner {
    try FilterLearner(
      settings, volumeCount: volumeCount, largestVolume: 31 * 28 * 26, state: state,
      kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: threads),
      memoryLimit: memory)
  }

  private static func learn(_ learner: FilterLearner) throws -> GradientFilters {
    try learner.run(volume, monitor: FilterLearningMonitor()) {}
  }

  @Test func filtersDependOnNeitherThreadsNorMemory() throws {
    let first = try Self.learn(Self.learner(threads: 1))
    #expect((0..<first.bucketCount).count { first.hasFilter($0) } > 20)
    #expect(try Self.learn(Self.learner(threads: 3)) == first)
    let small = try Self.learner(threads: 2, memory: 3 << 20)
    #expect(small.passCount > 2)
    #expect(try Self.learn(small) == first)
  }

  /// Several groups of buckets, of another size with more threads, from a volume that is read once.
  @Test func aSingleVolumeIsReadOnceForAllBuckets() throws {
    let settings = Self.settings
    #expect(settings.bins.count > FilterLearner.keptVolumeBuckets)
    func learned(threads: Int, memory: Int = 1 << 30) throws -> (GradientFilters, reads: Int) {
      let learner = try FilterLearner(
        settings, volumeCount: 1, largestVolume: 31 * 28 * 26,
        kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: threads),
        memoryLimit: memory)
      #expect(learner.passCount == 1)
      var reads = 0
      let filters = try learner.run(
        {
          reads += 1
          return Self.volume($0)
        }, monitor: FilterLearningMonitor()
      ) {}
      return (filters, reads)
    }
    let first = try learned(threads: 1)
    #expect(first.reads == 1)
    #expect((0..<first.0.bucketCount).count { first.0.hasFilter($0) } > 10)
    #expect(try learned(threads: 8).0 == first.0)
    #expect(try learned(threads: 2, memory: 3 << 20).0 == first.0)
  }

  @Test func aLearningThatWasStoppedEndsWithTheSameFilters() throws {
    let expected = try Self.learn(Self.learner(threads: 2, memory: 4 << 20))
    let folder = try TemporaryFolder()
    let path = folder.file("state")
    let key = String(repeating: "a", count: 64)
    var state: FilterLearningState?
    var stops = 0
    var result: GradientFilters?
    while result == nil {
      let learner = try Self.learner(threads: 2, memory: 4 << 20, state: state)
      let monitor = FilterLearningMonitor()
      do {
        result = try learner.run(Self.volume, monitor: monitor) { monitor.cancel() }
      } catch FilterLearningError.cancelled {
        stops += 1
        try learner.state.write(to: path, key: key)
        state = try FilterLearningState(
          path: path, key: key, settings: Self.settings,
          kernels: KernelTables.table(for: .best).filters)
      }
    }
    #expect(stops >= Self.volumeCount)
    #expect(result == expected)
  }

  /// Workers stop between buckets, so some have a volume that others lack.
  @Test func aVolumeThatWasAddedToSomeBucketsIsAddedToTheOthersLater() throws {
    let expected = try Self.learn(Self.learner(threads: 1))
    let learner = try Self.learner(threads: 1)
    let box = MonitorBox()
    var told = 0
    let monitor = FilterLearningMonitor { stage, _ in
      if stage == "learn" { box.count += 1 }
      if box.count == 40 { box.monitor?.cancel() }
    }
    box.monitor = monitor
    #expect(throws: FilterLearningError.cancelled) {
      _ = try learner.run(Self.volume, monitor: monitor) { told += 1 }
    }
    let volumes = learner.state.volumes
    #expect(Set(volumes).count == 2, "\(Set(volumes))")
    let rest = try Self.learner(threads: 2, state: learner.state)
    #expect(try Self.learn(rest) == expected)
  }

  @Test func statesOfOthersAndDamagedOnesAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state")
    let key = String(repeating: "a", count: 64)
    let learner = try Self.learner(threads: 1)
    _ = try learner.run(Self.volume, monitor: FilterLearningMonitor()) {
      if folder.bytes("state") == nil { try learner.state.write(to: path, key: key) }
    }
    let kernels = try KernelTables.table(for: .best).filters
    func read(_ key: String) throws(FilterLearningError) -> FilterLearningState {
      try FilterLearningState(path: path, key: key, settings: Self.settings, kernels: kernels)
    }
    _ = try read(key)
    #expect(throws: FilterLearningError.otherState(path: path)) {
      _ = try read(String(repeating: "b", count: 64))
    }
    let whole = try #require(folder.bytes("state"))
    for place in [0, 73, 200, whole.count / 2, whole.count - 1] {
      var other = whole
      other[place] ^= 4
      try folder.write("state", other)
      #expect(throws: FilterLearningError.stateDamaged(path: path), "byte \(place)") {
        _ = try read(key)
      }
    }
    for count in [0, 80, 140, whole.count - 1] {
      try folder.write("state", Array(whole.prefix(count)))
      #expect(throws: FilterLearningError.self, "\(count) bytes") { _ = try read(key) }
    }
  }

  @Test func anotherSeedTakesOtherSamples() throws {
    var settings = Self.settings
    settings.seed = 1
    let first = try Self.learn(Self.learner(threads: 2))
    #expect(try Self.learn(Self.learner(settings, threads: 2)) != first)
  }

  @Test func allFeaturesSharpeningAndSourcesLearn() throws {
    for features in GradientFilters.Features.allCases {
      var settings = Self.settings
      settings.features = features
      settings.sharpens = features == .traceRoots
      settings.source = features == .traceAnisotropy ? .kspace : .interpolation
      let filters = try Self.learn(Self.learner(settings, threads: 2))
      #expect(!filters.filters.contains { !$0.isFinite })
      #expect((0..<filters.bucketCount).count { filters.hasFilter($0) } > 10, "\(features)")
    }
  }

  @Test func nothingToLearnFromIsRefused() throws {
    let learner = try Self.learner(threads: 1)
    let size = SIMD3(31, 28, 26)
    let dark = Volume(
      grid: Grid(size: size, affine: .identity),
      voxels: [Float](repeating: 0, count: size.x * size.y * size.z))
    #expect(throws: FilterLearningError.empty(path: "x")) {
      _ = try learner.run({ _ in (dark, "x") }, monitor: FilterLearningMonitor()) {}
    }
    #expect(throws: FilterLearningError.self) { _ = try Self.learner(threads: 1, memory: 1 << 16) }
  }
}

/// A monitor that stops itself.
private final class MonitorBox: @unchecked Sendable {
  var count = 0
  var monitor: FilterLearningMonitor?
}
