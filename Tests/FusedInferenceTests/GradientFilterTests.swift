import Foundation
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Volumes
import Workers

@testable import FusedInference

/// Filters applied, blending and sharpening (Tests/Golden/filters).
@Suite struct GradientFilterTests {
  private let golden = FilterGolden.small

  private func filters(blend: Int? = nil) throws -> GradientFilters {
    GradientFilters(
      factor: golden.factor, patch: golden.patch, hashing: try golden.hashing(),
      filters: try golden.array("h_ridge.npy").floats, blendThreshold: blend)
  }

  /// All rows of a volume through a bank.
  private func applied(
    _ filters: GradientFilters, to values: [Double], size: SIMD3<Int>, set: InstructionSet
  ) throws -> [Float] {
    let image = try PaddedVolume<Float>(values)
    let bank = try FilterBank(filters, kernels: KernelTables.table(for: set).filters)
    let scratch = try FilterScratch(filters, width: size.x)
    let result = try AlignedBuffer<Float>(count: values.count)
    result.pointer.update(from: image.pointer, count: values.count)
    for plane in bank.interior(size.z) {
      bank.apply(
        columns: bank.interior(size.x), rows: bank.interior(size.y), plane: plane,
        of: image.pointer, size: size, highest: 1,
        to: result.pointer + plane * size.x * size.y, scratch: scratch)
    }
    withExtendedLifetime(image) {}
    return Array(result.elements)
  }

  @Test(arguments: InstructionSet.available)
  func filteredVoxelsAgree(_ set: InstructionSet) throws {
    let size = try golden.size
    let result = try applied(
      filters(), to: try golden.volume("lr.npy"), size: size, set: set)
    let expected = try golden.volume("out_ridge_fallback.npy")
    // Voxels at a border between buckets get another filter; their number is that of the features.
    let outliers = zip(expected, result).filter { abs($0 - Double($1)) > 2e-5 }.count
    #expect(outliers <= 9, "\(set): \(outliers)")
    let close = zip(expected, result).map { abs($0 - Double($1)) }.sorted()
    #expect(close[close.count - 1 - outliers] <= 2e-5)
  }

  @Test func bucketsWithoutFilterKeepTheInterpolatedValue() throws {
    let size = try golden.size
    let values = try golden.volume("lr.npy")
    var filters = try filters()
    filters.filters = [Float](repeating: 0, count: filters.filters.count)
    let result = try applied(filters, to: values, size: size, set: .best)
    #expect(result == values.map { Float($0) })
  }

  @Test func refusalsNameASizeOnlyWhereOneWasAskedFor() throws {
    let grid = Grid(
      size: SIMD3(Grid.largestAxis, 8, 8), affine: Affine(diagonal: SIMD3(repeating: 1)))
    for source in GradientFilters.Source.allCases {
      var filters = try filters()
      filters.source = source
      let sampled = filters
      let size = grid.size &* filters.factor
      let wishes: [(TargetRequest?, TargetOption)] = [(nil, .scale), (.size(size), .size)]
      for (wish, option) in wishes {
        let error = #expect(throws: GridError.self) {
          try sampled.target(wish, of: grid, placement: .fieldOfView)
        }
        #expect(error == .tooLarge(option: option, size: SIMD3<Double>(size)), "\(source)")
      }
    }
  }

  @Test func aCensusBlendIsTheStoredOne() throws {
    let size = try golden.size
    let image = try golden.volume("lr.npy")
    let other = try golden.volume("out_ridge_fallback.npy")
    let expected = try golden.volume("blend_t10.npy")
    let published = blended(
      CensusBlend(threshold: 10, size: size, zeroesFaces: true), image, other)
    #expect(published == expected)
    // Ours differs at the faces only, where the image stays.
    let own = blended(CensusBlend(threshold: 10, size: size), image, other)
    for (place, value) in own.enumerated() {
      let (i, j, k) = (place % size.x, place / size.x % size.y, place / (size.x * size.y))
      let isFace =
        i == 0 || j == 0 || k == 0 || i == size.x - 1 || j == size.y - 1 || k == size.z - 1
      #expect(value == (isFace ? image[place] : expected[place]))
    }
  }

  private func blended(
    _ blend: CensusBlend, _ image: [Double], _ other: [Double]
  ) -> [Double] {
    var result = [Double](repeating: .nan, count: image.count)
    let size = blend.size
    for k in 0..<size.z {
      for j in 0..<size.y {
        result.withUnsafeMutableBufferPointer { target in
          guard let base = target.baseAddress else { return }
          image.withUnsafeBufferPointer { image in
            other.withUnsafeBufferPointer { other in
              guard let first = image.baseAddress, let second = other.baseAddress else { return }
              blend.row(
                j: j, k: k, image: first, other: second, into: base + (k * size.y + j) * size.x)
            }
          }
        }
      }
    }
    return result
  }

  @Test func aSharpenedVolumeIsTheStoredOne() throws {
    let size = try golden.size
    let volume = try PaddedVolume<Double>(try golden.volume("lr.npy"))
    let pool = try WorkerPool(threads: 2)
    try Sharpener(size: size, zeroesFaces: true).apply(to: volume.pointer, pool: pool)
    let expected = try golden.volume("sharpen.npy")
    let result = (0..<expected.count).map { Float(volume.pointer[$0]) }
    withExtendedLifetime(volume) {}
    let deviation = Deviation(expected: expected, actual: result)
    #expect(deviation.maximum <= 5e-5, "\(deviation)")
  }

  /// All planes of a result.
  private static func values(
    _ upsampler: FilterUpsampler, _ plan: FilterUpsampler.Plan, _ voxels: [Float]
  ) throws -> [Float] {
    var values: [Float] = []
    _ = try upsampler.run(
      plan, voxels: voxels, intensity: IntensityMap(low: 0, high: 140), output: OutputSettings()
    ) { planes in
      values += planes
    }
    return values
  }

  /// The volume continued by its mirror image, filtered without frame, holds in its middle what the frame
  /// makes of the volume, up to the rounding of sums of 27 products of values up to 110, 27 * 110 * 6e-8.
  ///
  /// Not compared are the outermost voxels: around them everything is its own mirror image, so the main
  /// direction lies in the face or across it, on the border between two buckets, and rounding decides.
  @Test func mirroredFacesAreThoseOfAMirroredVolume() throws {
    let size = SIMD3(9, 8, 7)
    // One more than a patch: the outermost voxels of the whole volume are interpolated by mirroring of their own.
    let margin = try filters().reach + 2
    let wide = size &+ 2 * margin
    func value(_ place: SIMD3<Int>) -> Float {
      let (i, j, k) = (Double(place.x), Double(place.y), Double(place.z))
      return Float(70 + 40 * sin(i * 0.9 + k) * cos(j * 1.3 + 2 * k))
    }
    func voxels(_ size: SIMD3<Int>, _ place: (SIMD3<Int>) -> SIMD3<Int>) -> [Float] {
      (0..<(size.x * size.y * size.z)).map { number in
        value(
          place(SIMD3(number % size.x, number / size.x % size.y, number / (size.x * size.y))))
      }
    }
    func result(_ filters: GradientFilters, _ size: SIMD3<Int>, _ voxels: [Float]) throws -> [Float]
    {
      let upsampler = try FilterUpsampler(
        filters: filters, kernels: KernelTables.table(for: .best), pool: WorkerPool(threads: 2))
      let plan = try upsampler.plan(
        inputSize: size, sampling: .corners(inputSize: size, outputSize: size),
        output: OutputSettings(), memoryLimit: nil)
      return try Self.values(upsampler, plan, voxels)
    }
    var mirrored = try filters()
    mirrored.faces = .mirrored
    let found = try result(mirrored, size, voxels(size) { $0 })
    let whole = try result(
      try filters(), wide,
      voxels(wide) { place in
        var place = place &- margin
        for axis in 0..<3 { place[axis] = FilterFrame.mirrored(place[axis], size[axis]) }
        return place
      })
    for number in found.indices {
      let place = SIMD3(number % size.x, number / size.x % size.y, number / (size.x * size.y))
      guard (place .> 0 .& place .< size &- 1) == SIMDMask(repeating: true) else { continue }
      let twin = place &+ margin
      let expected = whole[(twin.z * wide.y + twin.y) * wide.x + twin.x]
      #expect(abs(found[number] - expected) <= 2e-4, "\(place): \(found[number]), \(expected)")
    }

    // Blending keeps the interpolated voxels of the faces, and along j there are but faces here.
    let flat = SIMD3(9, 2, 6)
    var blended = try filters(blend: 4)
    blended.faces = .mirrored
    #expect(
      try result(blended, flat, voxels(flat) { $0 })
        == result(filters(blend: 0), flat, voxels(flat) { $0 }))
  }

  @Test(arguments: [
    (-1, 5, 1), (-4, 5, 4), (-5, 5, 3), (-9, 5, 1), (0, 5, 0), (4, 5, 4), (5, 5, 3), (9, 5, 1),
    (-3, 1, 0), (2, 1, 0), (-2, 2, 0), (3, 2, 1),
  ])
  func placesBeyondAFaceAreMirrored(_ place: Int, _ count: Int, _ expected: Int) {
    #expect(FilterFrame.mirrored(place, count) == expected)
  }

  @Test func bytesDependOnNeitherThreadsNorMemory() throws {
    let size = SIMD3(17, 14, 12)
    let voxels = (0..<(size.x * size.y * size.z)).map { place -> Float in
      let (i, j, k) = (place % size.x, place / size.x % size.y, place / (size.x * size.y))
      return i < 3 ? 0 : Float(100 + 40 * sin(Double(i) * 0.9) * cos(Double(j + 2 * k) * 0.7))
    }
    for (blend, faces) in [(nil, .kept), (10, .kept), (nil, .mirrored), (10, .mirrored)]
      as [(Int?, GradientFilters.Faces)]
    {
      var filters = try filters(blend: blend)
      filters.faces = faces
      var results: [[Float]] = []
      for (threads, isTight) in [(1, false), (2, true), (3, false)] {
        let pool = try WorkerPool(threads: threads)
        let upsampler = try FilterUpsampler(
          filters: filters, kernels: KernelTables.table(for: .best), pool: pool)
        let target = Sampling.corners(inputSize: size, outputSize: size &* 2)
        var plan = try upsampler.plan(
          inputSize: size, sampling: target, output: OutputSettings(), memoryLimit: nil)
        if isTight {
          // Less than it would like: planes come in several windows.
          plan = try upsampler.plan(
            inputSize: size, sampling: target, output: OutputSettings(),
            memoryLimit: plan.peakBytes - 120_000)
          #expect(plan.windowPlanes < 20)
        }
        results.append(try Self.values(upsampler, plan, voxels))
      }
      #expect(results[0].count == 8 * voxels.count)
      #expect(results[0].contains { $0 > 60 })
      #expect(results.allSatisfy { $0 == results[0] }, "blend \(blend ?? 0), \(faces)")
    }
  }
}
