/// Samples for ``OuterProductArguments``: the surroundings of voxels, i fastest, and behind them what the
/// voxels should become.
///
/// In float32 the value c of the voxel, rounded to float32, is taken off all of these and stands behind them;
/// in float64 nothing is taken off, and 0 stands there. Zeros fill the last panel.
public struct PatchSampleArguments {
  /// Where samples go, `[panel][sample][32]`.
  public enum Samples {
    /// float32.
    case single(UnsafeMutablePointer<Float>)
    /// float64.
    case double(UnsafeMutablePointer<Double>)
  }

  /// Voxel (0, 0, 0) of the image, i fastest; 16 elements behind the volume must be readable.
  public var image: UnsafePointer<Double>
  /// What the voxels should become, on the same grid.
  public var truth: UnsafePointer<Double>
  /// Elements from a row to the next.
  public var rowStride: Int
  /// Elements from a plane to the next.
  public var planeStride: Int
  /// Voxels of a patch per axis, odd.
  public var patch: Int
  /// Offsets of the voxels from the first one; their surroundings lie in the volume.
  public var voxels: UnsafePointer<Int>
  /// How many.
  public var count: Int
  /// The samples.
  public var samples: Samples
  /// Room for ``lineCount(patch:)`` numbers.
  public var line: UnsafeMutablePointer<Double>

  /// The form of sums over such samples.
  public static func panels(patch: Int) -> SymmetricPanels {
    SymmetricPanels(count: patch * patch * patch + 2)
  }

  /// Numbers of ``line``: a sample, and what a vector may write behind its last row.
  public static func lineCount(patch: Int) -> Int {
    panels(patch: patch).panelCount * SymmetricPanels.width + 16
  }

  /// Makes the value from its parts.
  public init(
    image: UnsafePointer<Double>, truth: UnsafePointer<Double>, rowStride: Int, planeStride: Int,
    patch: Int, voxels: UnsafePointer<Int>, count: Int, samples: Samples,
    line: UnsafeMutablePointer<Double>
  ) {
    self.image = image
    self.truth = truth
    self.rowStride = rowStride
    self.planeStride = planeStride
    self.patch = patch
    self.voxels = voxels
    self.count = count
    self.samples = samples
    self.line = line
  }
}
