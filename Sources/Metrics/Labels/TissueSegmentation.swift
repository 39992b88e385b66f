import Glibc
import Volumes
import Workers

/// A segmentation into three tissues by gray value and neighbourhood, the same on every machine.
///
/// Of a T1-weighted head without its skull: cerebrospinal fluid, gray and white matter. A mixture of
/// Gaussians says what each gray value costs in each class; ten rounds of iterated conditional modes make
/// neighbours agree. A stand-in for comparisons, no replacement for a segmentation tool.
public struct TissueSegmentation: Sendable, Equatable {
  /// What it is called in reports.
  public static let name = "kmeans-mrf-3"

  /// How much a neighbour of the same class is worth.
  private static let coupling = 0.3
  private static let sweeps = 10

  /// 0 outside the mask, 1 to 3 by rising gray value, i fastest.
  public let labels: [UInt8]
  /// Gray values that count as 0 and 1: percentiles 0.1 and 99.9 of the mask's voxels.
  public let limits: (low: Double, high: Double)
  let model: TissueModel?

  /// Whether labels and limits are equal.
  public static func == (a: TissueSegmentation, b: TissueSegmentation) -> Bool {
    a.labels == b.labels && a.limits == b.limits && a.model == b.model
  }

  /// Segments a volume.
  ///
  /// - Parameters:
  ///   - voxels: All finite, i fastest.
  ///   - size: Voxels along i, j, k.
  ///   - mask: Nonzero where voxels count. Of the reference, where two segmentations are compared.
  ///   - pool: Shares the voxels; its size changes no label.
  public init(_ voxels: [Float], size: SIMD3<Int>, mask: [UInt8], pool: WorkerPool) {
    precondition(voxels.count == mask.count, "\(voxels.count) voxels, mask of \(mask.count)")
    let inside = voxels.indices.filter { mask[$0] != 0 }.map { voxels[$0] }
    let bounds = inside.count < 3 ? nil : Percentiles.of(inside, at: [0.1, 99.9])
    guard let bounds else {
      labels = [UInt8](repeating: 0, count: voxels.count)
      limits = (.nan, .nan)
      model = nil
      return
    }
    limits = (bounds[0], bounds[1])
    guard bounds[1] > bounds[0] else {
      labels = mask.map { $0 != 0 ? 1 : 0 }
      model = nil
      return
    }
    let grays = GrayScale(low: bounds[0], high: bounds[1])
    let bins = Double(TissueModel.binCount)
    let histogram = pool.chunks(of: inside.count) { chunk in
      var counts = [Int](repeating: 0, count: TissueModel.binCount)
      for index in chunk { counts[min(Int(grays.value(inside[index]) * bins), Int(bins) - 1)] += 1 }
      return counts
    }.reduce([Int](repeating: 0, count: TissueModel.binCount)) { zip($0, $1).map(+) }
    let model = TissueModel(histogram: histogram)
    self.model = model
    var field = LabelField(voxels, size: size, mask: mask, grays: grays, model: model)
    field.assign(pool)
    for _ in 0..<Self.sweeps {
      let changed = [0, 1].map { field.sweep(parity: $0, coupling: Self.coupling, pool) }
      // Another sweep would change nothing either.
      if changed == [0, 0] { break }
    }
    labels = field.labels
  }
}

/// From intensities to gray values from 0 to 1.
private struct GrayScale {
  let low: Double
  let high: Double

  @inline(__always)
  func value(_ intensity: Float) -> Double {
    min(max((Double(intensity) - low) / (high - low), 0), 1)
  }
}

/// Labels with a border of no label around them, and what each class costs a voxel.
private struct LabelField {
  private let voxels: [Float]
  private let size: SIMD3<Int>
  private let mask: [UInt8]
  private let grays: GrayScale
  /// Per class mean, half the inverse variance, and the rest of the cost.
  private let terms: [SIMD3<Double>]
  private var padded: [UInt8]

  init(
    _ voxels: [Float], size: SIMD3<Int>, mask: [UInt8], grays: GrayScale, model: TissueModel
  ) {
    self.voxels = voxels
    self.size = size
    self.mask = mask
    self.grays = grays
    terms = (0..<TissueModel.classCount).map { index in
      SIMD3(
        model.means[index], 1 / (2 * model.variances[index]),
        model.cost(model.means[index], ofClass: index))
    }
    padded = [UInt8](repeating: 0, count: (size.x + 2) * (size.y + 2) * (size.z + 2))
  }

  private var rowStride: Int { size.x + 2 }
  private var planeStride: Int { (size.x + 2) * (size.y + 2) }

  /// Without the border.
  var labels: [UInt8] {
    (0..<size.z).flatMap { k in
      (0..<size.y).flatMap { j in
        let first = (k + 1) * planeStride + (j + 1) * rowStride + 1
        return padded[first..<first + size.x]
      }
    }
  }

  /// The cheapest class of every voxel, the lower of two.
  mutating func assign(_ pool: WorkerPool) {
    update(pool, parities: [0, 1]) { _, costs, _ in costs }
  }

  /// The cheapest class where neighbours of the same class make it cheaper, of all voxels whose indices
  /// add up to even or odd numbers: none of those is another's neighbour.
  ///
  /// - Returns: How many labels changed.
  mutating func sweep(parity: Int, coupling: Double, _ pool: WorkerPool) -> Int {
    let (row, plane) = (rowStride, planeStride)
    return update(pool, parities: [parity]) { labels, costs, place in
      var neighbours = SIMD4<Double>.zero
      neighbours[Int(labels[place - 1])] += 1
      neighbours[Int(labels[place + 1])] += 1
      neighbours[Int(labels[place - row])] += 1
      neighbours[Int(labels[place + row])] += 1
      neighbours[Int(labels[place - plane])] += 1
      neighbours[Int(labels[place + plane])] += 1
      return costs - coupling * SIMD3(neighbours.y, neighbours.z, neighbours.w)
    }
  }

  @discardableResult
  private mutating func update(
    _ pool: WorkerPool, parities: Set<Int>,
    _ cost: (UnsafePointer<UInt8>, SIMD3<Double>, _ place: Int) -> SIMD3<Double>
  ) -> Int {
    let (size, terms, grays, voxels, mask) = (size, terms, grays, voxels, mask)
    let (rowStride, planeStride) = (rowStride, planeStride)
    let means = SIMD3(terms[0].x, terms[1].x, terms[2].x)
    let factors = SIMD3(terms[0].y, terms[1].y, terms[2].y)
    let constants = SIMD3(terms[0].z, terms[1].z, terms[2].z)
    let step = parities.count == 2 ? 1 : 2
    return padded.withUnsafeMutableBufferPointer { padded in
      guard let labels = padded.baseAddress else { return 0 }
      return pool.map(size.z) { k in
        var changed = 0
        for j in 0..<size.y {
          let first = (k * size.y + j) * size.x
          let place = (k + 1) * planeStride + (j + 1) * rowStride + 1
          let start = step == 1 || parities.contains((j + k) % 2) ? 0 : 1
          for i in stride(from: start, to: size.x, by: step) where mask[first + i] != 0 {
            let gray = SIMD3(repeating: grays.value(voxels[first + i])) - means
            let costs = cost(labels, gray * gray * factors + constants, place + i)
            var best = 0
            if costs.y < costs.x { best = 1 }
            if costs.z < costs[best] { best = 2 }
            let label = UInt8(best + 1)
            if labels[place + i] != label {
              labels[place + i] = label
              changed += 1
            }
          }
        }
        return changed
      }.reduce(0, +)
    }
  }
}
