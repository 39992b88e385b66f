import Files

extension Grid {
  /// Plans a target whose corner voxels are those of this grid, as the systems of the deepBrain project
  /// sample: output index o of m lies at `o (n - 1) / (m - 1)` of n voxels.
  ///
  /// The step is not 1/s but `(n - 1) / (m - 1)`, and the header says so: written as spacing / s, the
  /// last voxel would lie up to one LR voxel from where it is. An axis of one voxel has nothing between
  /// corners: all its outputs are that voxel.
  ///
  /// - `scale`: `m = n s`, rounded to the nearest whole number, halves to even.
  /// - `spacing`, `isotropic`: the factors are the present spacings over those asked for, so the
  ///   resulting spacing is a little finer.
  /// - `size`: m.
  /// - `like`: that grid, if it is the one of its size.
  ///
  /// - Parameters:
  ///   - request: The wish.
  ///   - placement: `published` writes spacing / factor for comparison.
  /// - Returns: The target's grid, its positions in this grid, and what the user should know.
  /// - Throws: ``GridError``.
  public func cornerTarget(
    _ request: TargetRequest, placement: HeaderPlacement = .fieldOfView
  ) throws(GridError) -> SamplingPlan {
    switch request {
    case .scale(let factors):
      return try cornerTarget(
        factors: checkedFactors(factors, option: .scale), placement, option: .scale)
    case .spacing(let spacings):
      return try cornerTarget(
        factors: factors(of: spacings, option: .spacing), placement, option: .spacing)
    case .isotropic:
      let finest = SIMD3(repeating: affine.columnNorms.min())
      return try cornerTarget(
        factors: factors(of: finest, option: .isotropic), placement, option: .isotropic)
    case .size(let newSize):
      return try cornerTarget(size: newSize, placement, option: .size)
    case .like(let reference):
      guard placement == .fieldOfView else { throw .publishedHeaderOfReference }
      let plan = try cornerTarget(size: reference.size, placement, option: .like)
      try plan.grid.checkPlace(reference, keeps: .corners)
      return plan
    }
  }

  /// Plans a target of `factor` voxels for each of this grid along every axis, the first of which lies
  /// where that one does: output index o lies at o / factor, and the origin stays.
  ///
  /// - Parameters:
  ///   - factor: Of the network; at least 1.
  ///   - request: The wish, which must come to the same; nil where there is none.
  /// - Returns: The target's grid, its positions in this grid, and what the user should know.
  /// - Throws: ``GridError/fixedFactor(_:asked:)`` for any other wish.
  public func blockTarget(
    factor: Int, _ request: TargetRequest?
  ) throws(GridError) -> SamplingPlan {
    let newSize = size &* SIMD3(repeating: factor)
    let grid = refitted(
      size: newSize, by: Affine(diagonal: SIMD3(repeating: 1 / Double(factor))))
    if let request {
      let isMet =
        switch request {
        case .scale(let factors): factors == SIMD3(repeating: Double(factor))
        case .size(let wanted): wanted == newSize
        case .spacing(let wanted):
          (0..<3).allSatisfy {
            abs(grid.affine.columnNorms[$0] / wanted[$0] - 1) < Sampling.sameStep
          }
        case .isotropic: false
        case .like(let reference): reference.size == newSize
        }
      guard isMet else { throw .fixedFactor(factor, asked: request.option) }
      if case .like(let reference) = request { try grid.checkPlace(reference, keeps: .origin) }
    }
    guard newSize.max() <= Self.largestAxis else {
      throw .tooLarge(option: request?.option ?? .scale, size: SIMD3<Double>(newSize))
    }
    let axes = (0..<3).map { axis in
      var samples = SeparableSampling.Axis(
        positions: (0..<newSize[axis]).map { Double($0) / Double(factor) }, outputAxis: axis,
        inputSize: size[axis])
      // The last block's voxels are the network's as well, though beyond the last voxel's face.
      samples.inside = 0..<newSize[axis]
      return samples
    }
    return SamplingPlan(
      grid: grid, sampling: .separable(SeparableSampling(axes: axes)), outsideCount: 0,
      notices: grid.precisionNotices)
  }

  // MARK: - Checks

  private func checkedFactors(
    _ factors: SIMD3<Double>, option: TargetOption
  ) throws(GridError) -> SIMD3<Double> {
    for axis in 0..<3 {
      guard factors[axis] > 0, factors[axis].isFinite else {
        throw .notPositive(option: option, axis: axis, value: factors[axis])
      }
      guard factors[axis] >= 1 else {
        throw .coarser(option: option, axis: axis, requested: factors[axis], input: 1)
      }
    }
    return factors
  }

  private func factors(
    of spacings: SIMD3<Double>, option: TargetOption
  ) throws(GridError) -> SIMD3<Double> {
    var factors = SIMD3<Double>(repeating: 1)
    for axis in 0..<3 {
      let (wanted, present) = (spacings[axis], affine.columnNorms[axis])
      guard wanted > 0, wanted.isFinite else {
        throw .notPositive(option: option, axis: axis, value: wanted)
      }
      guard wanted <= present * (1 + Sampling.sameStep) else {
        throw .coarser(option: option, axis: axis, requested: wanted, input: present)
      }
      factors[axis] = wanted >= present * (1 - 1e-6) ? 1 : present / wanted
    }
    return factors
  }

  private func checkFiner(_ newSize: SIMD3<Int>, option: TargetOption) throws(GridError) {
    for axis in 0..<3 where newSize[axis] < size[axis] {
      throw .coarser(
        option: option, axis: axis, requested: Double(newSize[axis]), input: Double(size[axis]))
    }
  }

  /// Checks that a reference lies where this grid does, to within a twentieth of a voxel.
  ///
  /// - Parameters:
  ///   - reference: A grid of the same size.
  ///   - place: What this grid has of the input's.
  /// - Throws: ``GridError/elsewhere(_:keeps:)``.
  public func checkPlace(_ reference: Grid, keeps place: KeptPlace) throws(GridError) {
    guard coincides(with: reference) else {
      throw .elsewhere(fieldOfViewDistance(to: reference), keeps: place)
    }
  }

  // MARK: - Plans

  private func cornerTarget(
    factors: SIMD3<Double>, _ placement: HeaderPlacement, option: TargetOption
  ) throws(GridError) -> SamplingPlan {
    let sizes = (SIMD3<Double>(size) * factors).rounded(.toNearestOrEven)
    return try cornerPlan(sizes, factors: factors, placement, option: option)
  }

  private func cornerTarget(
    size newSize: SIMD3<Int>, _ placement: HeaderPlacement, option: TargetOption
  ) throws(GridError) -> SamplingPlan {
    try checkFiner(newSize, option: option)
    let sizes = SIMD3<Double>(newSize)
    return try cornerPlan(
      sizes, factors: sizes / SIMD3<Double>(size), placement, option: option)
  }

  private func cornerPlan(
    _ sizes: SIMD3<Double>, factors: SIMD3<Double>, _ placement: HeaderPlacement,
    option: TargetOption
  ) throws(GridError) -> SamplingPlan {
    guard sizes.max() <= Double(Self.largestAxis), sizes.x * sizes.y * sizes.z < 0x1p56 else {
      throw .tooLarge(option: option, size: sizes)
    }
    let newSize = SIMD3<Int>(Int(sizes.x), Int(sizes.y), Int(sizes.z))
    let rules = (0..<3).map { CornerRule(inputSize: size[$0], outputSize: newSize[$0]) }
    let axes = rules.enumerated().map { axis, rule in
      SeparableSampling.Axis(
        positions: rule.positions, outputAxis: axis, inputSize: rule.inputSize)
    }
    var notices: [Notice] = []
    let grid: Grid
    switch placement {
    case .fieldOfView:
      grid = refitted(
        size: newSize,
        by: Affine(diagonal: SIMD3(rules[0].step, rules[1].step, rules[2].step)))
    case .published:
      grid = withPublishedPlacement(size: newSize, factors: 1 / factors)
      let far = (0..<3).map { Double(newSize[$0] - 1) * (1 / factors[$0] - rules[$0].step) }
      notices.append(
        Notice(
          code: "volume.affine", subject: "--header-compat",
          message: "the header has the published program's spacing, which displaces the last voxel "
            + "by \(far.map(GridError.text).joined(separator: ", ")) input voxels; use it for "
            + "comparison only"))
    }
    return SamplingPlan(
      grid: grid, sampling: .separable(SeparableSampling(axes: axes)), outsideCount: 0,
      notices: notices + grid.precisionNotices)
  }
}

/// Where the samples of an axis lie whose first and last are those of the old one.
private struct CornerRule {
  var inputSize: Int
  var outputSize: Int

  private var hasSpan: Bool { inputSize > 1 && outputSize > 1 }

  /// The new spacing in old voxels; of an axis of one voxel its extent is shared.
  var step: Double {
    hasSpan
      ? Double(inputSize - 1) / Double(outputSize - 1) : Double(inputSize) / Double(outputSize)
  }

  /// The product comes before the quotient, so that the last one is exact.
  var positions: [Double] {
    (0..<outputSize).map {
      hasSpan ? Double($0 * (inputSize - 1)) / Double(outputSize - 1) : 0
    }
  }
}
