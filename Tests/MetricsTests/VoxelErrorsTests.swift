import Foundation
import TestSupport
import Testing
import Volumes

@testable import Metrics

@Suite struct VoxelErrorsTests {
  private struct Stored: Decodable {
    enum Expected: Decodable {
      case number(Double)
      case text(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }
    struct Value: Decodable {
      var id: String
      var metric: String
      var expected: Expected
      var image: String?
      var mask: String?
    }
    var values: [Value]
  }

  @Test func storedValuesAgree() throws {
    let folder = Golden.folder("metrics")
    let manifest = try JSONDecoder().decode(
      Stored.self, from: Data(contentsOf: folder.appendingPathComponent("manifest.json")))
    let reference = try NumPyArray(contentsOf: folder.appendingPathComponent("ref.npy")).floats
    var checked = 0
    for value in manifest.values {
      guard let name = value.image, case .number(let expected) = value.expected else { continue }
      let image = try NumPyArray(contentsOf: folder.appendingPathComponent(name)).floats
      let mask = try value.mask.map {
        try NumPyArray(contentsOf: folder.appendingPathComponent($0)).values.map { UInt8($0) }
      }
      let errors = try VoxelErrors(image, against: reference, mask: mask)
      let measured =
        switch value.metric {
        case "psnr": errors.peakSignalToNoise
        case "mse": errors.meanSquared
        default: errors.meanAbsolute
        }
      #expect(abs(measured - expected) <= 1e-9 * max(1, abs(expected)), "\(value.id): \(measured)")
      checked += 1
    }
    #expect(checked == 12)
  }

  @Test func degenerateCasesHaveTheirStatedValues() throws {
    let zeros = [Float](repeating: 0, count: 8)
    let halves = [Float](repeating: 0.5, count: 8)
    #expect(try VoxelErrors(zeros, against: zeros).peakSignalToNoise == .infinity)
    #expect(try VoxelErrors(zeros, against: halves).peakSignalToNoise == -.infinity)
    let empty = try VoxelErrors(zeros, against: halves, mask: [UInt8](repeating: 0, count: 8))
    #expect(empty.count == 0)
    #expect(empty.peakSignalToNoise.isNaN)
  }

  @Test func valuesThatAreNotFiniteMakeTheMeasureNaNUnlessMaskedOut() throws {
    let reference: [Float] = [0, 1, 2, 3]
    let image: [Float] = [0, 1, .nan, 3]
    let errors = try VoxelErrors(image, against: reference)
    #expect(errors.nonFiniteCount == 1)
    #expect(errors.peakSignalToNoise.isNaN)
    #expect(errors.meanAbsolute.isNaN)
    let masked = try VoxelErrors(image, against: reference, mask: [1, 1, 0, 1])
    #expect(masked.peakSignalToNoise == .infinity)
  }

  @Test func aStatedRangeTakesThePlaceOfTheReferences() throws {
    // One error of 1 in four voxels: MSE 1/4; 20 log10(10) + 10 log10(4).
    let errors = try VoxelErrors([0, 1, 2, 4], against: [0, 1, 2, 3], range: 10)
    #expect(abs(errors.peakSignalToNoise - (20 + 10 * log10(4.0))) <= 1e-12)
  }

  @Test func volumesOnOtherGridsAreRefused() throws {
    let grid = Grid(size: SIMD3(2, 2, 2), affine: .identity)
    let volume = Volume(grid: grid, voxels: [Float](repeating: 1, count: 8))
    let moved = Grid(
      size: grid.size, affine: Affine(diagonal: SIMD3(1, 1, 1), translation: SIMD3(0, 0.25, 0)))
    #expect(throws: ComparisonError.unlikePlaces(millimetres: 0.25)) {
      try VoxelErrors(Volume(grid: moved, voxels: volume.voxels), against: volume)
    }
    let other = Grid(size: SIMD3(4, 2, 1), affine: .identity)
    #expect(throws: ComparisonError.self) {
      try VoxelErrors(Volume(grid: other, voxels: volume.voxels), against: volume)
    }
    #expect(throws: ComparisonError.self) { try VoxelErrors([1, 2], against: [1]) }
    #expect(throws: ComparisonError.self) { try VoxelErrors([1, 2], against: [1, 2], mask: [1]) }
  }
}
