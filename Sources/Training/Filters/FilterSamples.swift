import FusedInference
import KernelInterface
import Synchronization
import Workers

/// The voxels of a pair that filters are learned from, sorted by bucket.
///
/// Within a bucket they come in the order of the volume, so sums over them are the same for any number
/// of workers.
package struct FilterSamples: Sendable {
  /// Offsets of voxels from the first of the pair.
  package let voxels: [Int]
  /// Where each bucket begins, and behind the last one the end.
  package let starts: [Int]

  /// The samples of a bucket.
  package func range(of bucket: Int) -> Range<Int> { starts[bucket]..<starts[bucket + 1] }

  /// Draws and sorts the samples of a pair.
  ///
  /// - Parameters:
  ///   - pair: The volume.
  ///   - number: Its number among all; with the seed it decides which voxels are taken.
  ///   - settings: Which voxels.
  ///   - finder: Finds their buckets.
  ///   - pool: Shares the rows.
  /// - Throws: If the system refuses memory.
  package init(
    _ pair: FilterPair, number: Int, settings: FilterLearningSettings, finder: BucketFinder,
    pool: WorkerPool
  ) throws(FilterLearningError) {
    let regions = FilterRegions(pair, reach: settings.patch / 2)
    var scratch: [BucketScratch] = []
    for _ in 0..<pool.workerCount {
      scratch.append(try regions.scratch(radius: finder.radius, wish: .buckets))
    }
    typealias Sample = (bucket: Int32, voxel: Int)
    let parts = Mutex([[Sample]](repeating: [], count: regions.count))
    let spaces = scratch
    let choice = SampleChoice(settings, pair: pair, number: number, regions: regions)
    pool.run(regions.count) { item, worker in
      let region = regions[item]
      let space = spaces[worker]
      finder.find(region, in: .double(pair.image), size: pair.size, into: space)
      let stride = StructureTensorArguments.rowStride(columns: region.columns.count)
      var samples: [Sample] = []
      for (line, row) in region.rows.enumerated() {
        for (place, column) in region.columns.enumerated() {
          let voxel = (region.plane * pair.size.y + row) * pair.size.x + column
          if choice.takes(column, row, region.plane, voxel: voxel) {
            samples.append((space.buckets.pointer[line * stride + place], voxel))
          }
        }
      }
      parts.withLock { $0[item] = samples }
    }
    let samples = parts.withLock { $0 }
    var starts = [Int](repeating: 0, count: settings.bins.count + 1)
    for part in samples {
      for sample in part { starts[Int(sample.bucket) + 1] += 1 }
    }
    for bucket in 0..<settings.bins.count { starts[bucket + 1] += starts[bucket] }
    var places = starts
    var voxels = [Int](repeating: 0, count: starts.last ?? 0)
    for part in samples {
      for sample in part {
        voxels[places[Int(sample.bucket)]] = sample.voxel
        places[Int(sample.bucket)] += 1
      }
    }
    self.voxels = voxels
    self.starts = starts
    withExtendedLifetime(pair.memory) {}
  }
}

/// Whether a voxel is a sample.
private struct SampleChoice: Sendable {
  private let settings: FilterLearningSettings
  private let pair: FilterPair
  private let number: Int
  private let regions: FilterRegions

  init(
    _ settings: FilterLearningSettings, pair: FilterPair, number: Int, regions: FilterRegions
  ) {
    self.settings = settings
    self.pair = pair
    self.number = number
    self.regions = regions
  }

  func takes(_ i: Int, _ j: Int, _ k: Int, voxel: Int) -> Bool {
    // Filters are applied where the LR image is not 0; the publication asks the HR volume.
    let value = settings.masksInput ? pair.truth[voxel] : pair.image[voxel]
    guard value != 0 else { return false }
    switch settings.sampling {
    case .every(let step): return regions.number(i, j, k) % step == 0
    case .random(let rate):
      var stream = RandomStream(seed: settings.seed, .filterSample, voxel, number)
      return stream.uniform() * rate < 1
    }
  }
}
