import Foundation
import Testing
import Volumes
import Workers

@testable import Metrics

/// What the metrics say where their formulas end.
@Suite struct DegenerateTests {
  private let pool: WorkerPool

  init() throws { pool = try WorkerPool(threads: 2) }

  private func pair(
    _ size: Int, _ image: (Int) -> Float, _ reference: (Int) -> Float
  ) throws -> ImagePair {
    let places = 0..<(size * size * size)
    return try ImagePair(
      places.map(image), against: places.map(reference), size: SIMD3(repeating: size))
  }

  @Test func peakSignalToNoiseIsInfiniteWithoutErrorOrRange() throws {
    let same = try pair(2, { Float($0) }, { Float($0) })
    #expect(try VoxelErrors(same, pool: pool).peakSignalToNoise == .infinity)
    let zeros = try pair(2, { _ in 0 }, { _ in 0 })
    #expect(try VoxelErrors(zeros, pool: pool).peakSignalToNoise == .infinity)
    let constant = try pair(8, { _ in 0.6 }, { _ in 0.5 })
    #expect(try VoxelErrors(constant, pool: pool).peakSignalToNoise == -.infinity)
    let empty = try VoxelErrors(same, mask: [UInt8](repeating: 0, count: 8), pool: pool)
    #expect(empty.count == 0)
    #expect(empty.peakSignalToNoise.isNaN)
    #expect(empty.meanAbsolute.isNaN)
  }

  @Test func normalisedErrorsOfZerosAreInfiniteOrNotDefined() throws {
    let zeros = try VoxelErrors(try pair(2, { _ in 0 }, { _ in 0 }), pool: pool)
    let wrong = try VoxelErrors(try pair(2, { _ in 1 }, { _ in 0 }), pool: pool)
    for normalisation in VoxelErrors.Normalisation.allCases {
      #expect(zeros.normalisedRootMeanSquare(normalisation).isNaN)
      #expect(wrong.normalisedRootMeanSquare(normalisation) == .infinity)
    }
  }

  @Test func aStatedRangeTakesThePlaceOfTheReferences() throws {
    // One error of 1 in eight voxels: MSE 1/8; 20 log10(10) + 10 log10(8).
    let one = try pair(2, { $0 == 7 ? 8 : Float($0) }, { Float($0) })
    let errors = try VoxelErrors(one, range: 10, pool: pool)
    #expect(abs(errors.peakSignalToNoise - (20 + 10 * log10(8.0))) <= 1e-12)
    #expect(try VoxelErrors(one, pool: pool).range == 7)
  }

  @Test func similarityOfStatedCases() throws {
    let stored = try StoredMetrics.load().values
    func expected(_ id: String) throws -> Double {
      try #require(stored.first { $0.id == id }?.expected[""])
    }
    func similarity(_ pair: ImagePair, range: Double? = nil) throws -> Double {
      try StructuralSimilarity(pair, range: range, kernels: kernels(), pool: pool).means[0]
    }
    let truth = try StoredMetrics.pair("ref.npy")
    #expect(abs(try similarity(truth) - 1) <= 1e-12)
    #expect(try similarity(try pair(8, { _ in 0.6 }, { _ in 0.5 })).isNaN)
    #expect(try similarity(try pair(8, { _ in 0.5 }, { _ in 0.5 })).isNaN)
    let zeros = try ImagePair(
      truth.reference.map { _ in 0 }, against: truth.reference, size: truth.size)
    #expect(abs(try similarity(zeros) - expected("ssim_zero_img")) <= 1e-12)
    for (size, id) in [(7, "ssim_delta"), (8, "ssim_delta8")] {
      let place = (3 * size + 4) * size + 5
      let delta = try pair(size, { $0 == place ? 1 : 0 }, { _ in 0 })
      #expect(abs(try similarity(delta, range: 1) - expected(id)) <= 1e-12, "\(id)")
    }
    let beside = [UInt8](repeating: 0, count: truth.reference.count)
    #expect(
      try StructuralSimilarity(truth, masks: [beside], kernels: kernels(), pool: pool).means[0]
        .isNaN)
  }

  @Test func anAxisShorterThanTheWindowIsRefused() throws {
    let flat = try ImagePair(
      [Float](repeating: 0, count: 384), against: [Float](repeating: 1, count: 384),
      size: SIMD3(8, 8, 6))
    #expect(throws: ComparisonError.volumeTooSmall(axis: 2, size: 6, window: 7)) {
      try StructuralSimilarity(flat, kernels: kernels(), pool: pool)
    }
    let small = try pair(10, { Float($0) }, { Float($0) })
    #expect(throws: ComparisonError.volumeTooSmall(axis: 0, size: 10, window: 11)) {
      try StructuralSimilarity(small, window: .gaussian, kernels: kernels(), pool: pool)
    }
  }

  @Test func highFrequencyErrorsWithoutSignalAreNotDefined() throws {
    func ratio(_ pair: ImagePair) throws -> Double {
      try HighFrequencyError(pair, pool: pool).ratios[0]
    }
    #expect(try ratio(try pair(9, { Float($0) }, { _ in 0.3 })).isNaN)
    #expect(try ratio(try pair(9, { Float($0) }, { _ in 0 })).isNaN)
    #expect(try ratio(try StoredMetrics.pair("ref.npy")) == 0)
    // Shorter than the kernel reaches.
    #expect(try ratio(try pair(2, { Float($0) + 1 }, { Float($0 * $0) })).isFinite)
  }

  @Test func valuesThatAreNotFiniteMakeMetricsNaNAndAreCounted() throws {
    let bad = try pair(8, { $0 == 100 ? .nan : Float($0) }, { $0 == 7 ? .infinity : Float($0) })
    let errors = try VoxelErrors(bad, pool: pool)
    #expect(errors.nonFiniteCount == 2)
    #expect(errors.peakSignalToNoise.isNaN)
    #expect(errors.meanAbsolute.isNaN)
    #expect(errors.normalisedRootMeanSquare().isNaN)
    let similarity = try StructuralSimilarity(bad, range: 1, kernels: kernels(), pool: pool)
    #expect(similarity.means[0].isNaN)
    #expect(similarity.nonFiniteCount == 2)
    #expect(try HighFrequencyError(bad, pool: pool).ratios[0].isNaN)
    var mask = [UInt8](repeating: 1, count: 512)
    mask[7] = 0
    mask[100] = 0
    let masked = try VoxelErrors(bad, mask: mask, range: 1, pool: pool)
    #expect(masked.peakSignalToNoise == .infinity)
    // Without a stated range there is none.
    #expect(try VoxelErrors(bad, mask: mask, pool: pool).range.isNaN)
  }

  @Test func labelsOfOneVolumeOnlyDoNotOverlap() throws {
    let overlap = LabelOverlap(
      try pair(2, { $0 < 4 ? 1 : 0 }, { $0 < 2 ? 1 : $0 < 3 ? 5 : 0 }), pool: pool)
    #expect(overlap.labels == [1, 5])
    #expect(overlap.dice(1) == 4.0 / 6)
    #expect(overlap.dice(5) == 0)
    #expect(overlap.dice(9).isNaN)
    #expect(overlap.meanDice == 2.0 / 6)
  }

  @Test func volumesOnOtherGridsAreRefused() throws {
    let grid = Grid(size: SIMD3(2, 2, 2), affine: .identity)
    let volume = Volume(grid: grid, voxels: [Float](repeating: 1, count: 8))
    let moved = Grid(
      size: grid.size, affine: Affine(diagonal: SIMD3(1, 1, 1), translation: SIMD3(0, 0.25, 0)))
    #expect(throws: ComparisonError.unlikePlaces(millimetres: 0.25)) {
      try ImagePair(Volume(grid: moved, voxels: volume.voxels), against: volume)
    }
    let other = Grid(size: SIMD3(4, 2, 1), affine: .identity)
    let refusal = ComparisonError.unlikeSizes(
      image: other.size, reference: grid.size, millimetres: 5.0.squareRoot())
    #expect(throws: refusal) {
      try ImagePair(Volume(grid: other, voxels: volume.voxels), against: volume)
    }
    let pair = try ImagePair(volume, against: volume)
    #expect(throws: ComparisonError.unlikeCounts(image: 1, reference: 8)) {
      try VoxelErrors(pair, mask: [1], pool: pool)
    }
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let pair = try StoredMetrics.pair("img_noisy.npy")
    let mask = try StoredMetrics.mask("mask.npy")
    let single = try WorkerPool(threads: 1)
    for threads in [2, 3] {
      let several = try WorkerPool(threads: threads)
      #expect(
        try VoxelErrors(pair, mask: mask, pool: several)
          == VoxelErrors(pair, mask: mask, pool: single))
      for window in StructuralSimilarity.Window.allCases {
        #expect(
          try StructuralSimilarity(
            pair, masks: [nil, mask], window: window, kernels: kernels(), pool: several)
            == StructuralSimilarity(
              pair, masks: [nil, mask], window: window, kernels: kernels(), pool: single))
      }
      #expect(
        try HighFrequencyError(pair, masks: [nil, mask], pool: several)
          == HighFrequencyError(pair, masks: [nil, mask], pool: single))
    }
  }
}
