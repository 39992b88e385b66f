/// What a checkpoint may hold; the raw value is that of `arssr.arch`.
public enum Architecture: String, Sendable, CaseIterable {
  /// Encoder and decoder of ArSSR; see ``ArSSRNetwork``.
  case arssr
  /// SRReCNN3D with one input image.
  case srrecnn3d
  /// SRReCNN3D with a second image of another contrast.
  case srrecnn3dMulti = "srrecnn3d-multi"
  /// SRCNN3D: 9-1-5, 9-3-5, 9-5-5.
  case srcnn3d
  /// DCSRN: one densely connected block.
  case dcsrn
  /// ResCNN as a network of one scale.
  case resCNN = "rescnn"
  /// 3D-ESPCN: works on the LR grid, pixel shuffle at the end.
  case espcn3d
  /// Learned gradient filters, no network.
  case gradientFilters = "gradfilter"
}
