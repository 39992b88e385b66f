import Checkpoints
import Files

/// A network of any kind that is run, as a checkpoint holds it.
public enum Network: Sendable {
  /// Encoder and decoder of ArSSR.
  case arssr(ArSSRNetwork)
  /// One of the systems it is compared with.
  case related(RelatedNetwork)
  /// Learned gradient filters, which are no network but stand for one.
  case filters(GradientFilters)

  /// Recognises the network by `arssr.arch`, or where that is absent by its tensors.
  ///
  /// - Throws: ``NetworkError`` with the path of the checkpoint.
  public init(checkpoint: Checkpoint) throws(NetworkError) {
    let stated = checkpoint.metadata[MetadataKey.architecture.rawValue]
    if stated == Architecture.gradientFilters.rawValue {
      self = .filters(try GradientFilters(checkpoint: checkpoint))
      return
    }
    let isRelated =
      stated.map { $0 != Architecture.arssr.rawValue }
      ?? (Architecture(relatedIn: TensorIndex(checkpoint)) != nil)
    self =
      isRelated
      ? .related(try RelatedNetwork(checkpoint: checkpoint))
      : .arssr(try ArSSRNetwork(checkpoint: checkpoint))
  }

  /// The network, if it is one of ArSSR.
  public var arssr: ArSSRNetwork? {
    if case .arssr(let network) = self { network } else { nil }
  }

  /// The network, if it is one of the systems that ArSSR is compared with.
  public var related: RelatedNetwork? {
    if case .related(let network) = self { network } else { nil }
  }

  /// The gradient filters, if it holds such.
  public var filters: GradientFilters? {
    if case .filters(let filters) = self { filters } else { nil }
  }

  /// The only factor that it has, along all axes; nil for networks of any factor.
  public var fixedFactor: Int? {
    switch self {
    case .arssr: nil
    case .related(let network): network.fixedFactor
    case .filters(let filters): filters.factor
    }
  }

  /// `arssr/RDN`, `srrecnn3d` and the like, for messages and lists.
  public var architecture: String {
    switch self {
    case .arssr(let network): network.architecture
    case .related(let network): network.architecture.rawValue
    case .filters: Architecture.gradientFilters.rawValue
    }
  }

  /// Weights and biases.
  public var parameterCount: Int {
    switch self {
    case .arssr(let network): network.parameterCount
    case .related(let network): network.parameterCount
    case .filters(let filters): filters.filters.count
    }
  }

  /// What the user should know of the checkpoint.
  public var notices: [Notice] {
    switch self {
    case .arssr(let network): network.notices
    case .related(let network): network.notices
    case .filters(let filters): filters.notices
    }
  }
}
