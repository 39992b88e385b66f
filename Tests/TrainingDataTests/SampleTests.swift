import Degradation
import Foundation
import TestSupport
import Testing
import Volumes
import Workers

@testable import Training

/// That patches, points, targets and base belong together.
@Suite struct SampleTests {
  private let pool: WorkerPool

  init() throws { pool = try WorkerPool(threads: 2) }

  private func samples(
    _ settings: DataSettings, _ volume: TrainingVolume, count: Int = 40
  ) throws -> [TrainingBatch.Sample] {
    let source = try BatchSource(TrainingVolumes([volume]), settings: settings, seed: 3)
    return try (0..<(count / settings.batch)).flatMap {
      try source.batch(step: $0, workers: pool).samples
    }
  }

  /// On a ramp the patch's linear interpolation at a point is the target, whatever was turned, and so is
  /// the base.
  ///
  /// Where operators mirror a volume's ends the ramp bends, by less than 0.01 0.268^8 = 3e-7 per voxel 8
  /// voxels away from them: samples nearer to an end do not count.
  @Test(arguments: [
    DataSettings.Source.plain(.exact), .plain(.cubic), .plain(.corner), .plain(.origin),
    .blurred(1...1), .blurred(0.2...1.5),
  ])
  func targetsBelongToThePoints(_ source: DataSettings.Source) throws {
    let volumes = TrainingVolumes([volume(SIMD3(80, 80, 80), ramp)])
    for points in [DataSettings.Points.grid(rows: 6), .scattered(100)] {
      var settings = plainSettings(source)
      settings.points = points
      settings.mirrors = true
      settings.brightness = 0.25
      settings.oneAxisShare = 0.3
      settings.perAxisShare = 0.3
      var turns = Set<Int>()
      for number in 0..<10 {
        let entry = try DegradedEntry.drawn(number, from: volumes, settings, seed: 9, pool: pool)
        for draw in 0..<40 {
          var stream = RandomStream(seed: 9, .sample, number, draw)
          var copy = stream
          let box = PatchBox.drawn(
            &copy, edge: 8, in: entry.voxels, size: entry.size, share: settings.foregroundShare)
          guard box.origin.min() >= 8, (entry.size &- box.origin).min() >= 16 else { continue }
          let sample = PoolSampler(settings: settings).sample(&stream, from: entry)
          turns.insert(expectRamp(sample, "entry \(number), draw \(draw)"))
        }
      }
      #expect(turns.count == 8, "all mirrorings occur")
    }
  }

  /// Holds a sample of a ramp against itself; returns which axes rise.
  private func expectRamp(_ sample: TrainingBatch.Sample, _ name: String) -> Int {
    var worst = (target: 0.0, base: 0.0)
    for (index, place) in positions(sample).enumerated() {
      let value = interpolated(sample.patch, SIMD3(8, 8, 8), at: place)
      worst.target = max(worst.target, abs(value - Double(sample.targets[index])))
      worst.base = max(worst.base, abs(value - Double(sample.base[index])))
    }
    // float32 of values up to 2, through three passes and back.
    #expect(worst.target < 5e-6 && worst.base < 5e-6, "\(name): \(worst)")
    return [1, 8, 64].reduce(0) { $0 * 2 + (sample.patch[$1] > sample.patch[0] ? 1 : 0) }
  }

  /// Without augmentation a target is the HR voxel at the point's place, and the patch is the
  /// degraded volume; both found by the places alone.
  @Test(arguments: [
    DataSettings.Source.plain(.exact), .plain(.corner), .plain(.kspace), .plain(.area),
  ])
  func targetsAreHRVoxelsAndPatchesLRVoxels(_ source: DataSettings.Source) throws {
    let hr = volume { i, j, k in 1 + i + 64 * (j + 64 * k) }
    let settings = plainSettings(source)
    let entry = try DegradedEntry(
      hr, scale: SIMD3(2.3, 1.5, 1), source, hasBase: false, pool: pool)
    for number in 0..<10 {
      var stream = RandomStream(seed: 1, .sample, number)
      let sample = PoolSampler(settings: settings).sample(&stream, from: entry)
      // The patch's place in the LR volume, from its values.
      let origin = try #require(
        (0..<(entry.size.x * entry.size.y * entry.size.z)).first { start in
          let (plane, i) = start.quotientAndRemainder(dividingBy: entry.size.x)
          let (k, j) = plane.quotientAndRemainder(dividingBy: entry.size.y)
          guard i + 8 <= entry.size.x, j + 8 <= entry.size.y, k + 8 <= entry.size.z else {
            return false
          }
          return PatchBox(origin: SIMD3(i, j, k), edge: 8)
            .values(of: entry.voxels, size: entry.size) == sample.patch
        })
      let (plane, i) = origin.quotientAndRemainder(dividingBy: entry.size.x)
      let (k, j) = plane.quotientAndRemainder(dividingBy: entry.size.y)
      let corner = SIMD3(Double(i), Double(j), Double(k))
      for (place, target) in zip(positions(sample), sample.targets) {
        let u = place + corner
        let fine = u * entry.factor + entry.offset
        var index = SIMD3<Int>.zero
        for axis in 0..<3 {
          index[axis] = Int(fine[axis].rounded())
          #expect(abs(fine[axis] - fine[axis].rounded()) < 1e-9)
          #expect(place[axis] >= 0.5 - 1e-9 && place[axis] < 6.5, "the margin of 1 voxel")
        }
        #expect(target == Float(1 + index.x + 64 * (index.y + 64 * index.z)))
      }
    }
  }

  /// The base against the definition in double precision, from the whole LR volume.
  @Test func theBaseIsTheSplineOfTheWholeVolume() throws {
    let hr = volume { i, j, k in 0.5 + 0.3 * sin(0.9 * i) * cos(0.7 * j + 0.2 * k) }
    for points in [DataSettings.Points.grid(rows: 6), .scattered(50)] {
      var settings = plainSettings()
      settings.points = points
      let entry = try DegradedEntry(
        hr, scale: SIMD3(2, 2.5, 1.7), .plain(.exact), hasBase: true, pool: pool)
      let reference = CubicReference(entry.voxels, entry.size)
      var stream = RandomStream(seed: 1, .sample, 0)
      let box = PatchBox.drawn(
        &stream, edge: 8, in: entry.voxels, size: entry.size, share: settings.foregroundShare)
      stream = RandomStream(seed: 1, .sample, 0)
      let sample = PoolSampler(settings: settings).sample(&stream, from: entry)
      for (place, base) in zip(positions(sample), sample.base) {
        let expected = reference.value(at: place + SIMD3<Double>(box.origin))
        // Coefficients are stored as float32 and reach three times the range per axis.
        #expect(abs(Double(base) - expected) < 2e-6)
      }
    }
  }

  @Test func conditionsAreThoseOfTheBlur() throws {
    let hr = volume(SIMD3(48, 44, 40), ramp)
    #expect(try samples(plainSettings(.plain(.kspace)), hr).allSatisfy { $0.psf == 0 })
    #expect(try samples(plainSettings(.blurred(1...1)), hr).allSatisfy { $0.psf == 1 })
    let some = try samples(plainSettings(.blurred(0...1.5)), hr).map(\.psf)
    #expect(Set(some).count > 3 && some.allSatisfy { (0...1.5).contains($0) })
  }

  /// Patch and base of a volume whose blur is divided out are those of the restored volume, and the
  /// network is told how much was divided out.
  @Test func blurIsDividedOutOfPatchAndBase() throws {
    let hr = volume { i, j, k in 0.5 + 0.3 * sin(0.9 * i) * cos(0.7 * j + 0.2 * k) }
    let rule = Deconvolution(lambda: 0.02)
    let (scale, widths) = (SIMD3(2, 1, 1.7), SIMD3(0.8, 0, 1.2))
    let blurred = try DegradedEntry(
      hr, scale: scale, .blurred(0...1.5), blur: widths, hasBase: true, pool: pool)
    let restored = try DegradedEntry(
      hr, scale: scale, .blurred(0...1.5), blur: widths, hasBase: true,
      removal: BlurRemoval(deconvolution: rule, widths: widths), pool: pool)
    var voxels = blurred.voxels
    rule.apply(to: &voxels, size: blurred.size, widths: widths, pool: pool)
    #expect(restored.voxels == voxels)
    #expect(restored.psf == 1.2)
    let spline = SplineVolume(voxels, size: blurred.size, pool: pool)
    let place = SIMD3(5.3, 7, 6.8)
    #expect(restored.spline?.value(at: place) == spline.value(at: place))
  }

  /// Blur is drawn along axes that become coarser only, and known to within the error asked for.
  @Test func blursAreDrawnPerAxis() throws {
    var settings = plainSettings(.blurred(0...1.5))
    settings.perAxisBlurShare = 0.5
    settings.deconvolution = Deconvolution(lambda: 0.02)
    settings.oneAxisShare = 0.5
    let told = try samples(settings, volume(SIMD3(48, 44, 40), ramp)).map(\.psf)
    #expect(Set(told).count > 3 && told.allSatisfy { (0...1.5).contains($0) })
    settings.blurError = 0.1
    settings.sources = [.init(.plain(.exact))]
    #expect(try samples(settings, volume(SIMD3(48, 44, 40), ramp)).allSatisfy { $0.psf == 0 })
  }

  /// Raising to a power and then making coarser: the constant tells.
  @Test func gammaIsTheSameInPatchAndTargets() throws {
    var settings = plainSettings()
    settings.gamma = 0.5
    let constant = volume { _, _, _ in 0.3 }
    for sample in try samples(settings, constant, count: 12) {
      let value = sample.targets[0]
      #expect(sample.patch.allSatisfy { abs($0 - value) < 1e-6 })
      let power = log(Double(value)) / log(0.3)
      #expect(power >= exp(-0.5) - 1e-6 && power <= exp(0.5) + 1e-6)
    }
  }

  @Test func noiseIsInThePatchOnly() throws {
    var settings = plainSettings()
    settings.noise = 0.05...0.05
    settings.noiseKind = .gaussian
    let constant = volume { _, _, _ in 0.5 }
    var sum = 0.0
    var count = 0
    for sample in try samples(settings, constant) {
      #expect(sample.targets.allSatisfy { $0 == 0.5 })
      for value in sample.patch { sum += pow(Double(value) - 0.5, 2) }
      count += sample.patch.count
    }
    // 40 patches of one or two volumes overlap, so fewer than all voxels are independent: 20 %.
    #expect(abs((sum / Double(count)).squareRoot() - 0.05) < 0.01)
  }

  @Test func patchesHaveForeground() throws {
    let hr = volume(SIMD3(96, 48, 48)) { i, _, _ in i < 30 ? 1 : 0 }
    var settings = plainSettings()
    settings.foregroundShare = 0.5
    for sample in try samples(settings, hr) {
      #expect(sample.patch.count { $0 > 0.05 } >= 256)
    }
  }

  /// The published way: HR patch of trunc(10 s) voxels, corner-aligned, coordinates of a common field
  /// of view, no voxel twice.
  @Test func publishedSamplesAreThePublications() throws {
    let hr = volume { i, j, k in 1 + i + 64 * (j + 64 * k) }
    var settings = DataSettings.paper
    settings.batch = 3
    var edges = Set<Int>()
    for sample in try samples(settings, hr, count: 30) {
      let places = positions(sample)
      // Positions along an axis are (x + 1/2) 10 / h - 1/2.
      let low = places.map(\.x).min() ?? 0
      let edge = Int((5 / (low + 0.5)).rounded())
      edges.insert(edge)
      #expect((20...40).contains(edge))
      #expect(places.count == 8000 && Set(places.map { "\($0)" }).count == 8000)
      // The smallest value is the box's first voxel.
      let first = Int(sample.targets.min() ?? 0) - 1
      var fine: [Float] = []
      for k in 0..<edge {
        for j in 0..<edge {
          for i in 0..<edge { fine.append(Float(1 + first + i + 64 * (j + 64 * k))) }
        }
      }
      for (place, target) in zip(places, sample.targets) {
        let index = (place + 0.5) * Double(edge) / 10 - 0.5
        let (x, y, z) = (Int(index.x.rounded()), Int(index.y.rounded()), Int(index.z.rounded()))
        guard edge == 20 else { break }
        #expect(target == fine[x + edge * (y + edge * z)])
      }
      var request = DegradationRequest(.corner, .scale(SIMD3(repeating: Double(edge) / 10)))
      request.spline.isStrict = true
      guard edge == 20 else { continue }
      let plan = try Grid(size: SIMD3(repeating: edge), affine: .identity).degraded(by: request)
      #expect(try plan.run(fine, pool: pool).values == sample.patch)
    }
    #expect(edges.count > 5)
  }
}

/// Cubic B-spline interpolation by its definition, in double precision: coefficients by elimination
/// of "the spline passes through the samples", mirrored ends.
private struct CubicReference {
  private let size: SIMD3<Int>
  private var values: [Double]

  init(_ voxels: [Float], _ size: SIMD3<Int>) {
    self.size = size
    values = voxels.map(Double.init)
    let strides = [1, size.x, size.x * size.y]
    for axis in 0..<3 {
      for start in values.indices where (start / strides[axis]) % size[axis] == 0 {
        let line = (0..<size[axis]).map { values[start + $0 * strides[axis]] }
        for (index, value) in Self.coefficients(line).enumerated() {
          values[start + index * strides[axis]] = value
        }
      }
    }
  }

  func value(at u: SIMD3<Double>) -> Double {
    var total = 0.0
    let base = SIMD3(Int(floor(u.x)), Int(floor(u.y)), Int(floor(u.z)))
    for k in (base.z - 2)...(base.z + 3) {
      for j in (base.y - 2)...(base.y + 3) {
        for i in (base.x - 2)...(base.x + 3) {
          let weight =
            Self.kernel(u.x - Double(i)) * Self.kernel(u.y - Double(j))
            * Self.kernel(u.z - Double(k))
          if weight == 0 { continue }
          let place =
            Self.mirrored(i, size.x)
            + size.x * (Self.mirrored(j, size.y) + size.y * Self.mirrored(k, size.z))
          total += weight * values[place]
        }
      }
    }
    return total
  }

  private static func kernel(_ x: Double) -> Double {
    let a = abs(x)
    if a < 1 { return 2.0 / 3 - a * a + a * a * a / 2 }
    return a < 2 ? (2 - a) * (2 - a) * (2 - a) / 6 : 0
  }

  private static func mirrored(_ index: Int, _ n: Int) -> Int {
    var position = index
    while position < 0 || position > n - 1 {
      position = position < 0 ? -position : 2 * (n - 1) - position
    }
    return position
  }

  private static func coefficients(_ samples: [Double]) -> [Double] {
    let n = samples.count
    var diagonal = [Double](repeating: 4, count: n)
    var right = samples.map { 6 * $0 }
    func upper(_ i: Int) -> Double { i == 0 ? 2 : 1 }
    for i in 1..<n {
      let factor = (i == n - 1 ? 2 : 1) / diagonal[i - 1]
      diagonal[i] -= factor * upper(i - 1)
      right[i] -= factor * right[i - 1]
    }
    right[n - 1] /= diagonal[n - 1]
    for i in stride(from: n - 2, through: 0, by: -1) {
      right[i] = (right[i] - upper(i) * right[i + 1]) / diagonal[i]
    }
    return right
  }
}
