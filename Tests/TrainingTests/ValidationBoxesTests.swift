import Checkpoints
import Foundation
import KernelInterface
import Networks
import SIMDKernels
import Testing
import Volumes
import Workers

@testable import Training

@Suite struct ValidationBoxesTests {
  private func volume(_ phase: Double) -> TrainingVolume {
    let edge = 80
    var voxels: [Float] = []
    for k in 0..<edge {
      for j in 0..<edge {
        for i in 0..<edge {
          let detail = sin(1.1 * Double(i) + phase) + cos(0.9 * Double(j)) + sin(0.8 * Double(k))
          voxels.append(Float(0.5 + 0.1 * detail))
        }
      }
    }
    return TrainingVolume(
      path: "a.nii", size: SIMD3(edge, edge, edge), affine: .identity, voxels: voxels)
  }

  /// The preset's, seen without a margin: the base is then the spline of the box itself.
  private func variants(_ preset: TrainingPreset) -> ArSSRVariants {
    var variants = preset.variants
    variants.margin = 0
    return variants
  }

  private func score(_ preset: TrainingPreset, threads: Int) throws -> ValidationScore {
    let pool = try WorkerPool(threads: threads)
    let boxes = try ValidationBoxes(
      [volume(0), volume(1)], settings: preset.data, pool: pool)
    var configuration = preset.configuration(.srResNet)
    configuration.blocks = 1
    let tensors = preset.initialisation.tensors(configuration, seed: 1)
    let network = try ArSSRNetwork(
      checkpoint: Checkpoint(tensors: tensors, metadata: variants(preset).metadata))
    let kernels = try KernelTables.table(for: .best)
    return try #require(try boxes.score(network, kernels: kernels, pool: pool))
  }

  /// A network that begins as cubic interpolation scores what the interpolation of the whole volume
  /// does: the spline of the box forgets its mirrored ends by 0.268 per voxel, over 8 voxels 3e-5.
  @Test func aNetworkThatAddsNothingScoresAsCubic() throws {
    let score = try score(.fast, threads: 2)
    #expect(
      score.groups.map(\.source.name) == Array(repeating: "exact", count: 4)
        + Array(repeating: "psf", count: 4))
    let last = score.groups.prefix(4).map(\.scale)
    #expect(last == [SIMD3(2, 2, 2), SIMD3(3, 3, 3), SIMD3(4, 4, 4), SIMD3(1, 1, 4)])
    for group in score.groups.prefix(4) { #expect(abs(group.gain) < 0.005, "\(group)") }
    // The waves of the volume fit a volume of half the resolution, which a blur of its voxels leaves
    // two thirds of: divided out, nearly all comes back.
    #expect(score.groups[4].gain > 6)
  }

  /// The blur of a volume that a network is told of stays in it.
  @Test func aNetworkThatIsToldSeesTheBlur() throws {
    let pool = try WorkerPool(threads: 2)
    let preset = TrainingPreset.fast
    var variants = self.variants(preset)
    variants.condition = .psf(default: 0)
    let boxes = try ValidationBoxes(
      [volume(0)], settings: preset.data(for: variants.condition), pool: pool)
    let network = try ArSSRNetwork(
      checkpoint: Checkpoint(
        tensors: preset.initialisation.tensors(preset.configuration(), seed: 1),
        metadata: variants.metadata))
    let kernels = try KernelTables.table(for: .best)
    let score = try #require(try boxes.score(network, kernels: kernels, pool: pool))
    for group in score.groups { #expect(abs(group.gain) < 0.005, "\(group)") }
  }

  @Test func theScoreDoesNotDependOnThreads() throws {
    #expect(try score(.fast, threads: 1) == score(.fast, threads: 3))
  }

  /// What is drawn without a base is scored against cubic all the same.
  @Test func aNetworkWithoutBaseIsComparedWithCubicToo() throws {
    let score = try score(.paper, threads: 2)
    #expect(score.groups.map(\.source.name) == ["corner", "corner", "corner"])
    for group in score.groups {
      #expect(group.cubic.isFinite && group.cubic > 0 && group.psnr.isFinite, "\(group)")
    }
  }

  @Test func itCanBeStopped() throws {
    let pool = try WorkerPool(threads: 1)
    let boxes = try ValidationBoxes([volume(0)], settings: TrainingPreset.fast.data, pool: pool)
    let preset = TrainingPreset.fast
    let network = try ArSSRNetwork(
      checkpoint: Checkpoint(
        tensors: preset.initialisation.tensors(preset.configuration(), seed: 1),
        metadata: preset.variants.metadata))
    let kernels = try KernelTables.table(for: .best)
    #expect(
      try boxes.score(network, kernels: kernels, pool: pool, isStopped: { true }) == nil)
  }

  @Test func scalesAreThoseThatTheTrainingDraws() {
    var settings = DataSettings.told
    settings.scales = 1.5...2.5
    #expect(ValidationBoxes.scales(settings) == [SIMD3(2, 2, 2), SIMD3(1, 1, 2)])
    settings.scales = 1.2...1.8
    settings.oneAxisShare = 0
    #expect(ValidationBoxes.scales(settings) == [SIMD3(1.8, 1.8, 1.8)])
  }
}
