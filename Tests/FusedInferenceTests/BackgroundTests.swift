import KernelInterface
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@testable import FusedInference

@Suite("A constant background is written where nothing else is near, and nothing else changes")
struct BackgroundTests {
  private static let size = SIMD3(23, 18, 14)

  /// Noise in two boxes, one of them at a face; `value` elsewhere.
  private func masked(_ value: Float) -> GoldenInput {
    var values = GoldenInput(noiseOf: Self.size).voxels
    for (index, voxel) in voxels(Self.size).enumerated() {
      let isInFirst = (9..<13).contains(voxel.x) && (7..<10).contains(voxel.y) && voxel.z >= 11
      let isInSecond = (3..<5).contains(voxel.x) && voxel.y == 4 && (2..<4).contains(voxel.z)
      let isNearCorner = (0..<3).allSatisfy { voxel[$0] == 0 || voxel[$0] == Self.size[$0] - 1 }
      if isNearCorner || !(isInFirst || isInSecond) { values[index] = value }
    }
    return GoldenInput(size: Self.size, voxels: values)
  }

  /// Whether an output voxel is computed, by the definition: its cell's 6 x 6 x 6 voxels.
  private func isComputed(_ position: SIMD3<Double>, _ input: GoldenInput, _ value: Float) -> Bool {
    let cell = (0..<3).map { min(max(Int(position[$0].rounded(.down)), 0), Self.size[$0] - 1) }
    let near = (0..<3).map { axis in
      max(0, cell[axis] - 2)..<min(Self.size[axis], cell[axis] + 4)
    }
    return near[2].contains { k in
      near[1].contains { j in
        near[0].contains { i in
          input.voxels[(k * Self.size.y + j) * Self.size.x + i] != value
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func computedVoxelsAreTheSameBytesAndTheOthersTheBackground(_ set: InstructionSet) throws {
    for (configuration, value) in [("rdn_small", Float(0)), ("rescnn_odd", -3.5)] {
      let network = try GoldenNetworks.network(configuration)
      let input = masked(value)
      let sampling = try input.sampling(scale: [2, 1.5, 1.7])
      let separable = try #require(sampling.separable)
      let all = try upsampled(network, input, sampling: sampling, set: set)
      let kept = try upsampled(
        network, input, sampling: sampling, set: set,
        options: .init(output: OutputSettings(background: .keep)))
      var computed = 0
      for (index, voxel) in voxels(sampling.outputSize).enumerated() {
        let position = SIMD3((0..<3).map { separable.axes[$0].positions[voxel[$0]] })
        let isComputed = isComputed(position, input, value)
        if isComputed { computed += 1 }
        #expect(
          kept[index].bitPattern == (isComputed ? all[index] : value).bitPattern,
          "\(configuration) \(voxel)")
      }
      #expect(computed > 0 && computed < kept.count / 2, "\(computed) of \(kept.count)")
    }
  }

  /// Rows of less than a word of bits, of whole words, and of a little more.
  @Test(arguments: [1, 6, 63, 64, 65, 128, 150])
  func runsOfCellsAreThoseOfTheDefinition(_ width: Int) throws {
    let size = SIMD3(width, 7, 5)
    var values = (0..<width * 35).map { Float($0 * 40503 % 401 < 2 ? 1 : 0) }
    for k in [0, 4] {
      for j in [0, 6] { for i in [0, width - 1] { values[(k * 7 + j) * width + i] = 0 } }
    }
    let background = try #require(Background(values, size: size))
    let cells = KeptCells(
      background, voxels: values, size: size, pool: try WorkerPool(threads: 2))
    func near(_ cell: Int, _ axis: Int) -> Range<Int> {
      max(0, cell - 2)..<min(size[axis], cell + 4)
    }
    func isKept(_ i: Int, _ j: Int, _ k: Int) -> Bool {
      near(k, 2).contains { z in
        near(j, 1).contains { y in
          near(i, 0).contains { x in values[(z * 7 + y) * width + x] != 0 }
        }
      }
    }
    for k in 0..<5 {
      for j in 0..<7 {
        let runs = cells.runs(j: j, k: k)
        let kept = (0..<width).filter { isKept($0, j, k) }
        #expect(runs.flatMap { Array($0) } == kept, "row \(j), \(k)")
        #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
        #expect(kept.allSatisfy { cells.bounds[0].contains($0) })
      }
    }
  }

  @Test func blocksThreadsAndFlipsKeepTheSameVoxels() throws {
    let network = try GoldenNetworks.network("rdn_small")
    let input = masked(0)
    let sampling = try input.sampling(scale: [2, 1.5, 1.7])
    var options = Upsampler.Options(output: OutputSettings(background: .keep))
    let reference = try upsampled(network, input, sampling: sampling, options: options)
    let upsampler = try Upsampler(
      network: network, kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: 3))
    options.memoryLimit = try upsampler.leastBytes(input, sampling, options: options)
    #expect(try upsampled(upsampler, input, sampling: sampling, options: options) == reference)
    let forward = try #require(sampling.separable)
    let size = sampling.outputSize
    for axis in 0..<3 {
      var axes = forward.axes
      axes[axis] = .init(
        positions: axes[axis].positions.reversed(), outputAxis: axis, inputSize: input.size[axis])
      let flipped = try upsampled(
        network, input, sampling: .separable(SeparableSampling(axes: axes)),
        options: .init(output: OutputSettings(background: .keep)))
      for (index, voxel) in voxels(size).enumerated() {
        var source = voxel
        source[axis] = size[axis] - 1 - voxel[axis]
        #expect(flipped[index] == reference[(source.z * size.y + source.y) * size.x + source.x])
      }
    }
  }

  @Test func aVolumeOfBackgroundAloneStaysOne() throws {
    let input = GoldenInput(
      size: Self.size, voxels: [Float](repeating: 7, count: Self.size.x * Self.size.y * Self.size.z)
    )
    let output = try upsampled(
      GoldenNetworks.network("rdn_small"), input, sampling: input.sampling(scale: [2, 2, 2]),
      options: .init(output: OutputSettings(background: .keep)))
    #expect(output.allSatisfy { $0 == 7 })
  }

  @Test func aBackgroundIsWhatAllCornersAndEnoughVoxelsHave() {
    let size = SIMD3(4, 5, 3)
    var voxels = [Float](repeating: 2, count: 60)
    #expect(Background(voxels, size: size)?.value == 2)
    #expect(Background(voxels, size: size)?.share == 1)
    for index in 20..<40 { voxels[index] = Float(index) }
    #expect(Background(voxels, size: size)?.share == 40.0 / 60)
    // Nothing but the corners: 8 of 60.
    var corners = (0..<60).map { Float($0) + 10 }
    for k in [0, 2] { for j in [0, 4] { for i in [0, 3] { corners[(k * 5 + j) * 4 + i] = 0 } } }
    #expect(Background(corners, size: size) == nil)
    voxels[59] = 3
    #expect(Background(voxels, size: size) == nil)
  }
}
