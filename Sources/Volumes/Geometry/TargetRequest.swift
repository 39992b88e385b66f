import Files

/// What a user may ask for as the grid of the result.
public enum TargetRequest: Sendable, Equatable {
  /// Factors along i, j, k, each 1 or more; sizes are products cut to whole voxels.
  case scale(SIMD3<Double>)
  /// Spacings in millimetres, met exactly.
  case spacing(SIMD3<Double>)
  /// The finest spacing of the input on all axes, met exactly.
  case isotropic
  /// Voxels along i, j, k.
  case size(SIMD3<Int>)
  /// The grid of another file.
  case like(Grid)
}

/// Which place the header of the result gives it.
public enum HeaderPlacement: Sendable, Equatable {
  /// The true one: the field of view of the input.
  case fieldOfView
  /// That of the published script: the origin of the input's first voxel and spacing / factor,
  /// which displaces the image by up to half an input voxel. For comparison with its files.
  case published
}

/// A target grid and where its voxels lie in the input.
public struct SamplingPlan: Sendable, Equatable {
  /// Size and place of the result.
  public var grid: Grid
  /// The result's voxels in input coordinates, whatever ``HeaderPlacement`` was asked for.
  public var sampling: Sampling
  /// Voxels of the result outside the input's field of view; they are 0 in the result.
  public var outsideCount: Int
  /// What the user should know.
  public var notices: [Notice]

  /// Whether axis i of the result runs along axis i of the input, and so on.
  public var keepsAxes: Bool { sampling.separable?.isAxisAligned ?? false }
}

extension Grid {
  /// Plans the target for this grid as input.
  ///
  /// - `scale`: `n_out = max(1, trunc(n * s))`, the product in double as in the published program;
  ///   the field of view stays and the spacing follows. A product within 1e-6 below a whole number
  ///   brings a notice, because it lost a voxel (45 * 1.4 gives 62).
  /// - `size`: the field of view stays.
  /// - `spacing`, `isotropic`: the spacing is met exactly, `n_out = floor(n d / t + 0.5)`, the outer
  ///   corner of the first voxel stays and the far edge moves by at most half a new voxel. An
  ///   axis whose spacing is asked for to within 1e-6 (or is coarser by less than 1e-4, as when
  ///   typed with three decimals) keeps its voxels.
  /// - `like`: that grid's size, forms and codes.
  ///
  /// - Parameters:
  ///   - request: The wish.
  ///   - placement: What the header says; the voxels are the same.
  /// - Returns: The target's grid, its positions in this grid, and what the user should know.
  /// - Throws: ``GridError`` if the target is coarser on an axis (not for `like`), has no sense or
  ///   no voxel in the input.
  public func target(
    _ request: TargetRequest, placement: HeaderPlacement = .fieldOfView
  ) throws(GridError) -> SamplingPlan {
    switch request {
    case .scale(let factors):
      let (rules, notices) = try scaleRules(factors)
      return plan(rules, placement, publishedFactors: 1 / factors, notices)
    case .size(let newSize):
      return try plan(sizeRules(newSize), placement)
    case .spacing(let spacings):
      return try plan(spacingRules(spacings, option: .spacing), placement)
    case .isotropic:
      let finest = SIMD3(repeating: affine.columnNorms.min())
      return try plan(spacingRules(finest, option: .isotropic), placement)
    case .like(let reference):
      guard placement == .fieldOfView else { throw .publishedHeaderOfReference }
      return try planLike(reference)
    }
  }

  // MARK: - Rules per axis

  private func scaleRules(
    _ factors: SIMD3<Double>
  ) throws(GridError) -> ([AxisRule], [Notice]) {
    var sizes = SIMD3<Double>.zero
    var notices: [Notice] = []
    for axis in 0..<3 {
      let factor = factors[axis]
      guard factor > 0, factor.isFinite else {
        throw .notPositive(option: .scale, axis: axis, value: factor)
      }
      guard factor >= 1 else {
        throw .coarser(option: .scale, axis: axis, requested: factor, input: 1)
      }
      let product = Double(size[axis]) * factor
      sizes[axis] = product.rounded(.towardZero)
      let lost = product.rounded(.up) - product
      if lost > 0, lost <= 1e-6 {
        notices.append(
          Notice(
            code: "usage.target", subject: TargetOption.scale.rawValue,
            message: "\(size[axis]) voxels times \(GridError.text(factor)) is a little below "
              + "\(Int(product.rounded(.up))) in binary, so axis \(GridError.letter(axis)) gets "
              + "\(Int(sizes[axis])) voxels as in the published program (use --size for another "
              + "number)"))
      }
    }
    return (try rules(sizes, steps: nil, option: .scale), notices)
  }

  private func sizeRules(_ newSize: SIMD3<Int>) throws(GridError) -> [AxisRule] {
    for axis in 0..<3 {
      guard newSize[axis] > 0 else {
        throw .notPositive(option: .size, axis: axis, value: Double(newSize[axis]))
      }
      guard newSize[axis] >= size[axis] else {
        throw .coarser(
          option: .size, axis: axis, requested: Double(newSize[axis]), input: Double(size[axis]))
      }
    }
    return try rules(SIMD3<Double>(newSize), steps: nil, option: .size)
  }

  private func spacingRules(
    _ spacings: SIMD3<Double>, option: TargetOption
  ) throws(GridError) -> [AxisRule] {
    let present = affine.columnNorms
    var steps = SIMD3<Double>.zero
    var sizes = SIMD3<Double>.zero
    for axis in 0..<3 {
      guard spacings[axis] > 0, spacings[axis].isFinite else {
        throw .notPositive(option: option, axis: axis, value: spacings[axis])
      }
      let step = spacings[axis] / present[axis]
      guard step <= 1 + Sampling.sameStep else {
        throw .coarser(
          option: option, axis: axis, requested: spacings[axis], input: present[axis])
      }
      steps[axis] = step >= 1 - 1e-6 ? 1 : step
      sizes[axis] = (Double(size[axis]) / steps[axis] + 0.5).rounded(.down)
    }
    return try rules(sizes, steps: steps, option: option)
  }

  /// Turns sizes that may still be absurd into rules, once they are known to be countable.
  private func rules(
    _ sizes: SIMD3<Double>, steps: SIMD3<Double>?, option: TargetOption
  ) throws(GridError) -> [AxisRule] {
    for axis in 0..<3 where sizes[axis] > Double(Self.largestAxis) {
      throw .tooLarge(option: option, size: sizes)
    }
    // Bytes of a file of float64 must be countable: nothing below needs overflow checks then.
    guard sizes.x * sizes.y * sizes.z < 0x1p56 else {
      throw .tooLarge(option: option, size: sizes)
    }
    return (0..<3).map { axis in
      AxisRule(
        inputSize: size[axis], outputSize: max(1, Int(sizes[axis])), exactStep: steps?[axis])
    }
  }

  // MARK: - Plans

  private func plan(
    _ rules: [AxisRule], _ placement: HeaderPlacement, publishedFactors: SIMD3<Double>? = nil,
    _ notices: [Notice] = []
  ) -> SamplingPlan {
    let axes = rules.enumerated().map { axis, rule in
      SeparableSampling.Axis(
        positions: rule.positions, outputAxis: axis, inputSize: rule.inputSize)
    }
    var grid = resampled(rules)
    var notices = notices
    if placement == .published {
      let factors = publishedFactors ?? SIMD3(rules[0].step, rules[1].step, rules[2].step)
      grid = withPublishedPlacement(size: grid.size, factors: factors)
      let shift = SIMD3(rules[0].start, rules[1].start, rules[2].start)
      notices.append(
        Notice(
          code: "volume.affine", subject: "--header-compat",
          message: "the header has the published program's origin, which displaces the image by "
            + "\(GridError.text(-shift.x)), \(GridError.text(-shift.y)), "
            + "\(GridError.text(-shift.z)) input voxels; use it for comparison only"))
    }
    return SamplingPlan(
      grid: grid, sampling: .separable(SeparableSampling(axes: axes)), outsideCount: 0,
      notices: notices + grid.precisionNotices)
  }
}
