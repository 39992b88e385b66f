/// Fourier transforms of the columns of an image, in float32.
///
///     target[k][c] = sum over j of factor[j][c] source[j][c] exp(2 pi i j k / n)
///
/// Images are planes of real and of imaginary parts, row by row; nothing is divided. Exchanging real
/// and imaginary parts of source and of target gives the other direction. Columns lie beside each
/// other as lanes, so any length costs each column the same, and a column's result does not depend
/// on its neighbours. Source and target may be one image.
public struct FourierArguments {
  /// A complex image to read.
  public struct Source {
    /// Real parts.
    public var real: UnsafePointer<Float>
    /// Imaginary parts.
    public var imaginary: UnsafePointer<Float>

    /// Makes the value from its parts.
    public init(real: UnsafePointer<Float>, imaginary: UnsafePointer<Float>) {
      self.real = real
      self.imaginary = imaginary
    }
  }

  /// A complex image to write.
  public struct Target {
    /// Real parts.
    public var real: UnsafeMutablePointer<Float>
    /// Imaginary parts.
    public var imaginary: UnsafeMutablePointer<Float>

    /// Makes the value from its parts.
    public init(real: UnsafeMutablePointer<Float>, imaginary: UnsafeMutablePointer<Float>) {
      self.real = real
      self.imaginary = imaginary
    }
  }

  /// What is transformed.
  public var source: Source
  /// Real factors of the source, in its layout; nil: 1.
  public var factor: UnsafePointer<Float>?
  /// Where the result goes.
  public var target: Target
  /// Floats from a row to the next, of all images.
  public var rowStride: Int
  /// Columns, a multiple of ``FeatureLayout/channelGranule``.
  public var columns: Int
  /// The length, with its tables.
  public var tables: FourierTables
  /// At least `tables.scratchFloats` floats, owned by the calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    source: Source, factor: UnsafePointer<Float>?, target: Target, rowStride: Int, columns: Int,
    tables: FourierTables, scratch: UnsafeMutablePointer<Float>
  ) {
    self.source = source
    self.factor = factor
    self.target = target
    self.rowStride = rowStride
    self.columns = columns
    self.tables = tables
    self.scratch = scratch
  }
}

/// A length and what its transforms multiply by.
///
/// Lengths without prime factors above 5 go through stages of radix 4, 2, 3 and 5. Others are a
/// convolution with a chirp (Bluestein), by transforms of a longer such length:
///
///     X[k] = chirp[k] sum over j of (x[j] chirp[j]) conj(chirp[k - j])
public struct FourierTables {
  /// Numbers per column.
  public var length: Int
  /// The length of the stages: `length`, or that of the convolution.
  public var stageLength: Int
  /// The radix of each stage; their product is `stageLength`.
  public var radices: UnsafePointer<Int>
  /// How many stages there are.
  public var stageCount: Int
  /// Stage by stage, of n = m * r numbers: for p in 0..<m and k in 1..<r the real and imaginary part
  /// of exp(2 pi i p k / n).
  public var twiddles: UnsafePointer<Float>
  /// exp(pi i j^2 / length), real and imaginary part, for j in 0..<length; nil: no convolution.
  public var chirp: UnsafePointer<Float>?
  /// The transform of the conjugate chirp, divided by `stageLength`: that many pairs.
  public var chirpSpectrum: UnsafePointer<Float>?

  /// Floats of scratch: two columns of complex numbers, of as many lanes as any vector has.
  public var scratchFloats: Int { 4 * stageLength * FeatureLayout.channelGranule }

  /// Makes the value from its parts.
  public init(
    length: Int, stageLength: Int, radices: UnsafePointer<Int>, stageCount: Int,
    twiddles: UnsafePointer<Float>, chirp: UnsafePointer<Float>?,
    chirpSpectrum: UnsafePointer<Float>?
  ) {
    self.length = length
    self.stageLength = stageLength
    self.radices = radices
    self.stageCount = stageCount
    self.twiddles = twiddles
    self.chirp = chirp
    self.chirpSpectrum = chirpSpectrum
  }
}
