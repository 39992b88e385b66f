/// Complex numbers of as many columns as a vector has lanes.
struct ComplexVector {
  var re: Vector
  var im: Vector

  @inline(__always)
  init(_ re: Vector, _ im: Vector) {
    self.re = re
    self.im = im
  }

  /// One number for all columns.
  @inline(__always)
  init(repeating pair: UnsafePointer<Float>) {
    re = broadcast(pair[0])
    im = broadcast(pair[1])
  }

  @inline(__always)
  static func + (a: ComplexVector, b: ComplexVector) -> ComplexVector {
    ComplexVector(a.re + b.re, a.im + b.im)
  }

  @inline(__always)
  static func - (a: ComplexVector, b: ComplexVector) -> ComplexVector {
    ComplexVector(a.re - b.re, a.im - b.im)
  }

  @inline(__always)
  static func * (a: ComplexVector, b: ComplexVector) -> ComplexVector {
    ComplexVector(
      multiplyAdd(broadcast(0) - a.im * b.im, a.re, b.re), multiplyAdd(a.im * b.re, a.re, b.im))
  }

  /// `self + factor * other`.
  @inline(__always)
  func adding(_ factor: Vector, _ other: ComplexVector) -> ComplexVector {
    ComplexVector(multiplyAdd(re, factor, other.re), multiplyAdd(im, factor, other.im))
  }

  /// `self + i factor * other`.
  @inline(__always)
  func addingTurned(_ factor: Vector, _ other: ComplexVector) -> ComplexVector {
    ComplexVector(
      multiplyAdd(re, broadcast(0) - factor, other.im), multiplyAdd(im, factor, other.re))
  }
}

/// A column of complex vectors: real parts at `re`, imaginary parts at `im`.
struct ComplexLine {
  var re: UnsafeMutablePointer<Float>
  var im: UnsafeMutablePointer<Float>

  @inline(__always)
  subscript(index: Int) -> ComplexVector {
    get { ComplexVector(load(re + index * lanes), load(im + index * lanes)) }
    nonmutating set {
      store(newValue.re, to: re + index * lanes)
      store(newValue.im, to: im + index * lanes)
    }
  }

  /// The line from an element on.
  @inline(__always)
  func from(_ index: Int) -> ComplexLine {
    ComplexLine(re: re + index * lanes, im: im + index * lanes)
  }

  /// Real and imaginary parts exchanged: a transform of this is one in the other direction.
  @inline(__always) var exchanged: ComplexLine { ComplexLine(re: im, im: re) }
}
