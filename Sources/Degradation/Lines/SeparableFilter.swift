import Volumes
import Workers

/// Filters a volume along its axes, one pass per axis, in the order i, j, k.
struct SeparableFilter: Sendable {
  let size: SIMD3<Int>
  /// One per axis; nil where it stays as it is.
  let filters: [LineFilter?]

  /// Filters `voxels`.
  ///
  /// - Returns: The values of the result; a copy where no axis has a filter.
  /// - Throws: If the system refuses memory.
  func run(
    _ voxels: UnsafePointer<Float>, pool: WorkerPool, isCancelled: @escaping @Sendable () -> Bool
  ) throws(WorkersError) -> AlignedBuffer<Float> {
    var size = size
    var last: AlignedBuffer<Float>?
    for axis in 0..<3 {
      guard let filter = filters[axis], !isCancelled() else { continue }
      var pass = LinePass(
        size: size, axis: axis, outputLength: filter.outputLength,
        scratchLength: filter.scratchLength)
      pass.isCancelled = isCancelled
      var workspaces: [SpectrumWorkspace] = []
      if let resize = filter.spectrum {
        for _ in 0..<pool.workerCount {
          workspaces.append(
            try SpectrumWorkspace(
              inputLength: resize.inputLength, outputLength: resize.outputLength))
        }
      }
      size = pass.outputSize
      let result = try AlignedBuffer<Float>(count: size.x * size.y * size.z)
      let spaces = workspaces
      pass.run(
        from: last.map { UnsafePointer($0.pointer) } ?? voxels, to: result.pointer, pool: pool
      ) { line, worker in
        filter.apply(to: line, workspace: spaces.isEmpty ? nil : spaces[worker])
      }
      withExtendedLifetime((last, result)) {}
      last = result
    }
    if let last { return last }
    let copy = try AlignedBuffer<Float>(count: size.x * size.y * size.z)
    copy.pointer.update(from: voxels, count: copy.count)
    return copy
  }
}
