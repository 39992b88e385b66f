/// What gradient filters need: features, application, accumulation.
public struct FilterKernels: Sendable {
  /// The buckets of the voxels of some rows.
  public var findBuckets: @Sendable (StructureTensorArguments) -> Void
  /// One filter at scattered voxels.
  public var applyFilter: @Sendable (PatchFilterArguments) -> Void
  /// Sums of outer products.
  public var addOuterProducts: @Sendable (OuterProductArguments) -> Void

  /// Makes a table from its entries.
  public init(
    findBuckets: @escaping @Sendable (StructureTensorArguments) -> Void,
    applyFilter: @escaping @Sendable (PatchFilterArguments) -> Void,
    addOuterProducts: @escaping @Sendable (OuterProductArguments) -> Void
  ) {
    self.findBuckets = findBuckets
    self.applyFilter = applyFilter
    self.addOuterProducts = addOuterProducts
  }
}
