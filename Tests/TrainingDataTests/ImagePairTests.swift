import Foundation
import TestSupport
import Testing
import Volumes
import Workers

@testable import Training

/// The pairs that related networks are trained on, against double-precision results of another program
/// on a real crop (`golden/sisr/pipeline`, `golden/espcn/lr`).
@Suite("Pairs of images")
struct ImagePairTests {
  /// A golden array whose axes are x, y, z, with x fastest.
  private static func volume(_ file: String) throws -> (size: SIMD3<Int>, voxels: [Double]) {
    let array = try NumPyArray(
      contentsOf: Golden.folder("sisr").appendingPathComponent("pipeline/\(file).npy"))
    let (x, y, z) = (array.shape[0], array.shape[1], array.shape[2])
    var voxels: [Double] = []
    for k in 0..<z {
      for j in 0..<y { for i in 0..<x { voxels.append(array.values[(i * y + j) * z + k]) } }
    }
    return (SIMD3(x, y, z), voxels)
  }

  private static func error(_ values: [Float], _ expected: [Double]) -> Double {
    guard values.count == expected.count else { return .infinity }
    return zip(values, expected).map { abs(Double($0) - $1) }.max() ?? 0
  }

  private static func training(
    _ size: SIMD3<Int>, _ voxels: [Float], guide: [Float] = []
  )
    -> TrainingVolume
  {
    TrainingVolume(path: "a.nii", size: size, affine: .identity, voxels: voxels, guide: guide)
  }

  /// Tolerances are the manifest's.
  @Test func theObservationModelIsThatOfTheDeepBrainProject() throws {
    let (size, truth) = try Self.volume("train_hr_norm")
    let volume = Self.training(size, truth.map { Float($0) })
    let pool = try WorkerPool(threads: 2)
    let coarse = try CoarseVolume(volume, scale: 2, .corner(sigma: 1), pool: pool)
    let lr = try Self.volume("train_lr")
    #expect(coarse.size == lr.size)
    #expect(Self.error(coarse.voxels, lr.voxels) <= 2e-6)
    let pair = try ImagePair(volume, scale: 2, .corner(sigma: 1), pool: pool)
    #expect(pair.size == size && pair.targetSize == size)
    #expect(try Self.error(pair.images[0], Self.volume("train_ilr").voxels) <= 2e-6)
    #expect(pair.target == volume.voxels)
  }

  /// Sizes that are no multiples are cut at the high ends, guide and all.
  @Test func everyImageOfAPairIsCutToWholeMultiples() throws {
    let size = SIMD3(11, 10, 9)
    let voxels = (0..<size.x * size.y * size.z).map { Float($0 % 17) / 17 }
    let guide = voxels.map { 1 - $0 }
    let pair = try ImagePair(
      Self.training(size, voxels, guide: guide), scale: 3, .corner(sigma: 0),
      pool: WorkerPool(threads: 1))
    #expect(pair.size == SIMD3(9, 9, 9))
    #expect(pair.images.count == 2)
    let sample = pair.sample(at: SIMD3(1, 2, 3), SIMD3(4, 3, 2), margin: 0)
    #expect(sample.input.count == 2 * 24 && sample.target.count == 24)
    for (index, target) in sample.target.enumerated() {
      let (i, j, k) = (1 + index % 4, 2 + index / 4 % 3, 3 + index / 12)
      #expect(target == voxels[(k * 10 + j) * 11 + i])
      #expect(sample.input[2 * index + 1] == 1 - target)
    }
  }

  /// LR voxel j is HR voxel r j, so corners of patches and targets belong together.
  @Test func pairsOfTheShuffleAreSubsampled() throws {
    let size = SIMD3(9, 8, 7)
    let voxels = (0..<size.x * size.y * size.z).map { Float(($0 * 7) % 31) }
    let pair = try ImagePair(
      Self.training(size, voxels), scale: 2, .origin, pool: WorkerPool(threads: 1))
    #expect(pair.size == SIMD3(4, 4, 3) && pair.targetSize == SIMD3(8, 8, 6))
    let sample = pair.sample(at: SIMD3(1, 2, 0), SIMD3(2, 2, 2), margin: 0)
    #expect(sample.target.count == 64)
    for index in 0..<8 {
      let (i, j, k) = (index % 2, index / 2 % 2, index / 4)
      let truth = sample.target[(2 * k * 4 + 2 * j) * 4 + 2 * i]
      #expect(abs(sample.input[index] - truth) <= 1e-5 * 31)
      #expect(truth == voxels[(2 * k * 8 + 2 * (j + 2)) * 9 + 2 * (i + 1)])
    }
  }

  /// Every place once before any comes again, in an order that the seed decides.
  @Test func regularPatchesAreDrawnInTurn() throws {
    let size = SIMD3(24, 20, 20)
    var state: UInt32 = 1
    let voxels = (0..<size.x * size.y * size.z).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) * 0x1p-24
    }
    let volumes = TrainingVolumes([Self.training(size, voxels)])
    var settings = ImageDataSettings(
      pairs: .corner(sigma: 1), scales: [2], patch: 12, drawing: .regular(stride: 4), batch: 4)
    let pool = try WorkerPool(threads: 1)
    let source = try ImageSource(volumes, settings: settings, seed: 3, pool: pool)
    #expect(source.count == 4 * 3 * 3)
    let drawn = (0..<9).flatMap { source.batch(step: $0).samples.map(\.target) }
    #expect(Set(drawn).count == 36)
    #expect(source.batch(step: 9) == source.batch(step: 0))
    settings.most = 5
    let few = try ImageSource(volumes, settings: settings, seed: 3, pool: pool)
    #expect(few.count == 5)
    #expect(few.batch(step: 0) == source.batch(step: 0))
    let other = try ImageSource(volumes, settings: settings, seed: 4, pool: pool)
    #expect(other.batch(step: 0) != few.batch(step: 0))
  }

  /// Zeros around a head teach nothing.
  @Test(arguments: [ImageDataSettings.Drawing.regular(stride: 4), .random])
  func patchesOfOneValueAreLeftOut(drawing: ImageDataSettings.Drawing) throws {
    let size = SIMD3(40, 20, 20)
    var voxels = [Float](repeating: 0, count: size.x * size.y * size.z)
    for index in voxels.indices where index % 40 < 10 { voxels[index] = Float(index % 7) }
    let settings = ImageDataSettings(
      pairs: .corner(sigma: 0), scales: [2], patch: 8, drawing: drawing, batch: 8)
    let source = try ImageSource(
      TrainingVolumes([Self.training(size, voxels)]), settings: settings, seed: 3,
      pool: WorkerPool(threads: 1))
    if case .regular = drawing {
      // Corners 0, 4 and 8 of the 9 along i reach what is not 0.
      #expect(source.count == 3 * 4 * 4)
    }
    for step in 0..<4 {
      for sample in source.batch(step: step).samples { #expect(Set(sample.target).count > 1) }
    }
  }
}
