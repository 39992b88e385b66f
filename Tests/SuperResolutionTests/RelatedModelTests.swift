import Foundation
import FusedInference
import TestSupport
import Testing
import Volumes

@testable import SuperResolution

/// Models of the other systems through the library, against the published programs (golden/sisr, espcn).
@Suite struct RelatedModelTests {
  /// The share of the largest value that the manifest of golden/sisr allows (`sr_raw`).
  private static let tolerance = 2e-5

  /// A volume of a golden file, whose arrays are (x, y, z), or (z, y, x).
  private static func volume(_ path: String, isReversed: Bool = false) throws -> Volume {
    let array = try NumPyArray(contentsOf: Golden.folder("sisr").appendingPathComponent(path))
    let shape = isReversed ? Array(array.shape.reversed()) : array.shape
    let size = SIMD3(shape[0], shape[1], shape[2])
    var voxels = array.floats
    if !isReversed {
      var place = 0
      for k in 0..<size.z {
        for j in 0..<size.y {
          for i in 0..<size.x {
            voxels[place] = Float(array.values[(i * size.y + j) * size.z + k])
            place += 1
          }
        }
      }
    }
    return Volume(
      grid: Grid(size: size, affine: Affine(diagonal: SIMD3(repeating: 1))), voxels: voxels)
  }

  private static func resolver(
    _ file: String, golden: String = "sisr", threads: Int? = nil
  ) throws -> SuperResolver {
    let path = Golden.folder(golden).appendingPathComponent(file).path
    return try SuperResolver(Model(named: path), on: Computer(threads: threads))
  }

  private func expect(_ found: NIfTIVolume, _ expected: Volume, within tolerance: Double) {
    #expect(found.grid.size == expected.grid.size)
    let largest = expected.voxels.map { Double(abs($0)) }.max() ?? 0
    let differences = zip(found.voxels, expected.voxels).map { Double(abs($0 - $1)) }
    #expect((differences.max() ?? .infinity) <= tolerance * largest)
  }

  @Test(arguments: [
    ("weights/SRReCNN3D_10Layers_IsoScalex2.caffemodel", "mono10/sr_raw.npy", "srrecnn3d"),
    ("weights/SRCNN3D_iter_470000.caffemodel", "srcnn3d/sr_raw.npy", "srcnn3d"),
  ])
  func publishedNetworksGiveTheirPublishedValues(
    _ file: String, _ golden: String, _ kind: String
  ) throws {
    let resolver = try Self.resolver(file)
    #expect(resolver.model.architecture == kind && !resolver.model.takesGuide)
    let input = NIfTIVolume(try Self.volume("pipeline/lr_raw.npy"))
    let found = try resolver.upsample(input)
    expect(found, try Self.volume(golden), within: Self.tolerance)
    // The grid keeps the outer voxel centres.
    #expect(abs(found.grid.affine.columnNorms.x - 12.0 / 25) < 1e-12)
    #expect(found.notices.contains { $0.message.contains("undoes one way") })
  }

  /// Gradient filters, and a network whose file does not say how it was trained.
  @Test func whatAModelUndoesIsToldOrThatNobodySays() throws {
    let folder = try TemporaryFolder()
    for (source, name) in [
      ("h_2.npy", "h_2.npy"), ("Qfactor_str2_protocol3.pkl", "Qfactor_str2"),
      ("Qfactor_coh2_protocol4.pkl", "Qfactor_coh2"),
    ] {
      let file = Golden.folder("filters").appendingPathComponent("arrays/\(source)")
      try folder.write(name, [UInt8](Data(contentsOf: file)))
    }
    let network = Golden.folder("sisr").appendingPathComponent(
      "dcsrn/dcsrn_k8_r3_synthetic.safetensors"
    ).path
    let grid = Grid(size: SIMD3(8, 7, 6), affine: .identity)
    for (path, words) in [
      (folder.file("h_2.npy"), "(arssr degrade --operator quadratic); how the input was made"),
      (network, "nobody says which"),
    ] {
      let resolver = try SuperResolver(Model(named: path), on: Computer(threads: 1))
      let notices = try resolver.plan(grid).notices
      #expect(notices.contains { $0.message.contains(words) }, "\(path): \(notices)")
    }
  }

  @Test func aGuideStandsOnTheResultsGridOrIsInterpolated() throws {
    let resolver = try Self.resolver("weights/MultiSRReCNN3D_10Layers_IsoScalex2.caffemodel")
    #expect(resolver.model.takesGuide)
    let input = NIfTIVolume(try Self.volume("pipeline/lr_raw.npy"))
    var guide = try Self.volume("multi10/ref_raw.npy")
    guide.grid = try resolver.plan(input.grid).grid
    func result(_ guide: Volume?, resamples: Bool = false) throws -> NIfTIVolume {
      try resolver.upsample(
        input, settings: UpsampleSettings(guide: guide, resamplesGuide: resamples))
    }
    let found = try result(guide)
    expect(found, try Self.volume("multi10/sr_raw.npy"), within: Self.tolerance)
    let missing = #expect(throws: SuperResolutionError.self) { _ = try result(nil) }
    #expect(missing?.code == "usage.conflict" && missing?.subject == "--guide")
    // Moved by most of a voxel, it has to be interpolated, and leaves a face uncovered.
    let spacing = guide.grid.affine.columnNorms
    guide.grid = Grid(
      size: guide.grid.size,
      affine: Affine(diagonal: spacing, translation: SIMD3(0.7 * spacing.x, 0, 0)))
    let elsewhere = #expect(throws: SuperResolutionError.self) { _ = try result(guide) }
    #expect(elsewhere?.code == "volume.overlap" && elsewhere?.status == .data)
    let moved = try result(guide, resamples: true)
    #expect(moved.voxels != found.voxels)
    #expect(moved.notices.contains { $0.code == "volume.overlap" })
    let other = try Self.resolver("weights/SRReCNN3D_10Layers_IsoScalex2.caffemodel")
    #expect(throws: SuperResolutionError.self) {
      _ = try other.upsample(input, settings: UpsampleSettings(guide: guide))
    }
  }

  @Test func aNetworkOfOneFactorHasNoOther() throws {
    let resolver = try Self.resolver("r2/gen_iter_synthetic.npz", golden: "espcn")
    #expect(resolver.model.fixedFactor == 2)
    let input = NIfTIVolume(try Self.volume("../espcn/r2/input_zyx.npy", isReversed: true))
    let found = try resolver.upsample(input)
    let golden = try Self.volume("../espcn/r2/output_zyx.npy", isReversed: true)
    // 9e-7 of values of up to 1, as the manifest of golden/espcn says.
    let largest = golden.voxels.map { Double(abs($0)) }.max() ?? 1
    expect(found, golden, within: 9e-7 / largest)
    #expect(throws: SuperResolutionError.self) { _ = try resolver.upsample(input, to: .scale(3)) }
    #expect(throws: SuperResolutionError.self) {
      _ = try resolver.upsample(input, settings: UpsampleSettings(ensemble: .mirrorings))
    }
  }

  /// A volume that is its own mirror image along all axes keeps that in the mean over all mirrorings, up
  /// to the order of sums; the network alone does not.
  @Test func anEnsembleHasTheSymmetryOfItsInput() throws {
    let resolver = try Self.resolver("weights/SRReCNN3D_10Layers_IsoScalex2.caffemodel")
    let size = SIMD3(10, 8, 6)
    func wave(_ index: Int, _ count: Int) -> Float {
      let distance = abs(Float(2 * index - count + 1))
      return distance * distance
    }
    var voxels: [Float] = []
    for k in 0..<size.z {
      for j in 0..<size.y {
        for i in 0..<size.x {
          voxels.append(200 - wave(i, 10) - 0.5 * wave(j, 8) - wave(k, 6))
        }
      }
    }
    let input = NIfTIVolume(
      Volume(
        grid: Grid(size: size, affine: Affine(diagonal: SIMD3(repeating: 1))), voxels: voxels))
    let monitor = UpsampleMonitor()
    let (mean, deviations) = try resolver.upsampleWithDeviations(input, monitor: monitor)
    func asymmetry(_ volume: NIfTIVolume) -> Float {
      let row = 20
      return (0..<volume.voxels.count / row).reduce(0) { largest, line in
        (0..<row / 2).reduce(largest) {
          max($0, abs(volume.voxels[line * row + $1] - volume.voxels[line * row + row - 1 - $1]))
        }
      }
    }
    #expect(asymmetry(mean) < 1e-2)
    let plain = try resolver.upsample(input)
    #expect(asymmetry(plain) > 10 * asymmetry(mean))
    #expect(deviations.voxels.allSatisfy { $0 >= 0 } && deviations.voxels.contains { $0 > 0 })
    #expect(monitor.fractionDone == 1)
    let same = try resolver.upsample(input, settings: UpsampleSettings(ensemble: .mirrorings))
    #expect(same.voxels == mean.voxels)
    var mask = input.volume
    mask.voxels = mask.voxels.map { _ in 1 }
    let both = UpsampleSettings(mask: mask, ensemble: .mirrorings)
    let conflict = #expect(throws: SuperResolutionError.self) {
      _ = try resolver.upsample(input, settings: both)
    }
    #expect(conflict?.code == "usage.conflict")
  }

  @Test func whatANetworkDoesNotTakeIsRefused() throws {
    let computer = try Computer(threads: 1)
    let path = Golden.folder("sisr").appendingPathComponent(
      "weights/SRCNN3D_iter_470000.caffemodel"
    ).path
    let model = try Model(named: path)
    let precision = #expect(throws: SuperResolutionError.self) {
      _ = try SuperResolver(model, on: computer, precision: .bfloat16)
    }
    #expect(precision?.code == "usage.conflict")
    let resolver = try SuperResolver(model, on: computer)
    let input = NIfTIVolume(try Self.volume("pipeline/lr_raw.npy"))
    #expect(throws: SuperResolutionError.self) {
      _ = try resolver.upsample(input, settings: UpsampleSettings(blur: .uniform(1)))
    }
    var dark = input
    dark.voxels = dark.voxels.map { _ in -1 }
    let error = #expect(throws: SuperResolutionError.self) { _ = try resolver.upsample(dark) }
    #expect(error?.code == "volume.scaling" && error?.status == .data)
  }
}
