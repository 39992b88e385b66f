import Volumes
import Workers

/// What a coarser measurement would have seen of a volume.
///
/// y(v) = (G x)(M v): M takes measured voxels to places in the volume, x is the cubic B-spline
/// through its voxels (edge mirror), and G blurs along every axis a of the volume by a Gaussian of
/// the full width sqrt(sum over b of (w_b M_ab)^2), w_b the width along the measured axis b in
/// measured voxels. Width 0 gives the operators `cubic` and `exact` of `DegradationOperator` on any
/// pair of grids, width 1 its `psf`. Grids that lie across each other are blurred along the volume's
/// axes, by what the measured voxels extend along them.
public struct MeasurementModel: Sendable {
  /// Full widths at half maximum over the measured spacing.
  public enum Blur: Sendable, Equatable {
    /// The same along all measured axes that are coarser than the volume; the others are not
    /// blurred. 0: point samples.
    case uniform(Double)
    /// Along the measured axes i, j, k.
    case perAxis(SIMD3<Double>)
  }

  /// Full widths at half maximum along the measured axes, in measured voxels.
  public let widths: SIMD3<Double>
  /// Steps of the measured voxels along the volume's axes, in its voxels.
  public let steps: SIMD3<Double>
  /// Standard deviations of the Gaussian along the volume's axes, in its voxels.
  public let sigmas: SIMD3<Double>
  /// Voxels of the volume.
  public let size: SIMD3<Int>
  /// Voxels of the measured grid.
  public let measuredSize: SIMD3<Int>

  private let sampling: Sampling

  /// A step that is larger than 1 by less than this is 1.
  private static let sameStep = 1.0001

  /// Works out places and blur.
  ///
  /// - Parameters:
  ///   - volume: The grid of what is measured.
  ///   - measured: The grid of the measurement; it may lie anyhow.
  ///   - blur: Widths of 0 or more.
  /// - Throws: ``GridError`` if the grids do not meet.
  public init(of volume: Grid, on measured: Grid, blur: Blur) throws(GridError) {
    size = volume.size
    measuredSize = measured.size
    sampling = try volume.target(.like(measured), placement: .fieldOfView).sampling
    guard let inverse = volume.affine.inverse else { throw .notInvertible }
    let map = inverse * measured.affine
    let coarsening = map.columnNorms
    let widths: SIMD3<Double> =
      switch blur {
      case .uniform(let width): SIMD3((0..<3).map { coarsening[$0] > Self.sameStep ? width : 0 })
      case .perAxis(let widths): widths
      }
    precondition(widths.min() >= 0, "widths: \(widths)")
    self.widths = widths
    func extents(_ factors: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(
        (0..<3).map { axis in
          let row = SIMD3(map[axis, 0], map[axis, 1], map[axis, 2]) * factors
          return (row * row).sum().squareRoot()
        })
    }
    steps = extents(SIMD3(repeating: 1))
    sigmas = extents(widths) / widthPerDeviation
  }

  /// Whether measured voxels lie in the volume's field of view, in the order of the measured grid;
  /// nil: all do.
  public func insideVolume() -> [Bool]? {
    let count = measuredSize.x * measuredSize.y * measuredSize.z
    guard sampling.insideCount < count else { return nil }
    var inside = [Bool](repeating: false, count: count)
    let (box, strides) = (sampling.rowBox, sampling.outputStrides)
    for k in 0..<box.z {
      for j in 0..<box.y {
        for i in sampling.insideRange(j: j, k: k) {
          inside[i * strides.x + j * strides.y + k * strides.z] = true
        }
      }
    }
    return inside
  }

  /// Bytes that ``values(of:pool:)`` takes beside the volume.
  public var peakBytes: Int {
    let float = MemoryLayout<Float>.size
    let measured = measuredSize.x * measuredSize.y * measuredSize.z
    let tables = (0..<3).map { TapTable.gaussianBytes(sigma: sigmas[$0], length: size[$0]) }
    let table = tables.reduce(0, +)
    guard let separable = sampling.separable else {
      return (2 * size.x * size.y * size.z + measured) * float + table
    }
    let along = separable.sizeAlongInputAxes
    let first = along.x * size.y * size.z
    return (first + along.x * along.y * size.z + 2 * measured) * float + table
  }

  /// The measurement of a volume, in the order of the measured grid.
  ///
  /// The same bytes for any number of workers. Values outside the volume's field of view mean
  /// nothing.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  public func values(
    of voxels: UnsafePointer<Float>, pool: WorkerPool
  ) throws(WorkersError) -> [Float] {
    switch sampling {
    case .separable(let separable):
      let filters = (0..<3).map { filter(axis: $0, positions: separable.axes[$0]) }
      let result = try filtered(voxels, by: filters, pool: pool)
      return withExtendedLifetime(result) { ordered(result.pointer, separable) }
    case .general:
      let blurred = try filtered(voxels, by: (0..<3).map { blur(axis: $0) }, pool: pool)
      let prepared = PreparedSampling(sampling, inputSize: size, method: .cubic)
      return Interpolator(voxels: Array(blurred.elements), sampling: prepared, pool: pool)
        .interpolated(pool: pool)
    }
  }

  private func filtered(
    _ voxels: UnsafePointer<Float>, by filters: [LineFilter?], pool: WorkerPool
  ) throws(WorkersError) -> AlignedBuffer<Float> {
    try SeparableFilter(size: size, filters: filters).run(
      voxels, pool: pool, isCancelled: { false })
  }

  private func blur(axis: Int) -> LineFilter? {
    guard sigmas[axis] > 0 else { return nil }
    var filter = LineFilter(length: size[axis])
    filter.append(.taps(.gaussian(sigma: sigmas[axis], length: size[axis])))
    return filter
  }

  private func filter(axis: Int, positions: SeparableSampling.Axis) -> LineFilter? {
    let blur = blur(axis: axis)
    guard !positions.isIdentity(inputSize: size[axis]) else { return blur }
    var filter = blur ?? LineFilter(length: size[axis])
    filter.append(.coefficients(order: 3, edge: .mirror))
    filter.append(
      .taps(.spline(.cubic, positions: positions.positions, length: size[axis])))
    return filter
  }

  /// From the order of the volume's axes to that of the measured grid's.
  private func ordered(
    _ values: UnsafePointer<Float>, _ separable: SeparableSampling
  ) -> [Float] {
    let (box, strides) = (separable.sizeAlongInputAxes, separable.outputStrides)
    var result = [Float](repeating: 0, count: box.x * box.y * box.z)
    var index = 0
    for k in 0..<box.z {
      for j in 0..<box.y {
        for i in 0..<box.x {
          result[i * strides.x + j * strides.y + k * strides.z] = values[index]
          index += 1
        }
      }
    }
    return result
  }
}
