extension GradientFilters {
  /// How the LR volumes of a source are made, in the words of `arssr degrade` where it makes the same.
  ///
  /// - Parameters:
  ///   - source: Of the volumes.
  ///   - factor: R.
  ///   - share: Which part of the frequencies along each axis is kept; nil: nobody says.
  /// - Returns: nil where the source alone does not tell.
  public static func degradation(_ source: Source, factor: Int, share: Int? = nil) -> String? {
    switch source {
    case .interpolation:
      return "quadratic spline without prefilter between the outer voxel centres (arssr degrade "
        + "--operator quadratic)"
    case .kspace:
      guard let share else { return nil }
      let words = share == factor ? " (arssr degrade --operator kspace)" : ""
      return "magnitude of the central 1/\(share) of the frequencies along each axis" + words
    }
  }
}
