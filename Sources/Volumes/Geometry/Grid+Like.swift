import Files

/// How far float32 headers can displace a voxel that ought to lie on a line or a centre, in input
/// voxels; a map that is separable to within this is taken as separable.
private let headerRounding = 1e-4

extension Grid {
  /// Plans the target that is the grid of another file.
  ///
  /// The point of reference voxel v is A_in^-1 * A_ref * v, in double. Where that map exchanges,
  /// flips and scales axes only, up to what float32 headers lose, the sampling is separable.
  func planLike(_ reference: Grid) throws(GridError) -> SamplingPlan {
    let referenceSize = SIMD3<Double>(reference.size)
    guard referenceSize.max() <= Double(Self.largestAxis),
      referenceSize.x * referenceSize.y * referenceSize.z < 0x1p56
    else { throw .tooLarge(option: .like, size: referenceSize) }
    guard let inverse = affine.inverse else { throw .notInvertible }
    let map = inverse * reference.affine
    let sampling: Sampling =
      if let separable = separableSampling(of: map, referenceSize: reference.size) {
        .separable(separable)
      } else {
        .general(
          GeneralSampling(matrix: map, outputSize: reference.size, inputSize: size))
      }
    let inside = sampling.insideCount
    guard inside > 0 else { throw .noOverlap }
    let outside = reference.voxelCount - inside
    let grid = reference.refitted(size: reference.size, by: .identity)
    return SamplingPlan(
      grid: grid, sampling: sampling, outsideCount: outside,
      notices: coarseNotices(of: map) + outsideNotices(outside, of: reference.voxelCount)
        + grid.precisionNotices)
  }

  /// The sampling along input axes, or nil if some axis of the reference is oblique to them.
  private func separableSampling(
    of map: Affine, referenceSize: SIMD3<Int>
  ) -> SeparableSampling? {
    // The input axis that each reference axis follows most.
    let inputAxes = (0..<3).map { axis in
      (0..<3).max { abs(map.columns[axis][$0]) < abs(map.columns[axis][$1]) } ?? 0
    }
    guard inputAxes.sorted() == [0, 1, 2] else { return nil }
    let centre = SIMD3<Double>(referenceSize &- 1) / 2
    // What the axes contribute across, at most, counted from the middle of the grid.
    for row in 0..<3 {
      var drift = 0.0
      for axis in 0..<3 where inputAxes[axis] != row {
        drift += abs(map.columns[axis][row]) * centre[axis]
      }
      if drift > headerRounding { return nil }
    }
    let axes = (0..<3).map { inputAxis in
      let outputAxis = inputAxes.firstIndex(of: inputAxis) ?? inputAxis
      var point = centre
      let positions = (0..<referenceSize[outputAxis]).map { index in
        point[outputAxis] = Double(index)
        return map.apply(point)[inputAxis]
      }
      return SeparableSampling.Axis(
        positions: snapped(positions), outputAxis: outputAxis, inputSize: size[inputAxis])
    }
    return SeparableSampling(axes: axes)
  }

  /// Positions that are voxel centres up to what float32 headers lose become exactly those, so that
  /// an axis that is the input's own keeps its values bit for bit.
  private func snapped(_ positions: [Double]) -> [Double] {
    let centres = positions.map { $0.rounded() }
    let steps = zip(centres.dropFirst(), centres).map { $0 - $1 }
    guard zip(positions, centres).allSatisfy({ abs($0 - $1) <= headerRounding }),
      steps.allSatisfy({ abs($0) == 1 })
    else { return positions }
    return centres
  }

  private func coarseNotices(of map: Affine) -> [Notice] {
    let steps = map.columnNorms
    return (0..<3).filter { steps[$0] > 1.5 }.map { axis in
      Notice(
        code: "usage.target", subject: TargetOption.like.rawValue,
        message: "axis \(GridError.letter(axis)) of the grid steps by "
          + "\(GridError.text((steps[axis] * 100).rounded() / 100)) input voxels; values between "
          + "are left out, not averaged, so fine structure may alias")
    }
  }

  private func outsideNotices(_ outside: Int, of total: Int) -> [Notice] {
    guard outside > 0 else { return [] }
    return [
      Notice(
        code: "volume.overlap", subject: TargetOption.like.rawValue,
        message: "\(outside) of \(total) voxels lie outside the input and are set to 0")
    ]
  }

  /// Says so where float32, in which headers hold the place, is too coarse for it.
  var precisionNotices: [Notice] {
    let affine = self.affine
    let spacing = affine.columnNorms.min()
    let farthest = max(
      abs(affine.translation.x), abs(affine.translation.y), abs(affine.translation.z))
    let rounding = Double(Float(farthest).ulp)
    guard sform != nil || qform != nil, rounding > 1e-3 * spacing else { return [] }
    return [
      Notice(
        code: "volume.affine", subject: nil,
        message: "the origin lies \(GridError.text(farthest.rounded())) mm away, where the "
          + "header's float32 steps by \(GridError.text(rounding)) mm (voxel \(GridError.text(spacing)) mm): "
          + "the place of the result is rounded")
    ]
  }
}
