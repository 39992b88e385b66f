import KernelInterface
import Networks

/// Options of a run that not all networks take.
public struct NetworkOptions: Sendable {
  /// Whether there is an image of another contrast.
  public var hasGuide = false
  /// Whether the blur of the input is stated.
  public var hasBlur = false
  /// Whether the number of points that are decoded together is stated.
  public var hasTile = false
  /// Whether tiles are to be computed each by itself.
  public var hasSeparateTile = false
  /// The option that asks for the input to be computed in several ways; nil: none does.
  public var ensembleOption: String?

  /// Nothing but a target.
  public init() {}
}

/// An option that has no meaning for a network.
public enum UntakenOption: Sendable, Equatable {
  /// The network takes one image.
  case guide
  /// The network is told no blur.
  case blur
  /// The network decodes no points.
  case tile
  /// The network's published program has no tiles.
  case separateTile
  /// The network is computed in float32.
  case precision(Precision)
  /// The network's voxels lie at the low end of those of the input.
  case ensembleOfLowEnds(option: String)
  /// Filters are applied to the volume as it lies.
  case ensembleOfFilters(option: String)

  /// The name of the option.
  var option: String {
    switch self {
    case .guide: "--guide"
    case .blur: "--psf"
    case .tile: "--tile"
    case .separateTile: "--tile-compat"
    case .precision(let precision): "--precision \(precision.rawValue)"
    case .ensembleOfLowEnds(let option), .ensembleOfFilters(let option): option
    }
  }

  /// Why it has none.
  var reason: String {
    switch self {
    case .guide: "this model takes one image only; leave it out"
    case .blur: "this model has no input for the blur of the volume"
    case .tile: "this model decodes no points"
    case .separateTile: "only the published program of 3D-ESPCN has such tiles; leave it out"
    case .precision: "this model is computed in float32"
    case .ensembleOfLowEnds:
      "this model's voxels lie at the low end of those of the input, so mirrored ones would not meet "
        + "them"
    case .ensembleOfFilters: "gradient filters are applied to the volume as it lies"
    }
  }
}

extension Network {
  /// Checks that options have a sense for the network.
  ///
  /// - Throws: ``InferenceError/notTaken(_:)`` or ``InferenceError/guideNeeded``.
  public func check(_ options: NetworkOptions) throws(InferenceError) {
    let takesGuide = related?.images == 2
    if options.hasGuide, !takesGuide { throw .notTaken(.guide) }
    if takesGuide, !options.hasGuide { throw .guideNeeded }
    if options.hasSeparateTile, related?.fixedFactor == nil { throw .notTaken(.separateTile) }
    guard arssr == nil else { return }
    if options.hasBlur { throw .notTaken(.blur) }
    if options.hasTile { throw .notTaken(.tile) }
    guard let option = options.ensembleOption else { return }
    if filters != nil { throw .notTaken(.ensembleOfFilters(option: option)) }
    if related?.fixedFactor != nil { throw .notTaken(.ensembleOfLowEnds(option: option)) }
  }
}
