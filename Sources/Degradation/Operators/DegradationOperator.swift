/// How a coarser volume is made from a finer one.
///
/// n is the number of voxels of an axis, s its factor, m the number that results, x(o) the place of
/// result voxel o in voxels of the input (integers are centres).
public enum DegradationOperator: String, Sendable, CaseIterable {
  /// Cubic B-spline over the same field of view: x(o) = (o + 1/2) n/m - 1/2, m = n/s rounded to even.
  case cubic
  /// Cubic B-spline between the outer centres, as scipy.ndimage.zoom has it and as the published
  /// networks were trained: x(o) = o (n - 1) / (m - 1), m = n/s rounded to even.
  case corner
  /// Quadratic B-spline on the samples as they are, which smooths, at the places of ``corner``: what
  /// gradient filters are learned on.
  case quadratic
  /// Cubic B-spline with an exact step: x(o) = (o + 1/2) s - 1/2, m = floor(n/s + 1/2).
  case exact
  /// Cubic B-spline from voxel 0 on: x(o) = o s, m = floor(n/s + 1/2).
  case origin
  /// A Gaussian slice profile along each axis that becomes coarser, then as ``exact``.
  case psf
  /// The centre of k-space over the same field of view: places as ``cubic``.
  case kspace
  /// The magnitude after zeroing all but the frequencies -h to h - 1, h = trunc(n / 2s), on the
  /// input's own grid.
  case kspaceBox = "kspace-box"
  /// Means of whole blocks of s voxels; s is a whole number, m = floor(n/s).
  case block
  /// Means over the extent of the new voxels, fractional: places as ``cubic``.
  case area
}

extension DegradationOperator {
  /// Whether it draws point samples, which a Gaussian may go before.
  var takesSigma: Bool { self == .cubic || self == .corner || self == .exact }
  /// Whether the width of its blur may be given in millimetres.
  var takesFullWidths: Bool { self == .psf || self == .corner }
}
