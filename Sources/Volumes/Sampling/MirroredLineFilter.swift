import Glibc

/// Multiplies the frequencies of lines that are mirrored at their outer centres, by summing over the
/// line.
///
/// With P = 2n - 2, the frequencies f_k = k / P, their gains G_k, and c = 1 for the first and the last
/// index and 2 for those between, the line x becomes
///
///     y_i = sum over j of c_j (g(i - j) + g(i + j)) / 2 x_j,
///     g(d) = 1 / P  sum over k of c_k G_k cos(2 pi k d / P)
///
/// Reversing a line reverses the result, so the sums of voxels that face each other and their
/// differences are filtered apart, by matrices of half the length: half the products. Direct sums take
/// eight lines at once and need no transform's tables; at 288 voxels they cost less than Fourier
/// transforms of 574 numbers, and volumes are rarely longer.
struct MirroredLineFilter: Sendable {
  private let length: Int
  /// Per output of the first half, weights of the sums of facing voxels; the middle voxel of an odd
  /// length is the last.
  private let ofSums: [Double]
  /// Per output of the first half, weights of the differences.
  private let ofDifferences: [Double]

  private var pairs: Int { length / 2 }
  /// Outputs and inputs that are told apart: pairs, and the middle voxel where there is one.
  private var places: Int { (length + 1) / 2 }

  /// - Parameters:
  ///   - length: Voxels of a line, 2 or more.
  ///   - gain: What a wave of so many cycles per voxel (0 to 1/2) is multiplied by.
  init(length: Int, gain: (_ frequency: Double) -> Double) {
    precondition(length >= 2, "length: \(length)")
    self.length = length
    let kernel = Self.kernel(length: length, gain)
    func weight(_ i: Int, _ j: Int) -> Double {
      let far = min(i + j, 2 * length - 2 - (i + j))
      let sum = kernel[abs(i - j)] + kernel[far]
      return j == 0 || j == length - 1 ? 0.5 * sum : sum
    }
    let (pairs, places) = (length / 2, (length + 1) / 2)
    var ofSums: [Double] = []
    var ofDifferences: [Double] = []
    for i in 0..<places {
      for j in 0..<pairs {
        let (near, facing) = (weight(i, j), weight(i, length - 1 - j))
        ofSums.append(0.5 * (near + facing))
        ofDifferences.append(0.5 * (near - facing))
      }
      if places > pairs {
        ofSums.append(weight(i, pairs))
        ofDifferences.append(0)
      }
    }
    self.ofSums = ofSums
    self.ofDifferences = ofDifferences
  }

  /// The values of g for all distances from 0 to n - 1.
  private static func kernel(length: Int, _ gain: (Double) -> Double) -> [Double] {
    let period = 2 * length - 2
    let cosines = (0..<period).map { cos(2 * Double.pi * Double($0) / Double(period)) }
    let gains = (0..<length).map { k in
      (k == 0 || k == length - 1 ? 1 : 2) * gain(Double(k) / Double(period)) / Double(period)
    }
    return (0..<length).map { distance in
      var total = 0.0
      for k in 0..<length { total += gains[k] * cosines[k * distance % period] }
      return total
    }
  }

  /// Filters eight lines in place.
  ///
  /// - Parameter line: The samples, and room for as many again.
  func apply(to line: LinePass.Line) {
    guard let samples = line.baseAddress else { return }
    let sums = samples + length
    let differences = sums + places
    for j in 0..<pairs {
      let (near, facing) = (samples[j], samples[length - 1 - j])
      sums[j] = near + facing
      differences[j] = near - facing
    }
    if places > pairs { sums[pairs] = samples[pairs] }
    ofSums.withUnsafeBufferPointer { ofSums in
      ofDifferences.withUnsafeBufferPointer { ofDifferences in
        for i in 0..<places {
          var (even, odd) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
          let row = i * places
          for j in 0..<pairs {
            even += ofSums[row + j] * sums[j]
            odd += ofDifferences[row + j] * differences[j]
          }
          if places > pairs { even += ofSums[row + pairs] * sums[pairs] }
          // The middle voxel faces itself: its difference is zero.
          samples[length - 1 - i] = even - odd
          samples[i] = even + odd
        }
      }
    }
  }
}
