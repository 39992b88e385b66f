import Glibc

/// Changes the length of lines by cutting, or filling up with zeros, the outer part of their
/// spectrum.
///
/// With X the spectrum of n samples and L = min(n, m), frequencies -h ... h are kept,
/// h = (L - 1) / 2. Where L is even, the frequency L / 2 has two places in the longer spectrum and
/// one in the shorter: going down both are added, going up it is shared. A shift of the samples by
/// d = (n/m - 1) / 2 (centred) is a factor exp(2 pi i k d / n) before that. Amplitudes are kept.
///
/// Two real lines go through one complex transform as its real and imaginary part: the whole is a
/// real matrix, so they stay apart.
struct SpectrumResize: Sendable, Equatable {
  let inputLength: Int
  let outputLength: Int
  /// `exp(2 pi i k d / n) / n` for k from 0 to L / 2.
  private let phases: [SIMD2<Double>]

  init(inputLength: Int, outputLength: Int, isCentred: Bool) {
    precondition(inputLength > 0 && outputLength > 0, "\(inputLength) to \(outputLength)")
    self.inputLength = inputLength
    self.outputLength = outputLength
    let n = Double(inputLength)
    let shift = isCentred ? (n / Double(outputLength) - 1) / 2 : 0
    phases = (0...(min(inputLength, outputLength) / 2)).map { frequency in
      let angle = 2 * Double.pi * Double(frequency) * shift / n
      return SIMD2(cos(angle), sin(angle)) / n
    }
  }

  /// Resizes eight lines.
  func apply(
    to line: UnsafePointer<SIMD8<Double>>, into result: UnsafeMutablePointer<SIMD8<Double>>,
    workspace: SpectrumWorkspace
  ) {
    let (samples, spectrum) = (workspace.first, workspace.second)
    for pair in 0..<4 {
      for index in 0..<inputLength {
        samples[index] = SIMD2(line[index][2 * pair], line[index][2 * pair + 1])
      }
      workspace.forward.transform(samples, into: spectrum)
      resize(spectrum, into: samples)
      workspace.inverse.transform(samples, into: spectrum)
      for index in 0..<outputLength {
        result[index][2 * pair] = spectrum[index].x
        result[index][2 * pair + 1] = spectrum[index].y
      }
    }
  }

  private func resize(
    _ x: UnsafePointer<SIMD2<Double>>, into y: UnsafeMutablePointer<SIMD2<Double>>
  ) {
    let (n, m) = (inputLength, outputLength)
    let shorter = min(n, m)
    let highest = (shorter - 1) / 2
    y.update(repeating: .zero, count: m)
    y[0] = product(x[0], phases[0])
    if highest > 0 {
      for frequency in 1...highest {
        y[frequency] = product(x[frequency], phases[frequency])
        y[m - frequency] = product(x[n - frequency], conjugate(phases[frequency]))
      }
    }
    guard shorter % 2 == 0 else { return }
    let middle = shorter / 2
    let phase = phases[middle]
    if m < n {
      y[middle] = product(x[middle], phase) + product(x[n - middle], conjugate(phase))
    } else if m > n {
      y[middle] = product(x[middle], phase) / 2
      y[m - middle] = product(x[middle], conjugate(phase)) / 2
    } else {
      y[middle] = product(x[middle], phase)
    }
  }
}

/// The complex product.
func product(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
  SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
}

/// The complex conjugate.
func conjugate(_ a: SIMD2<Double>) -> SIMD2<Double> { SIMD2(a.x, -a.y) }
