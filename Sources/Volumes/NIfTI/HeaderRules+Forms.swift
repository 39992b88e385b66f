import Files

extension HeaderRules {
  /// The place of the voxels: the sform if its code says so, else the qform, else the spacings.
  ///
  /// The form that counts must be usable. A qform beside an sform is dropped with a warning if it
  /// is not.
  mutating func grid(size: SIMD3<Int>) throws(VolumeError.Cause) -> Grid {
    for (field, code) in [("sform_code", raw.sformCode), ("qform_code", raw.qformCode)]
    where !(0...5).contains(code) {
      throw .affine(.code(field: field, value: code))
    }
    if raw.sformCode > 0 { return try gridOfSform(size: size) }
    if raw.qformCode > 0 {
      let form = try quaternionForm()
      try Self.check(form.affine, form: "qform")
      warnOfQuaternionSpacing()
      return Grid(
        size: size, spacing: form.spacing,
        qform: PlacedAffine(affine: form.affine, code: raw.qformCode))
    }
    for axis in 0..<3 where !(raw.pixdim[axis + 1] > 0 && raw.pixdim[axis + 1].isFinite) {
      throw .affine(.spacing(axis: axis, value: raw.pixdim[axis + 1]))
    }
    let spacing = SIMD3(raw.pixdim[1], raw.pixdim[2], raw.pixdim[3])
    try Self.check(Affine(diagonal: spacing), form: "pixdim")
    warn(
      "volume.orientation",
      "has neither sform nor qform: the orientation is unknown (spacing by pixdim, origin 0)")
    return Grid(size: size, spacing: spacing)
  }

  private mutating func gridOfSform(size: SIMD3<Int>) throws(VolumeError.Cause) -> Grid {
    let rows = (0..<3).map { row in
      SIMD4(
        raw.srow[4 * row], raw.srow[4 * row + 1], raw.srow[4 * row + 2], raw.srow[4 * row + 3])
    }
    let affine = Affine(rows: rows[0], rows[1], rows[2])
    try Self.check(affine, form: "sform")
    let norms = affine.columnNorms
    for axis in 0..<3
    where !(abs(abs(raw.pixdim[axis + 1]) - norms[axis]) <= 0.01 * norms[axis]) {
      warn(
        "volume.pixdim",
        "pixdim[\(axis + 1)] is \(raw.pixdim[axis + 1]), but the sform has \(norms[axis]) mm "
          + "(sform counts)")
    }
    var grid = Grid(
      size: size, spacing: norms, sform: PlacedAffine(affine: affine, code: raw.sformCode))
    guard raw.qformCode > 0 else { return grid }
    do throws(VolumeError.Cause) {
      let form = try quaternionForm()
      try Self.check(form.affine, form: "qform")
      warnOfQuaternionSpacing()
      grid.spacing = form.spacing
      grid.qform = PlacedAffine(affine: form.affine, code: raw.qformCode)
    } catch {
      warn("volume.affine", "qform is dropped, the sform counts: \(error.message)")
    }
    return grid
  }

  private func quaternionForm() throws(VolumeError.Cause) -> QuaternionForm {
    guard (raw.quaternion + raw.qoffset).allSatisfy(\.isFinite) else {
      throw .affine(.notFinite(form: "qform (quaternion, qoffset)"))
    }
    let squaredLength = raw.quaternion.reduce(0) { $0 + $1 * $1 }
    guard squaredLength <= 1 + 1e-5 else {
      throw .affine(.quaternion(squaredLength: squaredLength))
    }
    for axis in 0..<3 where !raw.pixdim[axis + 1].isFinite || raw.pixdim[axis + 1] == 0 {
      throw .affine(.spacing(axis: axis, value: raw.pixdim[axis + 1]))
    }
    return QuaternionForm(
      b: raw.quaternion[0], c: raw.quaternion[1], d: raw.quaternion[2],
      qfac: raw.pixdim[0] < 0 ? -1 : 1,
      offset: SIMD3(raw.qoffset[0], raw.qoffset[1], raw.qoffset[2]),
      spacing: SIMD3(abs(raw.pixdim[1]), abs(raw.pixdim[2]), abs(raw.pixdim[3])))
  }

  private mutating func warnOfQuaternionSpacing() {
    if ![-1, 0, 1].contains(raw.pixdim[0]) {
      warn(
        "volume.pixdim",
        "pixdim[0] (qfac) is \(raw.pixdim[0]), should be -1 or 1 (only its sign counts)")
    }
    for axis in 1...3 where raw.pixdim[axis] < 0 {
      warn(
        "volume.pixdim",
        "pixdim[\(axis)] is \(raw.pixdim[axis]), should be above 0 (its size counts)")
    }
  }

  /// Whether an affine places voxels: finite, with voxel sizes in 1e-6...1e6 mm, and three axes
  /// that do not nearly lie in a plane.
  private static func check(_ affine: Affine, form: String) throws(VolumeError.Cause) {
    guard affine.isFinite else { throw .affine(.notFinite(form: form)) }
    let norms = affine.columnNorms
    for axis in 0..<3 where !(1e-6...1e6).contains(norms[axis]) {
      throw .affine(.columnNorm(form: form, axis: axis, value: norms[axis]))
    }
    guard abs(affine.determinant) > 1e-6 * norms.x * norms.y * norms.z else {
      throw .affine(.singular(form: form))
    }
  }
}
