import Foundation
import TestSupport
import Testing
import Volumes

@testable import Degradation

/// Sizes, places and refusals.
@Suite struct PlanTests {
  private func grid(_ size: SIMD3<Int>) -> Grid {
    Grid(size: size, affine: Affine(diagonal: SIMD3(0.9, 1.1, 1.5)))
  }

  private func error(
    _ method: DegradationOperator, _ target: DegradationRequest.Target,
    size: SIMD3<Int> = SIMD3(20, 20, 20), _ change: (inout DegradationRequest) -> Void = { _ in }
  ) -> DegradationError? {
    var request = DegradationRequest(method, target)
    change(&request)
    do throws(DegradationError) {
      _ = try grid(size).degraded(by: request)
      return nil
    } catch {
      return error
    }
  }

  /// The stored affines: size 100 x 80 x 61 to 40 x 80 x 20, three kinds of grid, four orientations.
  @Test func affinesOfAllOrientationsAgree() throws {
    let manifest = try Golden.json("degrade") as? [String: Any]
    let examples = try #require(manifest?["affine_examples"] as? [[String: Any]])
    #expect(examples.count == 4)
    for example in examples {
      let affine = try #require(DegradeGolden.affine(example["affine_in"]))
      // The examples' axes in the opposite order, like everything that DegradeGolden reads.
      let input = Grid(size: SIMD3(61, 80, 100), affine: affine)
      for (key, method) in [
        ("corner", DegradationOperator.corner), ("cell", .cubic), ("index0", .kspace),
      ] {
        var request = DegradationRequest(method, .scale(SIMD3(61.0 / 20, 1, 2.5)))
        request.keepsFieldOfView = false
        let plan = try input.degraded(by: request)
        let expected = try #require(DegradeGolden.affine(example[key]))
        #expect(plan.grid.size == SIMD3(20, 80, 40))
        for column in 0...3 {
          for row in 0..<3 {
            let difference = abs(plan.grid.affine[row, column] - expected[row, column])
            #expect(difference < 1e-9, "\(example["name"] ?? ""), \(key): \(row), \(column)")
          }
        }
      }
    }
  }

  /// The stored sizes; those with a half go to the even number (cubic) or up (exact).
  @Test func sizesAreRoundedAsStored() throws {
    let manifest = try Golden.json("degrade") as? [String: Any]
    let examples = try #require(manifest?["size_rounding"] as? [[String: Any]])
    for example in examples {
      let n = try #require(example["n"] as? Int)
      let zoom = try #require(example["zoom"] as? Double)
      guard zoom < 1 else { continue }
      for (key, method) in [("scipy", DegradationOperator.corner), ("half_up", .exact)] {
        let plan = try Grid(size: SIMD3(n, 4, 4), affine: .identity)
          .degraded(by: DegradationRequest(method, .scale(SIMD3(1 / zoom, 1, 1))))
        #expect(plan.grid.size.x == example[key] as? Int, "\(n) times \(zoom), \(key)")
      }
    }
  }

  @Test func everyMistakeHasItsError() {
    let two = DegradationRequest.Target.scale(SIMD3(repeating: 2))
    #expect(error(.cubic, .scale(SIMD3(2, 0.5, 2))) == .finer(axis: 1, factor: 0.5))
    #expect(error(.cubic, .spacing(SIMD3(2, 0.55, 2))) == .finer(axis: 1, factor: 0.5))
    #expect(
      error(.block, .scale(SIMD3(2, 2, 2.5))) == .fractionalFactor(axis: 2, factor: 2.5))
    #expect(
      error(.cubic, .scale(SIMD3(2.5, 2, 2))) { $0.crops = true }
        == .fractionalFactor(axis: 0, factor: 2.5))
    #expect(
      error(.cubic, .scale(SIMD3(repeating: 4)), size: SIMD3(20, 1, 20))
        == .tooSmall(axis: 1, size: 1, factor: 4))
    #expect(error(.block, two, size: SIMD3(20, 20, 1)) == .tooSmall(axis: 2, size: 1, factor: 2))
    #expect(
      error(.kspaceBox, .scale(SIMD3(30, 2, 2))) == .tooSmall(axis: 0, size: 20, factor: 30))
    #expect(
      error(.block, two) { $0.sigma = SIMD3(repeating: 1) }
        == .optionNotTaken(name: "--sigma", by: .block))
    #expect(
      error(.cubic, two) { $0.fullWidths = SIMD3(repeating: 1) }
        == .optionNotTaken(name: "--fwhm", by: .cubic))
    #expect(
      error(.kspace, two) { $0.deconvolves = true }
        == .optionNotTaken(name: "--deconvolve", by: .kspace))
    #expect(
      error(.psf, two) { $0.crops = true } == .optionNotTaken(name: "--crop", by: .psf))
    #expect(error(.exact, two, size: SIMD3(1, 1, 1)) == nil)
  }

  /// The largest deviation is 8 times the axis, at least 512 voxels; `psf` takes its width from the
  /// target where none is given.
  @Test func gaussiansThatLeaveNothingButTheMeanAreRefused() throws {
    let two = DegradationRequest.Target.scale(SIMD3(repeating: 2))
    #expect(
      error(.cubic, two) { $0.sigma = SIMD3(1, 513, 1) }
        == .wideGaussian(option: "--sigma", axis: 1, value: 513, sigma: 513, largest: 512))
    #expect(error(.cubic, two) { $0.sigma = SIMD3(1, 512, 1) } == nil)
    #expect(error(.cubic, two, size: SIMD3(100, 4, 4)) { $0.sigma = SIMD3(800, 1, 1) } == nil)
    #expect(
      error(.cubic, two, size: SIMD3(100, 4, 4)) { $0.sigma = SIMD3(801, 1, 1) }
        == .wideGaussian(option: "--sigma", axis: 0, value: 801, sigma: 801, largest: 800))
    let million = SIMD3(repeating: 1e6)
    let wide: [(option: String, error: DegradationError?)] = [
      ("--spacing", error(.psf, .spacing(million))),
      ("--scale", error(.psf, .scale(million))),
      ("--fwhm", error(.psf, two) { $0.fullWidths = million }),
      ("--fwhm", error(.corner, two) { $0.fullWidths = million }),
    ]
    for (option, found) in wide {
      let refusal = try #require(found, "\(option)")
      #expect(refusal.code == "usage.value")
      #expect(refusal.subject == option)
      #expect(refusal.message.hasPrefix("1000000 along i blurs by a Gaussian"), "\(refusal)")
    }
  }

  /// 20 sums of 2 * 4 * 300 + 1 terms, of 12 bytes each.
  @Test func theTablesOfGaussiansCountAsMemory() throws {
    var request = DegradationRequest(.cubic, .scale(SIMD3(repeating: 2)))
    let plain = try grid(SIMD3(20, 20, 20)).degraded(by: request)
    request.sigma = SIMD3(300, 0, 0)
    let blurred = try grid(SIMD3(20, 20, 20)).degraded(by: request)
    #expect(blurred.peakBytes - plain.peakBytes == 20 * 2401 * 12)
    #expect(
      throws: DegradationError.memoryLimit(
        needed: blurred.peakBytes, limit: plain.peakBytes)
    ) {
      try blurred.check(memoryLimit: plain.peakBytes)
    }
    try plain.check(memoryLimit: plain.peakBytes)
  }

  /// A spacing within 1e-4 of the input's is the input's; a block factor within it is whole.
  @Test func spacingsOfFloatHeadersAreTakenAsMeant() throws {
    let plan = try grid(SIMD3(20, 20, 20)).degraded(
      by: DegradationRequest(.block, .spacing(SIMD3(0.90001, 2.2001, 3))))
    #expect(plan.grid.size == SIMD3(20, 10, 10))
    #expect(plan.axes.map(\.factor) == [1, 2, 2])
    #expect(!plan.axes[0].isSampled)
  }

  /// 61 voxels of 1.5 mm are 30 of 3.05 mm or, exactly, 31 of 3 mm (rounded up).
  @Test func aMissedSpacingIsSaid() throws {
    for (method, size, notices) in [
      (DegradationOperator.cubic, 30, 1), (.kspace, 30, 1), (.exact, 31, 0), (.psf, 31, 0),
      (.kspaceBox, 61, 0),
    ] {
      let plan = try grid(SIMD3(20, 20, 61))
        .degraded(by: DegradationRequest(method, .spacing(SIMD3(0.9, 1.1, 3))))
      #expect(plan.grid.size.z == size, "\(method)")
      #expect(plan.notices.count == notices, "\(method): \(plan.notices)")
    }
  }

  @Test func theWidthOfTheInputIsTakenOffInQuadrature() throws {
    var request = DegradationRequest(.psf, .scale(SIMD3(1, 2, 4)))
    let plain = try grid(SIMD3(20, 20, 20)).degraded(by: request).axes.map(\.sigma)
    request.deconvolves = true
    let rest = try grid(SIMD3(20, 20, 20)).degraded(by: request).axes.map(\.sigma)
    #expect(plain[0] == 0 && rest[0] == 0)
    for (axis, factor) in [(1, 2.0), (2, 4.0)] {
      #expect(abs(plain[axis] * 2.354820045 - factor) < 1e-8)
      #expect(abs(rest[axis] * 2.354820045 - (factor * factor - 1).squareRoot()) < 1e-8)
    }
  }
}
