import Volumes

/// One plane of a volume filtered by ``LaplacianOfGaussian``.
///
/// Rows pass through the three axes as in ``SimilarityPlane``; here every row of the plane has a result,
/// and rows beyond the faces are mirrored.
struct LaplacianPlane {
  /// What is filtered.
  enum Subject {
    case difference
    case reference
  }

  private static let taps = LaplacianOfGaussian.taps
  private static let radius = LaplacianOfGaussian.radius
  /// Smoothed, curved and summed.
  private static let fields = 3

  private let pair: ImagePair
  private let subject: Subject
  private let kernel: LaplacianOfGaussian
  private let quads: Int
  /// The planes of the window.
  private let planes: [Int]

  init(_ pair: ImagePair, _ subject: Subject, plane: Int, kernel: LaplacianOfGaussian) {
    self.pair = pair
    self.subject = subject
    self.kernel = kernel
    quads = Rows.quads(pair.size.x)
    planes = (0..<Self.taps).map {
      SplineEdge.reflect.index(plane - Self.radius + $0, length: pair.size.z)
    }
  }

  private var plane: Int { planes[Self.radius] }
  /// Quads between rows: with room for the mirrored ends.
  private var stride: Int { quads + Rows.quads(Self.taps) }

  /// Per mask the sum of the squares of the voxels that count, and their number.
  func squares(_ masks: [[UInt8]?]) -> [SIMD2<Double>] {
    var sums = [SIMD2<Double>](repeating: .zero, count: masks.count)
    let rows = Self.taps + Self.fields * Self.taps + Self.fields + 1
    withUnsafeTemporaryAllocation(of: Quad.self, capacity: rows * stride) { scratch in
      scratch.initialize(repeating: .zero)
      guard let loaded = scratch.baseAddress else { return }
      let ring = loaded + Self.taps * stride
      let column = ring + Self.fields * Self.taps * stride
      let result = column + Self.fields * stride
      var ready = 0
      for j in 0..<pair.size.y {
        while ready < min(pair.size.y, j + Self.radius + 1) {
          load(row: ready, into: loaded)
          filterAlongK(loaded, into: ring + ready % Self.taps * stride)
          ready += 1
        }
        filterAlongJ(ring, row: j, into: column)
        filterAlongI(column, into: result)
        add(result, row: j, masks, to: &sums)
      }
    }
    return sums
  }

  private func load(row: Int, into rows: UnsafeMutablePointer<Quad>) {
    let count = pair.size.x
    pair.image.withUnsafeBufferPointer { image in
      pair.reference.withUnsafeBufferPointer { reference in
        guard let image = image.baseAddress, let reference = reference.baseAddress else { return }
        for (tap, plane) in planes.enumerated() {
          let offset = (plane * pair.size.y + row) * count
          switch subject {
          case .reference:
            Rows.load(reference + offset, count: count, into: rows + tap * stride)
          case .difference:
            Rows.loadDifference(
              image + offset, reference + offset, count: count, into: rows + tap * stride)
          }
        }
      }
    }
  }

  private func filterAlongK(_ rows: UnsafePointer<Quad>, into ring: UnsafeMutablePointer<Quad>) {
    let fieldStride = Self.taps * stride
    for quad in 0..<quads {
      var (smooth, curved, sum) = (Quad.zero, Quad.zero, Quad.zero)
      for tap in 0..<Self.taps {
        let value = rows[tap * stride + quad]
        smooth += kernel.smooth[tap] * value
        curved += kernel.curvature[tap] * value
        sum += value
      }
      ring[quad] = smooth
      ring[fieldStride + quad] = curved
      ring[2 * fieldStride + quad] = sum
    }
  }

  /// Smoothed along both axes, curved along one of them, and summed along both.
  private func filterAlongJ(
    _ ring: UnsafePointer<Quad>, row: Int, into column: UnsafeMutablePointer<Quad>
  ) {
    let fieldStride = Self.taps * stride
    let slots = (0..<Self.taps).map {
      SplineEdge.reflect.index(row - Self.radius + $0, length: pair.size.y) % Self.taps * stride
    }
    // Elements, so that the row can begin behind room for its mirrored end.
    let target = UnsafeMutableRawPointer(column)
    func store(_ value: Quad, _ field: Int, _ quad: Int) {
      let element = field * stride * 4 + Self.radius + 4 * quad
      target.storeBytes(
        of: value, toByteOffset: element * MemoryLayout<Double>.stride, as: Quad.self)
    }
    for quad in 0..<quads {
      var (smooth, curved, sum) = (Quad.zero, Quad.zero, Quad.zero)
      for tap in 0..<Self.taps {
        let slot = slots[tap] + quad
        let line = ring[slot]
        smooth += kernel.smooth[tap] * line
        curved += kernel.curvature[tap] * line + kernel.smooth[tap] * ring[fieldStride + slot]
        sum += ring[2 * fieldStride + slot]
      }
      store(smooth, 0, quad)
      store(curved, 1, quad)
      store(sum, 2, quad)
    }
    mirrorEnds(column)
  }

  private func mirrorEnds(_ column: UnsafeMutablePointer<Quad>) {
    let count = pair.size.x
    for field in 0..<Self.fields {
      let values =
        UnsafeMutableRawPointer(column + field * stride)
        .assumingMemoryBound(to: Double.self) + Self.radius
      for beyond in 1...Self.radius {
        let (before, behind) = (-beyond, count - 1 + beyond)
        values[before] = values[SplineEdge.reflect.index(before, length: count)]
        values[behind] = values[SplineEdge.reflect.index(behind, length: count)]
      }
    }
  }

  private func filterAlongI(
    _ column: UnsafePointer<Quad>, into result: UnsafeMutablePointer<Quad>
  ) {
    for quad in 0..<quads {
      var (total, sum) = (Quad.zero, Quad.zero)
      for tap in 0..<Self.taps {
        let element = 4 * quad + tap
        total += kernel.curvature[tap] * Rows.quad(column, at: element)
        total += kernel.smooth[tap] * Rows.quad(column + stride, at: element)
        sum += Rows.quad(column + 2 * stride, at: element)
      }
      result[quad] = total - kernel.mean * sum
    }
  }

  private func add(
    _ result: UnsafePointer<Quad>, row: Int, _ masks: [[UInt8]?], to sums: inout [SIMD2<Double>]
  ) {
    let values = UnsafeRawPointer(result).assumingMemoryBound(to: Double.self)
    let first = (plane * pair.size.y + row) * pair.size.x
    for (number, mask) in masks.enumerated() {
      var sum = 0.0
      var counted = 0
      for index in 0..<pair.size.x {
        if let mask, mask[first + index] == 0 { continue }
        sum += values[index] * values[index]
        counted += 1
      }
      sums[number] += SIMD2(sum, Double(counted))
    }
  }
}
