/// A map with the NIfTI code that says which space it leads to (1 scanner, 2 aligned, 3 Talairach,
/// 4 MNI 152, 5 other template).
public struct PlacedAffine: Equatable, Sendable {
  /// Voxel index to millimetres.
  public var affine: Affine
  /// The NIfTI xform code, 1...5.
  public var code: Int

  /// Pairs a map with its code.
  public init(affine: Affine, code: Int) {
    self.affine = affine
    self.code = code
  }
}

/// A voxel grid placed in scanner space: size, and the two forms in which a NIfTI header may hold
/// its place.
public struct Grid: Equatable, Sendable {
  /// Voxels along i, j, k; every entry is at least 1.
  public var size: SIMD3<Int>
  /// `pixdim[1...3]` in millimetres, as positive numbers; it belongs to the qform, and places the
  /// grid only where both forms are absent.
  public var spacing: SIMD3<Double>
  /// The sform, nil where its code is 0.
  public var sform: PlacedAffine?
  /// The qform, nil where its code is 0; its columns are perpendicular.
  public var qform: PlacedAffine?

  /// Places a grid by what a header holds.
  public init(
    size: SIMD3<Int>, spacing: SIMD3<Double>, sform: PlacedAffine? = nil,
    qform: PlacedAffine? = nil
  ) {
    self.size = size
    self.spacing = spacing
    self.sform = sform
    self.qform = qform
  }

  /// Places a grid by an sform alone; the spacing is that of its columns.
  public init(size: SIMD3<Int>, affine: Affine, code: Int = 1) {
    self.init(
      size: size, spacing: affine.columnNorms, sform: PlacedAffine(affine: affine, code: code))
  }

  /// The map that counts: the sform, else the qform, else the spacings with origin 0.
  public var affine: Affine {
    sform?.affine ?? qform?.affine ?? Affine(diagonal: spacing)
  }

  /// The number of voxels.
  public var voxelCount: Int { size.x * size.y * size.z }

  /// The patient axis that each voxel axis follows, for example "RAS"; nil where no form says.
  public var orientation: String? {
    (sform ?? qform).map(\.affine.orientation)
  }
}
