import Files
import FusedInference
import Networks
import Volumes

extension DescribedModel {
  /// The network, if it is one of ArSSR.
  var arssr: ArSSRNetwork? {
    guard case .arssr(let network) = network else { return nil }
    return network
  }

  /// The network, if it is one of the systems that ArSSR is compared with.
  var related: RelatedNetwork? {
    guard case .related(let network) = network else { return nil }
    return network
  }

  /// The gradient filters, if it holds such.
  var filters: GradientFilters? {
    guard case .filters(let filters) = network else { return nil }
    return filters
  }

  /// How intensities are brought to the network's range.
  var normalisation: Normalisation {
    let text =
      switch network {
      case .arssr(let network): network.variants.normalisation
      case .related(let network): network.normalisation
      case .filters: GradientFilters.normalisation
      }
    return Normalisation(text) ?? .none
  }

  /// The blur of the input that the model takes into account: what was given or its default; nil
  /// for models that know nothing of it.
  func blur(given: InputBlur?) -> InputBlur? {
    arssr?.variants.condition.defaultBlur.map { given ?? .uniform($0) }
  }

  /// The grid that the model makes of an input.
  ///
  /// - Parameters:
  ///   - wish: What was asked for.
  ///   - isDefault: Whether nobody asked for it.
  ///   - grid: The input's.
  ///   - placement: What the header says.
  /// - Returns: The grid and the places of its voxels.
  /// - Throws: ``GridError``.
  func target(
    _ wish: TargetRequest, isDefault: Bool, of grid: Grid, placement: HeaderPlacement
  ) throws(GridError) -> SamplingPlan {
    if let filters {
      return try filters.target(isDefault ? nil : wish, of: grid, placement: placement)
    }
    guard let related else { return try grid.target(wish, placement: placement) }
    if let factor = related.fixedFactor {
      return try grid.blockTarget(factor: factor, isDefault ? nil : wish)
    }
    return try grid.cornerTarget(wish, placement: placement)
  }

  /// Checks that a request has a sense for the model.
  func check(_ request: UpsampleRequest) throws(Failure) {
    let takesGuide = related?.images == 2
    var conflicts: [(isMet: Bool, options: [String], reason: String)] = [
      (
        request.guide != nil && !takesGuide, ["--guide"],
        "this model takes one image only; leave it out"
      ),
      (
        request.guide == nil && takesGuide, ["--model"],
        InferenceError.guideNeeded.message + ": --guide FILE"
      ),
    ]
    if let related {
      conflicts += [
        (request.blur != nil, ["--psf"], "this model has no input for the blur of the volume"),
        (request.tile != nil, ["--tile"], "this model decodes no points"),
        (
          request.computing.precision != .float32,
          ["--precision \(request.computing.precision.rawValue)"],
          "this model is computed in float32"
        ),
        (
          request.refinement.isEnsemble && related.fixedFactor != nil, ["--self-ensemble"],
          "this model's voxels lie at the low end of those of the input, so mirrored ones would not "
            + "meet them"
        ),
      ]
    }
    if filters != nil {
      conflicts += [
        (request.blur != nil, ["--psf"], "this model has no input for the blur of the volume"),
        (request.tile != nil, ["--tile"], "this model decodes no points"),
        (
          request.computing.precision != .float32,
          ["--precision \(request.computing.precision.rawValue)"],
          "this model is computed in float32"
        ),
        (
          request.refinement.isEnsemble, ["--self-ensemble"],
          "gradient filters are applied to the volume as it lies"
        ),
      ]
    }
    if let conflict = conflicts.first(where: \.isMet) {
      throw Failure(.conflict(options: conflict.options, reason: conflict.reason))
    }
  }
}

extension UpsampleRequest {
  /// The normalisation asked for, or that of the model's card.
  func normalisation(of model: DescribedModel) -> Normalisation {
    switch normalisation {
    case .given(let normalisation): normalisation
    case .card: model.normalisation
    }
  }
}
