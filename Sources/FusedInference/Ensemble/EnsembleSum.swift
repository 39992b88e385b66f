import Volumes
import Workers

/// Mean and spread of several results of one target, added plane by plane.
///
/// By Welford's formula, in float32 and in the order of the results: with d = x - mean, mean += d /
/// n, squares += d (x - mean). Sums of squares would lose what is looked for, a spread far below
/// the mean.
public final class EnsembleSum {
  /// The mean of what was added.
  public let mean: AlignedBuffer<Float>

  private let squares: AlignedBuffer<Float>?
  private var members = 0
  private var (start, steps) = (0, SIMD3<Int>.zero)
  private var size = SIMD3<Int>.zero
  /// Rows, or voxels in order, that came of the present result.
  private var next = 0

  /// Makes room for a target.
  ///
  /// - Parameters:
  ///   - count: Voxels.
  ///   - hasSpread: Whether the spread is wanted, which takes as much memory again.
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  public init(count: Int, hasSpread: Bool) throws(WorkersError) {
    mean = try AlignedBuffer(count: count)
    squares = hasSpread ? try AlignedBuffer(count: count) : nil
  }

  /// Begins the next result.
  public func begin(_ placement: TurnedSampling) {
    (start, steps) = (placement.start, placement.steps)
    size = placement.sampling.outputSize
    members += 1
    next = 0
  }

  /// Adds planes of the present result, in its order.
  public func add(_ planes: UnsafeBufferPointer<Float>) {
    let weight = 1 / Float(members)
    let rows = planes.count / size.x
    for row in 0..<rows {
      let (k, j) = (next + row).quotientAndRemainder(dividingBy: size.y)
      var index = start + j * steps.y + k * steps.z
      for i in 0..<size.x {
        let value = planes[row * size.x + i]
        let old = mean.pointer[index]
        let difference = value - old
        let new = old + difference * weight
        mean.pointer[index] = new
        if let squares { squares.pointer[index] += difference * (value - new) }
        index += steps.x
      }
    }
    next += rows
  }

  /// Takes planes of the only result, which come in the target's own order.
  public func addInOrder(_ planes: UnsafeBufferPointer<Float>) {
    _ = UnsafeMutableBufferPointer(rebasing: mean.elements[next..<(next + planes.count)])
      .update(fromContentsOf: planes)
    next += planes.count
  }

  /// Turns the spread into standard deviations (divisor: results - 1), in place.
  ///
  /// - Returns: nil where no spread was wanted.
  public func standardDeviations() -> AlignedBuffer<Float>? { eachSpread { $0.squareRoot() } }

  /// Turns the spread into errors to expect, in place: the root of floor^2 + (factor * standard
  /// deviation)^2.
  ///
  /// Where all results are the same to the last bit, as where a background was kept and not computed,
  /// no error is expected, and 0 remains.
  ///
  /// - Parameters:
  ///   - floor: The error where there is nearly no spread, in the result's units.
  ///   - factor: Error per spread.
  /// - Returns: nil where no spread was wanted.
  public func expectedErrors(floor: Float, factor: Float) -> AlignedBuffer<Float>? {
    eachSpread { variance in
      variance > 0 ? (floor * floor + factor * factor * variance).squareRoot() : 0
    }
  }

  /// Replaces every sum of squares by what is made of its variance.
  private func eachSpread(_ made: (Float) -> Float) -> AlignedBuffer<Float>? {
    guard let squares, members > 1 else { return squares }
    let divisor = Float(members - 1)
    for index in 0..<squares.count {
      squares.pointer[index] = made(max(0, squares.pointer[index] / divisor))
    }
    return squares
  }
}
