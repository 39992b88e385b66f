import Glibc
import KernelInterface

/// A length of Fourier transforms and the tables that the kernels read, which live as long as it does.
///
/// `@unchecked Sendable`: nothing changes after the initialiser.
final class FourierPlan: @unchecked Sendable {
  /// Points into the memory that this object owns.
  let tables: FourierTables

  private let radices: UnsafeMutableBufferPointer<Int>
  private let numbers: UnsafeMutableBufferPointer<Float>

  /// Prepares transforms of `length` numbers, 1 or more.
  init(length: Int) {
    precondition(length > 0, "length: \(length)")
    let direct = Self.radices(of: length)
    let stageLength = direct == nil ? Self.smoothLength(atLeast: 2 * length - 1) : length
    let stages = direct ?? Self.radices(of: stageLength) ?? []
    radices = Self.copy(stages)
    let twiddles = Self.twiddles(stages, length: stageLength)
    let chirp =
      direct == nil ? (0..<length).map { Self.chirp($0, length: length) } : []
    let spectrum = direct == nil ? Self.spectrum(of: chirp, length: stageLength) : []
    numbers = Self.copy((twiddles + chirp + spectrum).flatMap { [Float($0.x), Float($0.y)] })
    let first = UnsafePointer(numbers.baseAddress ?? Self.nothing)
    tables = FourierTables(
      length: length, stageLength: stageLength,
      radices: UnsafePointer(radices.baseAddress ?? Self.noRadices), stageCount: stages.count,
      twiddles: first, chirp: direct == nil ? first + 2 * twiddles.count : nil,
      chirpSpectrum: direct == nil ? first + 2 * (twiddles.count + length) : nil)
  }

  deinit {
    radices.deallocate()
    numbers.deallocate()
  }

  /// What the pointers of empty tables hold; never read.
  nonisolated(unsafe) private static let nothing = UnsafeMutablePointer<Float>.allocate(capacity: 1)
  nonisolated(unsafe) private static let noRadices = UnsafeMutablePointer<Int>.allocate(capacity: 1)

  private static func copy<Element>(_ values: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: values.count)
    _ = copy.initialize(from: values)
    return copy
  }

  /// The stages of a length, the largest radix first; nil if it has a prime factor above 5.
  private static func radices(of length: Int) -> [Int]? {
    var rest = length
    var radices: [Int] = []
    for radix in [4, 2, 3, 5] {
      while rest % radix == 0 {
        radices.append(radix)
        rest /= radix
      }
    }
    return rest == 1 ? radices : nil
  }

  private static func smoothLength(atLeast least: Int) -> Int {
    var length = least
    while radices(of: length) == nil { length += 1 }
    return length
  }

  /// exp(2 pi i numerator / denominator).
  private static func turn(_ numerator: Int, of denominator: Int) -> SIMD2<Double> {
    let angle = 2 * Double.pi * Double(numerator % denominator) / Double(denominator)
    return SIMD2(cos(angle), sin(angle))
  }

  private static func twiddles(_ radices: [Int], length: Int) -> [SIMD2<Double>] {
    var twiddles: [SIMD2<Double>] = []
    var n = length
    for radix in radices {
      for p in 0..<n / radix {
        for k in 1..<radix { twiddles.append(turn(p * k, of: n)) }
      }
      n /= radix
    }
    return twiddles
  }

  /// exp(pi i j^2 / n); the square is reduced first, so that the angle keeps its digits.
  private static func chirp(_ index: Int, length: Int) -> SIMD2<Double> {
    turn(index * index % (2 * length), of: 2 * length)
  }

  /// The transform of the conjugate chirp, continued to negative indices and divided by the length.
  private static func spectrum(of chirp: [SIMD2<Double>], length: Int) -> [SIMD2<Double>] {
    let turns = (0..<length).map { turn($0, of: length) }
    return (0..<length).map { frequency in
      var sum = SIMD2(chirp[0].x, -chirp[0].y)
      for index in 1..<chirp.count {
        // The terms of index and -index: their turns are conjugate.
        sum += SIMD2(chirp[index].x, -chirp[index].y) * (2 * turns[frequency * index % length].x)
      }
      return sum / Double(length)
    }
  }
}
