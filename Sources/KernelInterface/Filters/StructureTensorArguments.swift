/// The gradient structure around the voxels of some rows of a plane, and the bucket of each voxel.
///
/// With g the differences (x[n+1] - x[n-1]) / 2 of a volume along i, j, k (x[1] - x[0] and its like at
/// the faces) and w a window of 2 r + 1 weights along each axis:
///
///     T = sum over the window of w g g^T,     T v = l1 v,     l1 >= l2 >= l3 >= 0
///     azimuth = atan2(v_j, v_i), polar = acos(v_k); v is turned so that azimuth lies in [0, pi)
///
/// A bucket is `((azimuth bin * polar bins + polar bin) * strength bins + strength bin) * coherence bins
/// + coherence bin`. Everything is double precision: a volume in float32 with float32 features puts
/// voxels near a border into the wrong bucket.
public struct StructureTensorArguments {
  /// The volume's elements.
  public enum Image {
    /// float32.
    case single(UnsafePointer<Float>)
    /// float64.
    case double(UnsafePointer<Double>)
  }

  /// The voxels that are worked on.
  public struct Region {
    /// Their plane.
    public var plane: Int
    /// Their rows.
    public var rows: Range<Int>
    /// Their columns.
    public var columns: Range<Int>

    /// Names a part of a plane.
    public init(plane: Int, rows: Range<Int>, columns: Range<Int>) {
      self.plane = plane
      self.rows = rows
      self.columns = columns
    }
  }

  /// The window.
  public struct Window {
    /// `2 * radius + 1` weights with sum 1.
    public var weights: UnsafePointer<Double>
    /// r.
    public var radius: Int

    /// Takes the weights.
    public init(weights: UnsafePointer<Double>, radius: Int) {
      self.weights = weights
      self.radius = radius
    }
  }

  /// Voxel (0, 0, 0), i fastest, without gaps.
  ///
  /// ``padding`` elements before and behind the volume must be readable.
  public var image: Image
  /// Voxels of the volume along i, j, k, at least 2 each.
  public var size: SIMD3<Int>
  /// Where; all of its windows lie in the volume.
  public var region: Region
  /// The window.
  public var window: Window
  /// How the structure becomes a bucket.
  public var bins: BucketTables
  /// Rows of ``rowStride(columns:)`` numbers for the region's voxels; nil: not wanted.
  public var strength: UnsafeMutablePointer<Double>?
  /// The same; infinite where there is no gradient at all.
  public var coherence: UnsafeMutablePointer<Double>?
  /// The same: l1, l2, l3, v_i, v_j, v_k, one set of rows behind the other.
  public var eigensystem: UnsafeMutablePointer<Double>?
  /// The same, of buckets.
  public var buckets: UnsafeMutablePointer<Int32>
  /// At least ``scratchCount(columns:radius:)`` numbers, owned by the calling worker.
  public var scratch: UnsafeMutablePointer<Double>

  /// Elements that must be readable before and behind the volume: vectors end beyond a row.
  public static var padding: Int { 16 }

  /// Numbers from a row of results to the next: whole vectors of any instruction set.
  public static func rowStride(columns: Int) -> Int { (columns + 7) / 8 * 8 }

  /// Numbers from a filtered row to the next.
  public static func filteredStride(columns: Int, radius: Int) -> Int {
    (columns + 2 * radius + 7) / 8 * 8 + 8
  }

  /// Numbers of scratch: six filtered products for as many rows as the window has, their sums, and a
  /// row of buckets.
  public static func scratchCount(columns: Int, radius: Int) -> Int {
    filteredStride(columns: columns, radius: radius) * 6 * (2 * radius + 2)
      + rowStride(columns: columns)
  }

  /// Makes the value from its parts.
  public init(
    image: Image, size: SIMD3<Int>, region: Region, window: Window, bins: BucketTables,
    strength: UnsafeMutablePointer<Double>? = nil, coherence: UnsafeMutablePointer<Double>? = nil,
    eigensystem: UnsafeMutablePointer<Double>? = nil, buckets: UnsafeMutablePointer<Int32>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    self.image = image
    self.size = size
    self.region = region
    self.window = window
    self.bins = bins
    self.strength = strength
    self.coherence = coherence
    self.eigensystem = eigensystem
    self.buckets = buckets
    self.scratch = scratch
  }
}

/// The borders between buckets.
public struct BucketTables {
  /// Bins of the azimuth.
  public var azimuthCount: Int
  /// cos and sin of the angles between its bins: `2 * (azimuthCount - 1)` numbers.
  public var azimuth: UnsafePointer<Double>
  /// Bins of the polar angle.
  public var polarCount: Int
  /// cos of the angles between its bins: `polarCount - 1` numbers.
  public var polar: UnsafePointer<Double>
  /// Bins of the strength.
  public var strengthCount: Int
  /// `strengthCount - 1` rising numbers; a value lies above those that are smaller than it.
  public var strength: UnsafePointer<Double>
  /// Bins of the coherence.
  public var coherenceCount: Int
  /// `coherenceCount - 1` rising numbers.
  public var coherence: UnsafePointer<Double>
  /// Whether the strength is l1 + l2 + l3 and not l1.
  public var usesTrace: Bool
  /// Whether the coherence is the fractional anisotropy and not that of the roots,
  /// (s1 - s2 - s3) / (s1 + s2 + s3) with s = sqrt(l).
  public var usesAnisotropy: Bool

  /// Makes the value from its parts.
  public init(
    azimuthCount: Int, azimuth: UnsafePointer<Double>, polarCount: Int,
    polar: UnsafePointer<Double>, strengthCount: Int, strength: UnsafePointer<Double>,
    coherenceCount: Int, coherence: UnsafePointer<Double>, usesTrace: Bool, usesAnisotropy: Bool
  ) {
    self.azimuthCount = azimuthCount
    self.azimuth = azimuth
    self.polarCount = polarCount
    self.polar = polar
    self.strengthCount = strengthCount
    self.strength = strength
    self.coherenceCount = coherenceCount
    self.coherence = coherence
    self.usesTrace = usesTrace
    self.usesAnisotropy = usesAnisotropy
  }
}
