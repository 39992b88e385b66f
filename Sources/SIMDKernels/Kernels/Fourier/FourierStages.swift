import KernelInterface

// One stage of Stockham's algorithm, which needs no reordering: of n = m r numbers, s interleaved
// transforms of them, the element q + s (p + m k) goes, combined over k and turned by the twiddle p j, to
// q + s (r p + j). The next stage has n / r numbers and s r transforms.

/// Sizes of a stage and its twiddles.
struct FourierStage {
  let radix: Int
  let m: Int
  let s: Int
  let twiddles: UnsafePointer<Float>
}

/// All stages of `tables`, from `line` by turns into `other` and back.
///
/// - Returns: The line that holds the result.
@inline(__always)
func transform(_ line: ComplexLine, _ other: ComplexLine, _ tables: FourierTables) -> ComplexLine {
  var (source, target) = (line, other)
  var n = tables.stageLength
  var s = 1
  var twiddles = tables.twiddles
  for index in 0..<tables.stageCount {
    let radix = tables.radices[index]
    let stage = FourierStage(radix: radix, m: n / radix, s: s, twiddles: twiddles)
    switch radix {
    case 2: stage.runRadix2(source, target)
    case 3: stage.runRadix3(source, target)
    case 4: stage.runRadix4(source, target)
    default: stage.runRadix5(source, target)
    }
    twiddles += 2 * stage.m * (radix - 1)
    n = stage.m
    s *= radix
    (source, target) = (target, source)
  }
  return source
}

extension FourierStage {
  @inline(never)
  func runRadix2(_ source: ComplexLine, _ target: ComplexLine) {
    for p in 0..<m {
      let w = ComplexVector(repeating: twiddles + 2 * p)
      let x = source.from(s * p)
      let y = target.from(2 * s * p)
      for q in 0..<s {
        let (a, b) = (x[q], x[q + s * m])
        y[q] = a + b
        y[q + s] = (a - b) * w
      }
    }
  }

  @inline(never)
  func runRadix3(_ source: ComplexLine, _ target: ComplexLine) {
    // sin 60 degrees.
    let sine = broadcast(0.866_025_4)
    for p in 0..<m {
      let w1 = ComplexVector(repeating: twiddles + 4 * p)
      let w2 = ComplexVector(repeating: twiddles + 4 * p + 2)
      let x = source.from(s * p)
      let y = target.from(3 * s * p)
      for q in 0..<s {
        let (a, b, c) = (x[q], x[q + s * m], x[q + 2 * s * m])
        let sum = b + c
        let middle = a.adding(broadcast(-0.5), sum)
        let difference = b - c
        y[q] = a + sum
        y[q + s] = middle.addingTurned(sine, difference) * w1
        y[q + 2 * s] = middle.addingTurned(broadcast(0) - sine, difference) * w2
      }
    }
  }

  @inline(never)
  func runRadix4(_ source: ComplexLine, _ target: ComplexLine) {
    for p in 0..<m {
      let w1 = ComplexVector(repeating: twiddles + 6 * p)
      let w2 = ComplexVector(repeating: twiddles + 6 * p + 2)
      let w3 = ComplexVector(repeating: twiddles + 6 * p + 4)
      let x = source.from(s * p)
      let y = target.from(4 * s * p)
      for q in 0..<s {
        let (a, b) = (x[q], x[q + s * m])
        let (c, d) = (x[q + 2 * s * m], x[q + 3 * s * m])
        let (even, evenDifference) = (a + c, a - c)
        let (odd, oddDifference) = (b + d, b - d)
        let above = ComplexVector(
          evenDifference.re - oddDifference.im, evenDifference.im + oddDifference.re)
        let below = ComplexVector(
          evenDifference.re + oddDifference.im, evenDifference.im - oddDifference.re)
        y[q] = even + odd
        y[q + s] = above * w1
        y[q + 2 * s] = (even - odd) * w2
        y[q + 3 * s] = below * w3
      }
    }
  }

  @inline(never)
  func runRadix5(_ source: ComplexLine, _ target: ComplexLine) {
    // Of 72 and 144 degrees.
    let (c1, c2) = (broadcast(0.309_017), broadcast(-0.809_017))
    let (s1, s2) = (broadcast(0.951_056_54), broadcast(0.587_785_24))
    for p in 0..<m {
      let twiddle = twiddles + 8 * p
      let x = source.from(s * p)
      let y = target.from(5 * s * p)
      for q in 0..<s {
        let a = x[q]
        let (b, c) = (x[q + s * m], x[q + 2 * s * m])
        let (d, e) = (x[q + 3 * s * m], x[q + 4 * s * m])
        let (outer, outerDifference) = (b + e, b - e)
        let (inner, innerDifference) = (c + d, c - d)
        let first = a.adding(c1, outer).adding(c2, inner)
        let second = a.adding(c2, outer).adding(c1, inner)
        let zero = ComplexVector(broadcast(0), broadcast(0))
        let turnedFirst = zero.adding(s1, outerDifference).adding(s2, innerDifference)
        let turnedSecond = zero.adding(s2, outerDifference)
          .adding(broadcast(0) - s1, innerDifference)
        let one = broadcast(1)
        y[q] = a + outer + inner
        y[q + s] = first.addingTurned(one, turnedFirst) * ComplexVector(repeating: twiddle)
        y[q + 2 * s] =
          second.addingTurned(one, turnedSecond) * ComplexVector(repeating: twiddle + 2)
        y[q + 3 * s] =
          second.addingTurned(broadcast(-1), turnedSecond) * ComplexVector(repeating: twiddle + 4)
        y[q + 4 * s] =
          first.addingTurned(broadcast(-1), turnedFirst) * ComplexVector(repeating: twiddle + 6)
      }
    }
  }
}
