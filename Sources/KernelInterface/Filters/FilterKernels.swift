/// What gradient filters need: features, application, accumulation, solution.
public struct FilterKernels: Sendable {
  /// The buckets of the voxels of some rows.
  public var findBuckets: @Sendable (StructureTensorArguments) -> Void
  /// One filter at scattered voxels.
  public var applyFilter: @Sendable (PatchFilterArguments) -> Void
  /// The surroundings of voxels as samples.
  public var gatherPatches: @Sendable (PatchSampleArguments) -> Void
  /// Sums of outer products.
  public var addOuterProducts: @Sendable (OuterProductArguments) -> Void
  /// A square of a block row of Cholesky's factor.
  public var solveTriangle: @Sendable (TriangleArguments) -> Void

  /// Makes a table from its entries.
  public init(
    findBuckets: @escaping @Sendable (StructureTensorArguments) -> Void,
    applyFilter: @escaping @Sendable (PatchFilterArguments) -> Void,
    gatherPatches: @escaping @Sendable (PatchSampleArguments) -> Void,
    addOuterProducts: @escaping @Sendable (OuterProductArguments) -> Void,
    solveTriangle: @escaping @Sendable (TriangleArguments) -> Void
  ) {
    self.findBuckets = findBuckets
    self.applyFilter = applyFilter
    self.gatherPatches = gatherPatches
    self.addOuterProducts = addOuterProducts
    self.solveTriangle = solveTriangle
  }
}
