/// A kernel on one real shape: one run does `operations` floating-point operations (1 FMA = 2).
public struct KernelWorkload {
  /// Operation and shape: `conv3x3x3/64->64`.
  public var name: String
  /// Floating-point operations per run if none is skipped, padding not counted.
  public var operations: Int
  /// Voxels or points that a run makes.
  public var voxels: Int
  /// Bytes of all operands and results, each counted once.
  public var bytes: Int
  /// Does the work once, on the calling thread.
  public var run: () -> Void
  /// Operations of a run that were not skipped; known after a run, nil where none can be.
  public var executed: (() -> Int)?

  /// Describes a workload.
  public init(
    name: String, operations: Int, voxels: Int, bytes: Int, run: @escaping () -> Void,
    executed: (() -> Int)? = nil
  ) {
    self.name = name
    self.operations = operations
    self.voxels = voxels
    self.bytes = bytes
    self.run = run
    self.executed = executed
  }
}
